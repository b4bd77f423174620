import { headLines } from '../head-lines.ts'
import { headRecords } from '../json/head.ts'
import { mergeEvents } from '../json/merge-events.ts'
import { jsonStream } from '../json-stream.ts'
import { namelessMachines } from '../nameless.ts'
import type { Source } from '../source.ts'
import { parseAlbLine } from './alb-line.ts'
import { isErrorLine, parseClfLine } from './clf-line.ts'
import { DISORDER_MS, jsonAccessLog, SOURCE_ID } from './definition.ts'
import { accessTime, parseJsonAccess } from './json-access.ts'
import { readLines } from './read-lines.ts'

/** Access logs of web servers. They name no machine: those collected together are taken to be of one. */
export const accessLog: Source = {
  id: SOURCE_ID,
  title:
    'access log of a web server (common and combined format of nginx and Apache; JSON of Caddy, Traefik, nginx; AWS Application Load Balancer)',
  kinds: ['http', 'rule-match'],
  hint: 'Usually /var/log/nginx/access.log, /var/log/apache2/access.log or /var/log/httpd/access_log, with their rotations. Servers write one unless told otherwise.',

  recognise(head) {
    const records = headRecords(head)
    if (records.length > 0)
      return (records.filter((fields) => parseJsonAccess(fields) !== null).length / records.length) * 0.9
    const lines = headLines(head).filter((line) => line !== '')
    const isRequest = lines.map((line) => parseClfLine(line) !== null || parseAlbLine(line) !== null)
    const requests = isRequest.filter(Boolean).length
    const own = lines.filter((line, index) => isRequest[index] === true || isErrorLine(line)).length
    // Errors alone are of a web server, but there is nothing in them to read.
    return lines.length === 0 ? 0 : (requests > 0 ? own : own / 2) / lines.length
  },

  firstTime: (head) => firstOf(head).time,

  read(inputs, env) {
    const firsts = inputs.map((input) => ({ input, ...firstOf(input.head) }))
    const machines = namelessMachines(
      'access',
      firsts.map(({ input, time, text }) => ({ input, firstTime: time, firstRecord: text })),
    )
    const byFile = new Map([...machines].map(([input, machine]) => [input.name, machine]))
    const json = jsonAccessLog((file) => byFile.get(file) ?? '')
    const streams = firsts.map(({ input, time, isJson }) => {
      if (isJson) return jsonStream(input, env, json)
      const report = env.reportOf(input)
      report.format = SOURCE_ID
      const observer = machines.get(input) ?? ''
      return { input, report, firstTime: time, records: () => readLines({ input, report, env, observer }) }
    })
    return mergeEvents(streams, DISORDER_MS)
  },
}

/** The first request of an input, and when it was. */
function firstOf(head: Uint8Array): { time: number | null; text: string; isJson: boolean } {
  const [record] = headRecords(head)
  if (record !== undefined) return { time: accessTime(record), text: JSON.stringify(record), isJson: true }
  for (const text of headLines(head)) {
    const access = parseClfLine(text) ?? parseAlbLine(text)
    if (access !== null) return { time: access.time, text, isJson: false }
  }
  return { time: null, text: '', isJson: false }
}
