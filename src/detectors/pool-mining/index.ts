import type { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import type { StratumEvent } from '../../event/stratum.ts'
import type { Detector, DetectorContext } from '../detector.ts'
import { findingOf } from './finding.ts'
import { isSameSession, type Session, sessionOf } from '../../mining/sessions.ts'
import { isOneStory, learn, mergeStory, newStory, newsOf, type Story } from './story.ts'

/** What one machine does at one pool endpoint: a story for each login. */
export interface PoolMiningState {
  stories: Story[]
}

const DAY_MS = 24 * 3_600_000
const MAX_STORIES = 16

export const poolMining: Detector<PoolMiningState> = {
  id: 'pool-mining',
  title: 'A machine mines at a pool',
  kinds: ['stratum'],
  attack: ['T1496.001', 'T1571'],
  // A miner that comes back after days continues its story.
  windowMs: 7 * DAY_MS,
  maxKeys: 20_000,

  keysOf(event: Event): string | null {
    return event.kind === 'stratum' ? `${event.srcIp}|${event.dstIp}|${event.dstPort}` : null
  },

  create(): PoolMiningState {
    return { stories: [] }
  },

  step(
    state: PoolMiningState,
    event: Event,
    tell: (finding: Finding) => void,
    { intel }: DetectorContext,
  ): void {
    if (event.kind !== 'stratum') return
    const session = sessionOf(event)
    const story = storyOf(state, event, session)
    learn(story, event, session)
    const news = newsOf(story)
    if (news === story.told) return
    story.told = news
    tell(findingOf(story, intel))
  },

  merge(into: PoolMiningState, from: PoolMiningState): PoolMiningState {
    for (const story of from.stories) {
      const same = into.stories.find((known) => isOneStory(known, story))
      if (same === undefined) into.stories.push(story)
      else mergeStory(same, story)
    }
    return into
  },

  settle(state: PoolMiningState, tell: (finding: Finding) => void, { intel }: DetectorContext): void {
    for (const story of state.stories) tell(findingOf(story, intel))
  },
}

/**
 * The story a dialogue belongs to: the one it is already in, else that of its login. Where no login is known
 * (it is told later, or the capture began after it) it is the one story there is.
 */
function storyOf(state: PoolMiningState, event: StratumEvent, session: Session): Story {
  const { stories } = state
  const own = stories.find((story) => story.sessions.kept.some((kept) => isSameSession(kept, session)))
  if (own !== undefined) return own
  const { login } = event
  const named = stories.find((story) => story.known.login === login)
  if (named !== undefined) return named
  const open = stories.filter((story) => login === null || story.known.login === null)
  if (open.length === 1) return open[0]!
  const story = newStory(event)
  // Logins changed at every turn are not worth more memory: the oldest has been told.
  if (stories.length >= MAX_STORIES) stories.shift()
  stories.push(story)
  return story
}
