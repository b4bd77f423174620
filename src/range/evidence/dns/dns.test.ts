import { expect, it } from 'vitest'
import { Random } from '../../random.ts'
import { EvidenceFile } from '../evidence-file.ts'
import { collected, machineFacts } from '../samples/stage.ts'
import type { NameLookedUp } from '../witness.ts'
import { DnsmasqLog, type ForwarderLog, UnboundLog } from './forwarder-log.ts'
import { FORWARDERS } from './index.ts'

const POOL: NameLookedUp = {
  kind: 'name-looked-up',
  timeMs: Date.UTC(2026, 4, 2, 3, 4, 5),
  name: 'pool.example.net',
  type: 'A',
  srcPort: 40_022,
  answers: ['198.51.100.4', '198.51.100.5'],
  rcode: 'NOERROR',
}
const NOWHERE: NameLookedUp = {
  ...POOL,
  name: 'no.example.net',
  type: 'AAAA',
  answers: [],
  rcode: 'NXDOMAIN',
}
const EMPTY: NameLookedUp = { ...POOL, type: 'AAAA', answers: [] }

function linesOf(start: (file: EvidenceFile) => ForwarderLog): string[] {
  const { open, textOf } = collected()
  const file = new EvidenceFile(open('f'))
  const log = start(file)
  for (const lookup of [POOL, NOWHERE, EMPTY]) log.lookedUp(lookup)
  file.flush()
  return textOf('f').trimEnd().split('\n')
}

it('writes dnsmasq’s query, forwarding and replies under one serial', () => {
  const lines = linesOf((file) => new DnsmasqLog(file, '10.0.0.2', new Random('d')))
  const bare = lines.map((line) => line.replace(/dnsmasq\[\d+\]: \d+/u, 'dnsmasq[1]: 7'))
  const start = 'May  2 03:04:05 dnsmasq[1]: 7 127.0.0.1/40022'
  expect(bare).toEqual([
    `${start} query[A] pool.example.net from 127.0.0.1`,
    `${start} forwarded pool.example.net to 10.0.0.2`,
    `${start} reply pool.example.net is 198.51.100.4`,
    `${start} reply pool.example.net is 198.51.100.5`,
    `${start} query[AAAA] no.example.net from 127.0.0.1`,
    `${start} forwarded no.example.net to 10.0.0.2`,
    `${start} reply no.example.net is NXDOMAIN`,
    `${start} query[AAAA] pool.example.net from 127.0.0.1`,
    `${start} forwarded pool.example.net to 10.0.0.2`,
    `${start} reply pool.example.net is NODATA-IPv6`,
  ])
  const serials = lines.map((line) => /: (\d+) /u.exec(line)?.[1])
  expect(new Set(serials).size).toBe(3)
})

it('writes unbound’s queries and replies', () => {
  const lines = linesOf((file) => new UnboundLog(file, new Random('u')))
  expect(lines).toHaveLength(6)
  expect(lines[0]).toMatch(/^\[1777691045\] unbound\[\d+:0\] query: 127\.0\.0\.1 pool\.example\.net\. A IN$/u)
  expect(lines[1]).toMatch(
    /^\[177769104\d\] unbound\[\d+:0\] reply: 127\.0\.0\.1 pool\.example\.net\. A IN NOERROR 0\.\d{6} [01] 77$/u,
  )
  expect(lines[3]).toMatch(/ reply: 127\.0\.0\.1 no\.example\.net\. AAAA IN NXDOMAIN 0\.\d{6} [01] \d+$/u)
})

it('finds dnsmasq, unbound or neither on a host', () => {
  const found = new Set<string>()
  for (let seed = 0; seed < 30; seed++) {
    const { open, paths } = collected()
    const place = { open, random: new Random(`host ${seed}`), startMs: 0, endMs: 1 }
    const witness = FORWARDERS.start({ ...place, machine: machineFacts('web-1'), folder: '', clockSkewMs: 0 })
    witness.observe(POOL)
    witness.end()
    expect(witness.files().map(({ path }) => path)).toEqual(paths())
    found.add(paths()[0] ?? 'none')
  }
  expect([...found].toSorted()).toEqual(['dnsmasq.log', 'none', 'unbound.log'])
})
