import type { DnsEvent } from '../../event/dns.ts'
import type { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import type { FlowEvent } from '../../event/flow.ts'
import type { TlsEvent } from '../../event/tls.ts'
import type { Intel, PoolEntry } from '../../intel/intel.ts'
import type { Detector, DetectorContext } from '../detector.ts'
import { contactOfFlow, contactOfTls, isConversation, isPublic, learnFlow } from './contact.ts'
import { findingOf } from './finding.ts'
import { DISORDER_MS, knownFor, knownForTls, type Lookup, lookupOf, rememberLookup } from './known.ts'
import { addContact, addLookup, mergeStory, newsOf, newStory, poolKey, see, type Story } from './story.ts'

/** What one machine, by its address, had to do with pools. */
export interface PoolContactState {
  readonly ip: string
  /** It answers names for others: what it looks up may be for them. */
  isResolver: boolean
  stories: Story[]
  lookups: Lookup[]
  /** Connections, by Community ID, that others tell of: mining in clear text, or TLS under a name that is no pool's. */
  others: string[]
}

const DAY_MS = 24 * 3_600_000
const MAX_STORIES = 64
const MAX_OTHERS = 128

export const poolContact: Detector<PoolContactState> = {
  id: 'pool-contact',
  title: 'A machine is in contact with a known mining pool, by name or address',
  kinds: ['dns', 'tls', 'flow', 'stratum'],
  attack: ['T1496.001'],
  windowMs: 7 * DAY_MS,
  // One for every client that holds a conversation, those of a busy web server included; most stay empty.
  maxKeys: 50_000,

  keysOf(event: Event): string | readonly string[] | null {
    if (event.kind === 'dns') return event.isResponse ? event.srcIp : [event.srcIp, event.dstIp]
    if (event.kind === 'stratum') return event.srcIp
    if (event.kind === 'tls')
      return event.serverName === null && event.resolvedFrom === null && !isPublic(event.dstIp)
        ? null
        : event.srcIp
    if (event.kind !== 'flow' || event.transport !== 'tcp' || !isPublic(event.dstIp)) return null
    return isConversation(event) ? event.srcIp : null
  },

  create(ip: string): PoolContactState {
    return { ip, isResolver: false, stories: [], lookups: [], others: [] }
  },

  step(
    state: PoolContactState,
    event: Event,
    tell: (finding: Finding) => void,
    { intel }: DetectorContext,
  ): void {
    const story = storyIn(state, event, intel)
    if (story === null) return
    const news = newsOf(story)
    if (news === story.told || isForOthers(state, story)) return
    story.told = news
    tell(findingOf(story))
  },

  merge(into: PoolContactState, from: PoolContactState): PoolContactState {
    for (const story of from.stories) {
      const same = into.stories.find((known) => known.key === story.key)
      if (same === undefined) into.stories.push(story)
      else mergeStory(same, story)
    }
    into.isResolver ||= from.isResolver
    for (const lookup of from.lookups) rememberLookup(into.lookups, lookup)
    into.others = [...into.others, ...from.others].slice(-MAX_OTHERS)
    return into
  },

  settle(state: PoolContactState, tell: (finding: Finding) => void): void {
    for (const story of state.stories) if (!isForOthers(state, story)) tell(findingOf(story))
  },
}

function isForOthers(state: PoolContactState, story: Story): boolean {
  return state.isResolver && story.contactCount === 0
}

/** The story that an event belongs to and was added to; null where it is about no pool. */
function storyIn(state: PoolContactState, event: Event, intel: Intel): Story | null {
  if (event.kind === 'dns') return takeLookup(state, event, intel)
  if (event.kind === 'tls') return takeTls(state, event, intel)
  if (event.kind === 'flow') return takeFlow(state, event, intel)
  if (event.kind === 'stratum') leaveToOthers(state, event.communityId)
  return null
}

function takeLookup(state: PoolContactState, event: DnsEvent, intel: Intel): Story | null {
  if (event.dstIp === state.ip) {
    state.isResolver = true
    return null
  }
  const host = [event.query, ...event.answers].find((name) => intel.poolByHost(name) !== null)
  const pool = host === undefined ? null : intel.poolByHost(host)
  if (host === undefined || pool === null) return null
  const story = storyOf(state, event, pool)
  const addresses = event.answers.filter((answer) => ADDRESS.test(answer) && isPublic(answer))
  for (const address of addresses)
    rememberLookup(state.lookups, { address, host, pool, from: event.time, to: event.time })
  story.host ??= host
  story.isResolved ||= addresses.length > 0
  addLookup(story, event.time)
  see(story, event)
  return story
}

const ADDRESS = /^(?:[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*)$/u

function takeTls(state: PoolContactState, event: TlsEvent, intel: Intel): Story | null {
  const known = knownForTls(state.lookups, event, intel)
  if (known === null) {
    const isKnownAddress =
      lookupOf(state.lookups, event.dstIp, event.time) !== undefined ||
      intel.poolByAddress(event.dstIp, event.dstPort) !== null
    if (isKnownAddress && event.communityId !== null) leaveToOthers(state, event.communityId)
    return null
  }
  const story = storyOf(state, event, known.pool)
  story.host ??= known.host
  addContact(story, contactOfTls(event, known))
  see(story, event)
  return story
}

function takeFlow(state: PoolContactState, event: FlowEvent, intel: Intel): Story | null {
  const story = state.stories.find(({ contacts }) =>
    contacts.some(({ communityId }) => communityId === event.communityId),
  )
  const contact = story?.contacts.findLast(
    ({ communityId, start }) =>
      communityId === event.communityId && start <= event.time && start >= event.start - DISORDER_MS,
  )
  if (story !== undefined && contact !== undefined) {
    learnFlow(contact, event)
    see(story, event, event.start)
    return story
  }
  if (state.others.includes(event.communityId)) return null
  const known = knownFor(state.lookups, event, event.resolvedFrom, event.start, intel)
  if (known === null) return null
  const own = storyOf(state, event, known.pool)
  addContact(own, contactOfFlow(event, known))
  see(own, event, event.start)
  return own
}

function leaveToOthers(state: PoolContactState, communityId: string): void {
  if (state.others.includes(communityId)) return
  state.others.push(communityId)
  if (state.others.length > MAX_OTHERS) state.others.shift()
}

function storyOf(state: PoolContactState, event: Event, pool: PoolEntry): Story {
  const known = state.stories.find(({ key }) => key === poolKey(pool))
  if (known !== undefined) return known
  const story = newStory(state.ip, event, pool)
  // Whoever looks up every pool there is does not mine at all of them: the oldest has been told.
  if (state.stories.length >= MAX_STORIES) state.stories.shift()
  state.stories.push(story)
  return story
}
