import type { DnsEvent } from '../../event/dns.ts'
import type { FlowEvent } from '../../event/flow.ts'
import { identifier } from '../../event/identifier.ts'
import type { Origin } from '../../event/origin.ts'
import type { StratumEvent } from '../../event/stratum.ts'
import { endpointText } from '../../wire/address.ts'
import { dnsText } from '../../wire/dns/message.ts'
import type { DnsNews, FlowRecord, StratumNews } from '../../wire/flow/news.ts'
import { placeOfId } from './packet-id.ts'
import { ICMP, ICMPV6, TCP, UDP } from '../../wire/packet/decoder.ts'

function originOf(files: readonly string[], id: number, offset: number, raw: string): Origin {
  return { source: 'pcap', ...placeOfId(files, id), offset, raw }
}

export function flowEvent(flow: FlowRecord, files: readonly string[]): FlowEvent {
  const transport = transportOf(flow.protocol)
  const ends = `${endpointText(flow.srcIp, flow.srcPort)} → ${endpointText(flow.dstIp, flow.dstPort)}`
  const raw = `${ends} ${transport} ${flow.packetsOut}/${flow.packetsIn} packets`
  return {
    kind: 'flow',
    time: flow.last,
    timeQuality: flow.isTimed ? 'exact' : 'unknown',
    observer: identifier('ip', flow.srcIp),
    subjects: [identifier('ip', flow.srcIp), identifier('ip', flow.dstIp)],
    origin: originOf(files, flow.packet, flow.offset, raw),
    communityId: flow.communityId,
    transport,
    srcIp: flow.srcIp,
    srcPort: flow.srcPort,
    dstIp: flow.dstIp,
    dstPort: flow.dstPort,
    start: flow.start,
    packetsOut: flow.packetsOut,
    packetsIn: flow.packetsIn,
    bytesOut: flow.bytesOut,
    bytesIn: flow.bytesIn,
    isHandshakeSeen: flow.isHandshakeSeen,
  }
}

export function stratumEvent(news: StratumNews, files: readonly string[]): StratumEvent {
  const { flow, snapshot } = news
  const src = { ip: flow.srcIp, port: flow.srcPort }
  const dst = { ip: flow.dstIp, port: flow.dstPort }
  const [miner, pool] = news.minerIsSource ? [src, dst] : [dst, src]
  return {
    kind: 'stratum',
    time: flow.last,
    timeQuality: flow.isTimed ? 'exact' : 'unknown',
    observer: identifier('ip', miner.ip),
    subjects: [identifier('ip', miner.ip)],
    origin: originOf(files, snapshot.lastPacket, snapshot.lastOffset, snapshot.lastLine),
    phase: news.phase,
    communityId: flow.communityId,
    srcIp: miner.ip,
    srcPort: miner.port,
    dstIp: pool.ip,
    dstPort: pool.port,
    start: flow.start,
    dialect: snapshot.dialect,
    coin: snapshot.coin,
    algorithm: snapshot.algorithm,
    agent: snapshot.agent,
    login: snapshot.login,
    worker: snapshot.worker,
    sharesSubmitted: snapshot.sharesSubmitted,
    sharesAccepted: snapshot.sharesAccepted,
    sharesRejected: snapshot.sharesRejected,
    expectedHashes: snapshot.expectedHashes,
    ...(snapshot.hashesVariance === undefined ? {} : { hashesVariance: snapshot.hashesVariance }),
    confidence: snapshot.confidence,
    reasons: snapshot.reasons,
    ...(snapshot.poolName === null ? {} : { poolName: snapshot.poolName }),
  }
}

export function dnsEvent(news: DnsNews, files: readonly string[]): DnsEvent {
  const { message } = news
  return {
    kind: 'dns',
    time: news.timeMs,
    timeQuality: news.isTimed ? 'exact' : 'unknown',
    observer: identifier('ip', news.clientIp),
    subjects: [identifier('ip', news.clientIp)],
    origin: originOf(files, news.packet, news.offset, dnsText(message)),
    query: message.query,
    queryType: message.queryType,
    isResponse: message.isResponse,
    responseCode: message.isResponse ? message.responseCode : null,
    answers: [...message.answers],
    srcIp: news.clientIp,
    dstIp: news.resolverIp,
  }
}

function transportOf(protocol: number): FlowEvent['transport'] {
  if (protocol === TCP) return 'tcp'
  if (protocol === UDP) return 'udp'
  return protocol === ICMP || protocol === ICMPV6 ? 'icmp' : 'other'
}
