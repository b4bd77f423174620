import { contentId } from '../../event/content-id.ts'
import type { Event } from '../../event/event.ts'
import type { Evidence } from '../../event/origin.ts'
import type { PoolEntry } from '../../intel/intel.ts'
import { keepEvidence } from '../evidence.ts'
import type { Contact } from './contact.ts'
import { judge, type Verdict } from './verdict.ts'

/** What one machine had to do with one pool. JSON-able. */
export interface Story {
  readonly id: string
  readonly subject: string
  readonly machineIp: string
  /** What all names of the pool share. */
  readonly key: string
  readonly pool: PoolEntry
  /** The name looked up first; null where the pool is known by its address alone. */
  host: string | null
  /** Lookups, those of one moment (of both kinds of address, repeated) counted once. */
  lookups: number
  lookedUpAt: number
  /** An answer gave an address of the internet. */
  isResolved: boolean
  contacts: Contact[]
  contactCount: number
  firstSeen: number
  lastSeen: number
  evidence: Evidence[]
  /** What the last telling was about. */
  told: string
}

/** Connections kept apart; beyond it the weakest go. */
const MAX_CONTACTS = 32

export function poolKey(pool: PoolEntry): string {
  return pool.name ?? pool.listed
}

export function newStory(machineIp: string, event: Event, pool: PoolEntry): Story {
  const key = poolKey(pool)
  return {
    id: contentId('finding', 'pool-contact', machineIp, key, event.time, event.origin.raw),
    subject: event.subjects[0] ?? event.observer,
    machineIp,
    key,
    pool,
    host: null,
    lookups: 0,
    lookedUpAt: Number.MIN_SAFE_INTEGER,
    isResolved: false,
    contacts: [],
    contactCount: 0,
    firstSeen: event.time,
    lastSeen: event.time,
    evidence: [],
    told: '',
  }
}

/** A connection that two observers tell of, or one of them twice, counts once. */
export function addContact(story: Story, contact: Contact): void {
  if (story.contacts.some((known) => isSame(known, contact))) return
  story.contacts.push(contact)
  story.contactCount++
  if (story.contacts.length <= MAX_CONTACTS) return
  const weights = story.contacts.map((one) => judge(one).confidence)
  story.contacts.splice(weights.indexOf(Math.min(...weights)), 1)
}

export function see(story: Story, event: Event, from: number = event.time): void {
  keepEvidence(story.evidence, event)
  story.firstSeen = Math.min(story.firstSeen, from)
  story.lastSeen = Math.max(story.lastSeen, event.time)
}

function isSame(a: Contact, b: Contact): boolean {
  if (a.ip !== b.ip || a.port !== b.port) return false
  if (a.communityId !== null && b.communityId !== null && a.communityId !== b.communityId) return false
  return a.start - SKEW_MS <= b.end && b.start - SKEW_MS <= a.end
}

/** Two observers of one connection may disagree by this much. */
const SKEW_MS = 2000

export function addLookup(story: Story, timeMs: number): void {
  if (timeMs - story.lookedUpAt > ONE_LOOKUP_MS) story.lookups++
  story.lookedUpAt = Math.max(story.lookedUpAt, timeMs)
}

const ONE_LOOKUP_MS = 5000

export interface Best {
  readonly contact: Contact
  readonly verdict: Verdict
}

/** The connection that tells most, null where there was none. */
export function bestOf(story: Story): Best | null {
  let best: Best | null = null
  for (const contact of story.contacts) {
    const verdict = judge(contact)
    if (best === null || verdict.confidence > best.verdict.confidence) best = { contact, verdict }
  }
  return best
}

/** Changes when the picture does, and whenever the count has doubled. */
export function newsOf(story: Story): string {
  const best = bestOf(story)
  const magnitude = Math.floor(Math.log2(1 + story.contactCount))
  return JSON.stringify([best?.verdict.level, best?.verdict.confidence, story.isResolved, magnitude])
}

export function mergeStory(into: Story, from: Story): void {
  for (const contact of from.contacts) addContact(into, contact)
  into.contactCount += from.contactCount - from.contacts.length
  into.host ??= from.host
  into.lookups += from.lookups
  into.lookedUpAt = Math.max(into.lookedUpAt, from.lookedUpAt)
  into.isResolved ||= from.isResolved
  into.firstSeen = Math.min(into.firstSeen, from.firstSeen)
  into.lastSeen = Math.max(into.lastSeen, from.lastSeen)
  into.evidence = [...into.evidence, ...from.evidence].toSorted((a, b) => a.time - b.time).slice(0, 20)
}
