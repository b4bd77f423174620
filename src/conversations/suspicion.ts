import { offersHttp2 } from '../wire/behaviour/sealed-flow.ts'
import type { Contact } from '../detectors/pool-contact/contact.ts'
import { judge } from '../detectors/pool-contact/verdict.ts'
import type { Intel } from '../intel/intel.ts'
import type { FlowRecord, TlsNews } from '../wire/flow/news.ts'
import type { Conversation } from './conversation.ts'

export type PoolTables = Pick<Intel, 'poolByHost' | 'poolByAddress' | 'isSharedAddress'>

/** What the hellos of a TLS connection told. */
export interface TlsFacts {
  readonly serverName: string | null
  readonly alpn: readonly string[]
  readonly isAnswered: boolean
  /** HTTP/2 or 3 is offered inside of it. */
  readonly isBrowser: boolean
  readonly isSelfSigned: boolean
  /** Subject alternative names of the server's certificate, where it was in clear. */
  readonly certificateNames: readonly string[]
}

type Known = Pick<Contact, 'by' | 'host' | 'pool' | 'isSharedAddress'>

/** What is concluded of a connection whose payload tells nothing. */
export type Suspicion = Pick<Conversation, 'verdict' | 'confidence' | 'reasons' | 'poolCoin'>

const NOTHING: Suspicion = { verdict: 'none', confidence: 0, reasons: [], poolCoin: null }
/** From here on it is mining, by the contract; below it something points there. */
const MINING = 0.5
/** Less says no more than that somebody looked at a pool's web site. */
const SUSPECT = 0.2
/** A handshake and its end say nothing. */
const MIN_PACKETS = 3

export function tlsFactsOf({ handshake: { clientHello, serverHello, certificate } }: TlsNews): TlsFacts {
  const alpn = clientHello?.alpn ?? []
  return {
    serverName: clientHello?.serverName ?? null,
    alpn,
    isBrowser: offersHttp2(alpn),
    isAnswered: serverHello !== null,
    isSelfSigned: certificate?.isSelfSigned === true,
    certificateNames: certificate?.names ?? [],
  }
}

/**
 * How the far end of a connection is known for a pool: by the name in its own hello, else by its certificate, by
 * the name it was looked up by, or by a list of addresses. Null where it is not.
 */
export function poolOf(
  server: { readonly ip: string; readonly port: number },
  tls: TlsFacts | null,
  resolvedFrom: string | null,
  tables: PoolTables,
): Known | null {
  const serverName = tls?.serverName ?? null
  if (serverName !== null) {
    const pool = tables.poolByHost(serverName)
    return pool === null ? null : { by: 'server-name', host: serverName, pool, isSharedAddress: false }
  }
  const certified = tls === null ? null : poolOfCertificate(tls.certificateNames, tables)
  if (certified !== null) return certified
  const pool = resolvedFrom === null ? null : tables.poolByHost(resolvedFrom)
  if (pool !== null)
    return { by: 'lookup', host: resolvedFrom, pool, isSharedAddress: tables.isSharedAddress(server.ip) }
  const listed = tables.poolByAddress(server.ip, server.port)
  return listed === null
    ? null
    : { by: 'address', host: null, pool: listed, isSharedAddress: tables.isSharedAddress(server.ip) }
}

/** A certificate whose names all belong to one pool; those of content networks name many owners. */
function poolOfCertificate(names: readonly string[], tables: PoolTables): Known | null {
  const hosts = names.map((name) => name.replace(/^\*\./u, ''))
  const pools = hosts.map((host) => tables.poolByHost(host))
  const [host, pool] = [hosts[0] ?? null, pools[0] ?? null]
  if (pool === null) return null
  const isOne = pools.every(
    (other) => other !== null && (other.name ?? other.listed) === (pool.name ?? pool.listed),
  )
  return isOne ? { by: 'certificate', host, pool, isSharedAddress: false } : null
}

/** What names, addresses and the form of a connection say, as the detector of pool contacts judges them. */
export function suspicionOf(
  flow: FlowRecord,
  known: Known | null,
  tls: TlsFacts | null,
  origin: Conversation['origin'],
): Suspicion {
  if (known === null) return NOTHING
  const { confidence, reasons } = judge({
    ...known,
    communityId: flow.communityId,
    ip: flow.dstIp,
    port: flow.dstPort,
    isTls: tls !== null,
    alpn: tls?.alpn ?? [],
    isSelfSigned: tls?.isSelfSigned ?? false,
    isAnswered: tls?.isAnswered ?? (flow.packetsOut >= MIN_PACKETS && flow.packetsIn >= MIN_PACKETS),
    start: flow.start,
    end: flow.last,
    packets: flow.packetsOut + flow.packetsIn,
    bytes: flow.bytesOut + flow.bytesIn,
    evidence: { ...origin, time: flow.last },
  })
  const verdict = confidence >= MINING ? 'mining' : confidence >= SUSPECT ? 'suspect' : 'none'
  return { verdict, confidence, reasons, poolCoin: known.pool.coin }
}
