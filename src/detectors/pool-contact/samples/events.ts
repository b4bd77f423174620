import { DnsEvent } from '../../../event/dns.ts'
import { FlowEvent } from '../../../event/flow.ts'
import { StratumEvent } from '../../../event/stratum.ts'
import { TlsEvent } from '../../../event/tls.ts'
import type { Intel, PoolEntry } from '../../../intel/intel.ts'

/** Made-up pools and events; every field may be given, everything else is plausible. */

export const START = Date.UTC(2026, 4, 12, 3, 14)
export const MACHINE = '10.0.3.17'
export const POOL_IP = '198.51.100.7'
export const CDN_IP = '203.0.113.80'

const pool = (listed: string, part: Partial<PoolEntry>): PoolEntry => ({
  listed,
  name: 'Lamp Pool',
  coin: 'XMR',
  confidence: 'candidate',
  ports: [],
  isShared: false,
  source: 'test',
  date: '2026-05-01',
  ...part,
})

const HOSTS: readonly PoolEntry[] = [
  pool('lamp-pool.example', {}),
  pool('xmr.lamp-pool.example', { confidence: 'confirmed', ports: [3333, 9000] }),
  pool('eu.lamp-pool.example', { ports: [5555] }),
  pool('page-pool.example', { name: 'Page Pool', ports: [443] }),
  pool('rig.dyndns.example', { name: 'rig.dyndns.example', isShared: true, ports: [3333] }),
]

export const intel: Intel = {
  poolByHost: (host) =>
    HOSTS.toSorted((a, b) => b.listed.length - a.listed.length).find(
      ({ listed }) => host === listed || host.endsWith(`.${listed}`),
    ) ?? null,
  poolByAddress: (ip, port) =>
    ip === '198.51.100.9' && port === 3333 ? pool(ip, { name: null, coin: null, ports: [3333] }) : null,
  isSharedAddress: (ip) => ip === CDN_IP,
  priceOf: () => null,
  technique: () => null,
  familyOf: () => null,
  serviceOn: () => null,
  poolHosts: () => [],
}

let packet = 0

function base(minutes: number, raw: string) {
  return {
    time: START + minutes * 60_000,
    timeQuality: 'exact',
    observer: `ip:${MACHINE}`,
    subjects: [`ip:${MACHINE}`],
    origin: { source: 'pcap', file: 'eth0.pcap', packet: ++packet, offset: packet * 100, raw },
  }
}

/** An answered lookup. */
export function looked(
  minutes: number,
  query: string,
  answers: readonly string[],
  part: Partial<DnsEvent> = {},
): DnsEvent {
  return DnsEvent.parse({
    ...base(minutes, `A? ${query}`),
    kind: 'dns',
    query,
    queryType: 'A',
    isResponse: true,
    responseCode: 'NOERROR',
    answers,
    srcIp: MACHINE,
    dstIp: '10.0.0.2',
    ...part,
  })
}

/** A handshake; `id` names the connection. */
export function hello(
  minutes: number,
  id: string,
  serverName: string | null,
  part: Partial<TlsEvent> = {},
): TlsEvent {
  return TlsEvent.parse({
    ...base(minutes, `ClientHello: ${serverName}`),
    kind: 'tls',
    communityId: id,
    srcIp: MACHINE,
    srcPort: 40_000,
    dstIp: POOL_IP,
    dstPort: 443,
    version: '1.3',
    serverName,
    alpn: [],
    alpnChosen: null,
    ja3: 'a'.repeat(32),
    ja3s: 'b'.repeat(32),
    ja4: null,
    certificate: null,
    resolvedFrom: null,
    ...part,
  })
}

/** The end of a connection that lasted `lasted` minutes; by default with the rhythm of a miner. */
export function flow(minutes: number, lasted: number, id: string, part: Partial<FlowEvent> = {}): FlowEvent {
  const packets = Math.round(lasted * 4) + 8
  return FlowEvent.parse({
    ...base(minutes + lasted, `${MACHINE} → ${POOL_IP}`),
    kind: 'flow',
    communityId: id,
    transport: 'tcp',
    srcIp: MACHINE,
    srcPort: 40_000,
    dstIp: POOL_IP,
    dstPort: 443,
    start: START + minutes * 60_000,
    packetsOut: packets,
    packetsIn: packets,
    bytesOut: packets * 120,
    bytesIn: packets * 160,
    isHandshakeSeen: true,
    ...part,
  })
}

/** A dialogue in clear text on a connection. */
export function dialogue(minutes: number, id: string): StratumEvent {
  return StratumEvent.parse({
    ...base(minutes, '{"id":1,"method":"login"}'),
    kind: 'stratum',
    phase: 'opened',
    communityId: id,
    srcIp: MACHINE,
    srcPort: 40_000,
    dstIp: POOL_IP,
    dstPort: 3333,
    start: START + minutes * 60_000,
    dialect: 'cryptonote',
    coin: 'XMR',
    algorithm: null,
    agent: null,
    login: null,
    worker: null,
    sharesSubmitted: 0,
    sharesAccepted: 0,
    sharesRejected: 0,
    expectedHashes: 0,
    confidence: 0.9,
    reasons: ['login'],
  })
}
