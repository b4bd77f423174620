import { FlowEvent } from '../../../event/flow.ts'

const MINUTE_MS = 60_000
const START = Date.UTC(2026, 4, 12, 3)

/** A connection of ten minutes to one endpoint, the `at`th of them. */
export function flowAt(at: number, miningProbability: number): FlowEvent {
  const start = START + at * 11 * MINUTE_MS
  return FlowEvent.parse({
    kind: 'flow',
    time: start + 10 * MINUTE_MS,
    timeQuality: 'exact',
    observer: 'ip:10.0.3.17',
    subjects: ['ip:10.0.3.17', 'ip:198.51.100.7'],
    origin: { source: 'pcap', file: 'eth0.pcap', packet: 1 + at, offset: 24, raw: `flow ${at}` },
    communityId: `1:davyLamp${at}=`,
    transport: 'tcp',
    srcIp: '10.0.3.17',
    srcPort: 40_000 + at,
    dstIp: '198.51.100.7',
    dstPort: 443,
    start,
    packetsOut: 60,
    packetsIn: 70,
    bytesOut: 9_000,
    bytesIn: 24_000,
    isHandshakeSeen: true,
    behaviour: {
      miningProbability,
      why: ["for mining: the server's answers repeat one length (5 of 5, 85 bytes)"],
    },
  })
}
