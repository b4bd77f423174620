import type { RuleMatchEvent } from '../../../event/rule-match.ts'
import { MIDNIGHT } from './streams.ts'

/** What a window says, counted anew from all its events. */
export interface Look {
  readonly isHeld: boolean
  readonly count: number
  readonly firstSeen: number
}

/**
 * Episodes by the letter of the definition: after every event, everything of the last timespan is
 * looked at from scratch. As `inBrief` writes them, sorted.
 */
export function recount(
  matches: readonly RuleMatchEvent[],
  timespanMs: number,
  look: (window: readonly RuleMatchEvent[]) => Look,
): string[] {
  const groups = new Map<string, RuleMatchEvent[]>()
  for (const match of matches) {
    const key = String(match.fields['user'])
    groups.set(key, [...(groups.get(key) ?? []), match])
  }
  return [...groups]
    .flatMap(([key, events]) =>
      episodesOf(events, timespanMs, look).map(
        ({ firstSeen, lastSeen, count }) =>
          `x[${key}] ${firstSeen}–${(lastSeen - MIDNIGHT) / 1000} ×${count}`,
      ),
    )
    .toSorted()
}

interface Counted {
  firstSeen: number
  lastSeen: number
  count: number
}

function episodesOf(
  events: readonly RuleMatchEvent[],
  timespanMs: number,
  look: (window: readonly RuleMatchEvent[]) => Look,
): Counted[] {
  const episodes: Counted[] = []
  let since = 0
  for (const [at, { time }] of events.entries()) {
    since++
    const window = events.slice(0, at + 1).filter((one) => one.time >= time - timespanMs)
    const { isHeld, count, firstSeen } = look(window)
    if (!isHeld) continue
    const last = episodes.at(-1)
    if (last !== undefined && time - last.lastSeen <= timespanMs) {
      last.lastSeen = time
      last.count += since
    } else episodes.push({ firstSeen, lastSeen: time, count })
    since = 0
  }
  return episodes
}

/** Most rules of `order` that stand in that order in the window (equal times count), tried out one by one. */
export function longestInOrder(window: readonly RuleMatchEvent[], order: readonly string[]): number {
  const extend = (place: number, after: number): number => {
    let best = 0
    for (let next = place; next < order.length; next++) {
      const times = window
        .filter(({ rule, time }) => rule === order[next] && time >= after)
        .map(({ time }) => time)
      for (const time of new Set(times)) best = Math.max(best, 1 + extend(next + 1, time))
    }
    return best
  }
  return extend(0, Number.NEGATIVE_INFINITY)
}
