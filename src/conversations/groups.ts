import {
  addSession,
  countsOf,
  mergeSessions,
  minedMs,
  noSessions,
  varianceOf,
  type Counts,
  type Sessions,
} from '../mining/sessions.ts'
import type { Conversation } from './conversation.ts'

/** Groups kept apart; beyond it whatever fits no group is only counted. */
const MAX_GROUPS = 10_000

/** What one miner did at one pool for one wallet and worker, over all its connections. */
export interface Group {
  readonly verdict: 'mining' | 'suspect'
  /** The one that tells most; `dialogue` has the newest of what each told. */
  best: Conversation
  sessions: Sessions
  firstSeen: number
  lastSeen: number
  isTimed: boolean
}

export interface GroupTotals extends Counts {
  readonly minedMs: number
  readonly connections: number
}

/**
 * Joins the connections of one worker and wallet at one pool, reconnects and all. A connection seen in two captures
 * counts once. Memory grows with groups, not with connections.
 */
export class Groups {
  readonly #byKey = new Map<string, Group>()
  /** Connections that no group could be kept for. */
  leftOut = 0

  add(conversation: Conversation): void {
    const { verdict, communityId, firstSeen, lastSeen, dialogue, isTimed } = conversation
    if (verdict === 'none') return
    const key = keyOf(conversation)
    let group = this.#byKey.get(key)
    if (group === undefined) {
      if (this.#byKey.size >= MAX_GROUPS) {
        this.leftOut++
        return
      }
      group = { verdict, best: conversation, sessions: noSessions(), firstSeen, lastSeen, isTimed }
      this.#byKey.set(key, group)
    }
    addSession(group.sessions, {
      communityId: communityId ?? `${conversation.origin.file}:${conversation.origin.line}`,
      start: firstSeen,
      end: lastSeen,
      submitted: dialogue?.sharesSubmitted ?? 0,
      accepted: dialogue?.sharesAccepted ?? 0,
      rejected: dialogue?.sharesRejected ?? 0,
      expectedHashes: dialogue?.expectedHashes ?? 0,
      hashesVariance: dialogue === null ? 0 : varianceOf(dialogue),
    })
    group.firstSeen = Math.min(group.firstSeen, firstSeen)
    group.lastSeen = Math.max(group.lastSeen, lastSeen)
    group.isTimed &&= isTimed
    group.best = better(group.best, conversation)
  }

  /** Mining first; who worked most leads. Nothing can be added afterwards. */
  all(): Group[] {
    this.#joinNameless()
    return [...this.#byKey.values()].toSorted(
      (a, b) =>
        Number(b.verdict === 'mining') - Number(a.verdict === 'mining') ||
        countsOf(b.sessions).accepted - countsOf(a.sessions).accepted ||
        b.best.confidence - a.best.confidence ||
        a.firstSeen - b.firstSeen,
    )
  }

  /** A connection that was joined after its login belongs to the one login there is at its place. */
  #joinNameless(): void {
    const byPlace = Map.groupBy(this.#byKey.entries(), ([, { best }]) => placeOf(best))
    for (const all of byPlace.values()) {
      const nameless = all.filter(([, { best }]) => (best.dialogue?.login ?? null) === null)
      const [named, ...others] = all.filter(([, { best }]) => (best.dialogue?.login ?? null) !== null)
      if (named === undefined || others.length > 0) continue
      for (const [key, group] of nameless) {
        merge(named[1], group)
        this.#byKey.delete(key)
      }
    }
  }
}

function merge(into: Group, from: Group): void {
  mergeSessions(into.sessions, from.sessions)
  into.firstSeen = Math.min(into.firstSeen, from.firstSeen)
  into.lastSeen = Math.max(into.lastSeen, from.lastSeen)
  into.isTimed &&= from.isTimed
}

export function totalsOf({ sessions, isTimed }: Group): GroupTotals {
  return { ...countsOf(sessions), minedMs: isTimed ? minedMs(sessions) : 0, connections: sessions.count }
}

/** The place where a group mines, whatever its login. */
function placeOf({ verdict, client, server }: Conversation): string {
  return JSON.stringify([verdict, client.ip, server.name ?? server.ip, server.port])
}

/** By port of the server as well: a pool takes each coin and each difficulty at another. */
function keyOf({ verdict, client, server, dialogue }: Conversation): string {
  const place = server.name ?? server.ip
  return JSON.stringify([
    verdict,
    client.ip,
    place,
    server.port,
    dialogue?.login ?? null,
    dialogue?.worker ?? null,
  ])
}

function better(a: Conversation, b: Conversation): Conversation {
  const [most, other] = b.confidence > a.confidence ? [b, a] : [a, b]
  if (most.dialogue === null || other.dialogue === null) return most
  return {
    ...most,
    dialogue: {
      ...most.dialogue,
      coin: most.dialogue.coin ?? other.dialogue.coin,
      algorithm: most.dialogue.algorithm ?? other.dialogue.algorithm,
      agent: most.dialogue.agent ?? other.dialogue.agent,
    },
  }
}
