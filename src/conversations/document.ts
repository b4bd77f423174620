import { contentId } from '../event/content-id.ts'
import { type CoinBook, earningsOf } from '../mining/earnings.ts'
import { type Hashrate, hashrateOf } from '../mining/hashrate.ts'
import { varianceOf } from '../mining/sessions.ts'
import { maskSecrets } from '../text/secrets.ts'
import { formatTime } from '../text/time.ts'
import type { RecentCount } from '../wire/stratum/recent-work.ts'
import { cutBytes, visible } from '../text/visible.ts'
import type { Conversation } from './conversation.ts'
import type { ConversationDocument } from './schema.ts'

/** As evidence has everywhere (`event/origin.ts`, which loads the schemas). */
const MAX_RAW_BYTES = 512

export interface DocumentOptions {
  readonly coins: CoinBook
  /** Pool passwords are shown. */
  readonly showSecrets: boolean
}

const NO_DIALOGUE = {
  dialect: null,
  coin: null,
  algorithm: null,
  agent: null,
  login: null,
  worker: null,
  sharesSubmitted: 0,
  sharesAccepted: 0,
  sharesRejected: 0,
  expectedHashes: 0,
  recent: null,
} as const

function timeText(epochMs: number): string | null {
  return Number.isNaN(epochMs) ? null : formatTime(epochMs)
}

function shown(text: string | null): string | null {
  return text === null ? null : visible(text)
}

export function conversationId({ communityId, firstSeen, origin }: Conversation): string {
  if (communityId === null) return contentId('conversation', origin.file, origin.line ?? 0)
  return contentId('conversation', communityId, firstSeen)
}

/** The rate of the last quarter of an hour, as miners print it; of a shorter connection it is the rate of all of it. */
export function recentRate(recent: RecentCount | null, firstSeen: number, lastSeen: number): Hashrate | null {
  if (recent === null) return null
  const { accepted, expectedHashes, hashesVariance, from, to } = recent
  // The newest line may be older than the last packet: nothing was found meanwhile.
  const minedMs = Math.max(to, lastSeen) - Math.max(from, firstSeen)
  return hashrateOf({ accepted, expectedHashes, hashesVariance, minedMs })
}

/** As it is printed: times in words, nothing that could play tricks on a terminal, secrets masked. */
export function documentOf(conversation: Conversation, options: DocumentOptions): ConversationDocument {
  const { dialogue, client, server, firstSeen, lastSeen, isTimed, origin, miningProbability, ...rest } =
    conversation
  const told = dialogue ?? NO_DIALOGUE
  const { sharesAccepted: accepted, expectedHashes } = told
  const workedMs = isTimed ? lastSeen - firstSeen : 0
  const rate = hashrateOf({ accepted, expectedHashes, hashesVariance: varianceOf(told), minedMs: workedMs })
  const recent = isTimed ? recentRate(told.recent, firstSeen, lastSeen) : null
  const raw = options.showSecrets ? origin.raw : maskSecrets(origin.raw)
  return {
    id: conversationId(conversation),
    file: visible(rest.file),
    client: { ip: shown(client.ip), port: client.port },
    server: { ip: shown(server.ip), port: server.port, name: shown(server.name) },
    transport: visible(rest.transport),
    dialect: shown(told.dialect),
    coin: shown(told.coin ?? rest.poolCoin),
    algorithm: shown(told.algorithm),
    agent: shown(told.agent),
    login: shown(told.login),
    worker: shown(told.worker),
    sharesSubmitted: told.sharesSubmitted,
    sharesAccepted: accepted,
    sharesRejected: told.sharesRejected,
    expectedHashes,
    hashrate: rate?.value ?? null,
    hashrateError: rate?.error ?? null,
    hashrate15m: recent?.value ?? null,
    hashrate15mError: recent?.error ?? null,
    ...earningsOf(expectedHashes, told.coin, options.coins),
    firstSeen: timeText(firstSeen),
    lastSeen: timeText(lastSeen),
    packets: rest.packets,
    bytesOut: rest.bytesOut,
    bytesIn: rest.bytesIn,
    confidence: rest.confidence,
    verdict: rest.verdict,
    reasons: rest.reasons.map(visible),
    ...(miningProbability === null ? {} : { miningProbability }),
    communityId: rest.communityId,
    origin: {
      source: origin.source,
      file: visible(origin.file),
      ...(origin.line === undefined ? {} : { line: origin.line }),
      ...(origin.packet === undefined ? {} : { packet: origin.packet }),
      offset: origin.offset,
      raw: cutBytes(visible(raw), MAX_RAW_BYTES),
    },
  }
}
