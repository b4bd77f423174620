import { headLines } from '../head-lines.ts'
import { namelessMachines } from '../nameless.ts'
import { LineRules } from '../programs/line-rules.ts'
import { readPrograms } from '../programs/read-programs.ts'
import { tellDecision } from '../reading.ts'
import type { Source, Zone } from '../source.ts'
import { type DnsHeader, readClock, readDnsHeader } from './dns-header.ts'
import { readLines, SOURCE_ID } from './read-lines.ts'

/** Threads write on their own. */
const DISORDER_MS = 2000

/** Logs of look-ups that name servers write to files of their own; through syslog they are read with the other programs there. */
export const dnsLog: Source = {
  id: SOURCE_ID,
  title: 'query log of a name server (unbound, BIND named; dnsmasq and all three also within syslog)',
  kinds: ['dns'],
  hint: 'unbound: log-queries: yes (log-replies tells the answers); named: rndc querylog on, or a channel for the category queries; dnsmasq: log-queries=extra.',

  recognise(head) {
    const lines = headLines(head).filter((line) => line !== '')
    const fitting = lines.filter((line) => readDnsHeader(line) !== null).length
    if (fitting === 0) return 0
    // BIND writes other categories to the same file.
    return lines.filter((line) => isLine(line)).length / lines.length
  },

  firstTime(head) {
    const first = firstHeader(head)
    return first === null || first.header.isLocal ? null : first.header.time
  },

  read(inputs, env) {
    const firsts = inputs.map((input) => {
      const first = firstHeader(input.head)
      const zone = first?.header.isLocal === true ? env.zoneOf(input.name) : null
      return { input, zone, first, time: first === null ? null : epochOf(first.header, zone) }
    })
    const machines = namelessMachines(
      'dns',
      firsts.map(({ input, first, time }) => ({ input, firstTime: time, firstRecord: first?.text ?? '' })),
    )
    const rules = new LineRules(env)
    const streams = firsts.map(({ input, zone, first, time }) => {
      const report = env.reportOf(input)
      report.format = first?.header.dialect ?? SOURCE_ID
      if (first?.header.isLocal === true)
        tellDecision(report, zone === null ? 'zone UTC: assumed' : `zone: ${zone.why}`)
      const observer = machines.get(input) ?? ''
      return {
        input,
        report,
        firstTime: time,
        records: () => readLines({ input, report, zone, observer, rules }),
      }
    })
    return readPrograms(streams, rules, DISORDER_MS)
  },
}

function isLine(text: string): boolean {
  return readDnsHeader(text) !== null || readClock(text) !== null
}

function firstHeader(head: Uint8Array): { header: DnsHeader; text: string } | null {
  for (const text of headLines(head)) {
    const header = readDnsHeader(text)
    if (header !== null) return { header, text }
  }
  return null
}

function epochOf({ time, isLocal }: DnsHeader, zone: Zone | null): number {
  return isLocal && zone !== null ? time - zone.minutesAt(time) * 60_000 : time
}
