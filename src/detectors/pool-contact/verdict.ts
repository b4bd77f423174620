import { formatDuration } from '../../text/units.ts'
import type { Contact } from './contact.ts'

/** What one connection to a pool is worth. */
export interface Verdict {
  /** `weak`: people and programs may do so as well. */
  readonly level: 'weak' | 'likely' | 'sure'
  readonly confidence: number
  /** In words, the heaviest first. */
  readonly reasons: readonly string[]
}

/** Ports that web sites are on. */
const WEB_PORTS: ReadonlySet<number> = new Set([80, 443, 8080, 8443])

export function isWebPort(port: number): boolean {
  return WEB_PORTS.has(port)
}

/** First labels of names that a pool shows itself to people or programs under, not to miners. */
const SITE =
  /^(?:www|api|app|blog|cdn|dashboard|docs|forum|help|img|mail|shop|static|stats|status|support|wiki)\d*\./u
/** A miner hears from its pool about every new block and answers now and then: long, thin, and never still for long. */
const MIN_RHYTHM_MS = 180_000
const MAX_BYTES_PER_PACKET = 400
const MAX_BYTES_PER_SECOND = 4000
const MAX_SILENCE_MS = 60_000

/** Weight from which a connection counts as mining, and (with the rhythm of a miner) as surely so. */
const LIKELY = 3
const SURE = 5
/** By weight, from 0 on. */
const CONFIDENCE = [0.1, 0.2, 0.35, 0.55, 0.65, 0.75, 0.8, 0.85]
/** What may change hands, or answers for many names, never counts alone. */
const NEVER_ALONE = 2

/** Addresses change hands within months, names of pools within years. */
const ADDRESS_LASTS_MS = 365 * 86_400_000
const NAME_LASTS_MS = 3 * 365 * 86_400_000

interface Sign {
  readonly weight: number
  readonly reason: string
}

export function judge(contact: Contact): Verdict {
  const signs = [
    nameSign(contact),
    portSign(contact),
    protocolSign(contact),
    certificateSign(contact),
    rhythmSign(contact),
  ].filter((sign) => sign !== null)
  const sum = signs.reduce((total, { weight }) => total + weight, 0)
  const weight = Math.max(0, Math.min(sum, mostOf(contact)))
  const isSure = weight >= SURE && contact.isTls && hasRhythm(contact)
  const reasons = signs.toSorted((a, b) => b.weight - a.weight)
  return {
    level: isSure ? 'sure' : weight >= LIKELY ? 'likely' : 'weak',
    confidence: CONFIDENCE[Math.min(weight, CONFIDENCE.length - 1)] ?? 0.1,
    reasons: [...reasons.map(({ reason }) => reason), ...doubtsOf(contact)],
  }
}

const SAID = {
  'server-name': 'it names',
  certificate: 'the certificate names',
  lookup: 'it had looked up',
} as const

/** As much as a connection may weigh, whatever speaks for it. */
function mostOf(contact: Contact): number {
  const { by, pool, isSharedAddress, isAnswered } = contact
  if (pool.isShared || isSharedAddress || !isAnswered) return NEVER_ALONE
  if (by !== 'address') return Number.POSITIVE_INFINITY
  return isOutdated(contact, ADDRESS_LASTS_MS) ? NEVER_ALONE : LIKELY
}

function nameSign(contact: Contact): Sign {
  const { by, host, pool } = contact
  const listed = `a list of ${pool.date} names ${by === 'address' ? 'its address' : pool.listed}`
  if (by === 'address' || host === null) {
    return isOutdated(contact, ADDRESS_LASTS_MS)
      ? { weight: 0, reason: `${listed}, long before` }
      : { weight: 1, reason: listed }
  }
  const said = SAID[by]
  if (SITE.test(host)) return { weight: -1, reason: `${said} ${host}, which is for people` }
  const isMinersHost = pool.listed === host && (pool.ports.length > 0 || host.split('.').length > 2)
  if (!isMinersHost || isOutdated(contact, NAME_LASTS_MS)) {
    return { weight: 1, reason: `${said} ${host}; ${listed} as a pool's` }
  }
  if (pool.confidence === 'confirmed') return { weight: 3, reason: `${said} ${host}; ${listed}, confirmed` }
  return { weight: 2, reason: `${said} ${host}; ${listed}` }
}

/** Whether the list was that old when the connection was made. */
function isOutdated({ pool, start }: Contact, lastsMs: number): boolean {
  return start - Date.parse(pool.date) > lastsMs
}

function portSign({ by, port, pool }: Contact): Sign | null {
  // A list of addresses names the port as well: that is one sign, not two.
  if (by === 'address') return null
  if (pool.ports.includes(port)) {
    return { weight: isWebPort(port) ? 1 : 2, reason: `port ${port} is one the pool takes miners at` }
  }
  return isWebPort(port) ? null : { weight: 1, reason: `port ${port} is none of the web's` }
}

function protocolSign({ isTls, alpn, port }: Contact): Sign {
  if (!isTls) {
    return isWebPort(port)
      ? { weight: -2, reason: 'a port of the web' }
      : { weight: -1, reason: 'neither TLS nor a dialogue that could be read' }
  }
  if (alpn.some((protocol) => protocol === 'h2' || protocol === 'h3')) {
    return { weight: -2, reason: 'it offers HTTP/2, as browsers do' }
  }
  if (alpn.some((protocol) => protocol.startsWith('http/'))) {
    return { weight: -1, reason: 'it offers HTTP and no more, as a WebSocket does' }
  }
  return { weight: 1, reason: 'TLS that offers no HTTP' }
}

function certificateSign({ isSelfSigned }: Contact): Sign | null {
  return isSelfSigned ? { weight: 1, reason: 'the certificate is vouched for by nobody else' } : null
}

function rhythmSign(contact: Contact): Sign | null {
  if (!hasRhythm(contact)) return null
  const lasted = formatDuration((contact.end - contact.start) / 1000)
  return { weight: 2, reason: `small messages both ways for ${lasted}` }
}

function hasRhythm({ start, end, packets, bytes }: Contact): boolean {
  const lastedMs = end - start
  return (
    lastedMs >= MIN_RHYTHM_MS &&
    packets >= lastedMs / MAX_SILENCE_MS &&
    bytes <= packets * MAX_BYTES_PER_PACKET &&
    bytes <= (lastedMs / 1000) * MAX_BYTES_PER_SECOND
  )
}

function doubtsOf({ pool, isSharedAddress, isAnswered }: Contact): string[] {
  return [
    ...(pool.isShared ? ['the name lies below one that strangers share'] : []),
    ...(isSharedAddress ? ['its address answers for many names'] : []),
    ...(isAnswered ? [] : ['no answer was seen']),
  ]
}
