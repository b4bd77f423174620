import type { TlsEvent } from '../../event/tls.ts'
import type { Intel, PoolEntry } from '../../intel/intel.ts'
import type { Known } from './contact.ts'
import { poolKey } from './story.ts'

/** An address that a pool's name led to, for this machine. */
export interface Lookup {
  readonly address: string
  readonly host: string
  readonly pool: PoolEntry
  /** Epoch ms of the first and the last answer. */
  from: number
  to: number
}

/** Programs hold on to an address for long, and what is seen of DNS may be cut short by caches. */
const LOOKUP_MS = 6 * 3_600_000
/** What is told of one moment may be a little out of order. */
export const DISORDER_MS = 1000
const MAX_LOOKUPS = 256

export function rememberLookup(lookups: Lookup[], lookup: Lookup): void {
  const known = lookups.find(({ address, host }) => address === lookup.address && host === lookup.host)
  if (known !== undefined && lookup.from - known.to <= LOOKUP_MS) known.to = Math.max(known.to, lookup.to)
  else lookups.push(lookup)
  if (lookups.length > MAX_LOOKUPS) lookups.shift()
}

export function lookupOf(lookups: readonly Lookup[], ip: string, timeMs: number): Lookup | undefined {
  return lookups.findLast(
    ({ address, from, to }) => address === ip && timeMs >= from - DISORDER_MS && timeMs <= to + LOOKUP_MS,
  )
}

/** What a connection says itself counts before what was looked up. */
export function knownForTls(lookups: readonly Lookup[], event: TlsEvent, intel: Intel): Known | null {
  const { serverName } = event
  if (serverName !== null) {
    const pool = intel.poolByHost(serverName)
    return pool === null ? null : { by: 'server-name', host: serverName, pool, isSharedAddress: false }
  }
  return (
    knownByCertificate(event, intel) ??
    knownFor(lookups, event, event.resolvedFrom ?? undefined, event.time, intel)
  )
}

/** A certificate whose names all belong to one pool; those of content networks name many owners. */
function knownByCertificate({ certificate }: TlsEvent, intel: Intel): Known | null {
  const hosts = (certificate?.names ?? []).map((name) => name.replace(/^\*\./u, ''))
  const pools = hosts.map((host) => intel.poolByHost(host))
  const [host] = hosts
  const [pool] = pools
  if (host === undefined || pool === undefined || pool === null) return null
  const isOne = pools.every((other) => other !== null && poolKey(other) === poolKey(pool))
  return isOne ? { by: 'certificate', host, pool, isSharedAddress: false } : null
}

/** Whether the far end of a connection without a name of its own is a pool: by the name it was looked up by, else by a list of addresses. */
export function knownFor(
  lookups: readonly Lookup[],
  { dstIp, dstPort }: { dstIp: string; dstPort: number },
  resolvedFrom: string | undefined,
  timeMs: number,
  intel: Intel,
): Known | null {
  const lookup = lookupOf(lookups, dstIp, timeMs)
  const pool = resolvedFrom === undefined ? null : intel.poolByHost(resolvedFrom)
  const isSharedAddress = intel.isSharedAddress(dstIp)
  if (resolvedFrom !== undefined && pool !== null)
    return { by: 'lookup', host: resolvedFrom, pool, isSharedAddress }
  // Looked up by another name since, as the addresses of a content network are.
  if (lookup !== undefined && !(isSharedAddress && resolvedFrom !== undefined))
    return { by: 'lookup', host: lookup.host, pool: lookup.pool, isSharedAddress }
  const listed = intel.poolByAddress(dstIp, dstPort)
  return listed === null ? null : { by: 'address', host: null, pool: listed, isSharedAddress }
}
