import type { Gang } from '../gangs/gang.ts'
import type { Random } from '../random.ts'
import { HOUR_MS, MINUTE_MS } from '../schedule.ts'
import type { Berth } from './fleet.ts'

export interface Arrival {
  readonly gang: Gang
  /** When it begins to knock. */
  readonly timeMs: number
}

/** What is meant to happen to one machine; what comes of it is up to the gangs. */
export interface Plot {
  /** Empty: it is guessed at, and nobody gets in. */
  readonly arrivals: readonly Arrival[]
  /** When the owner's people clean up; null: never. */
  readonly cleanUpMs: number | null
}

const NEVER_ENTERED = 0.3
const RIVALS = { two: 0.65, three: 0.3 }
/** Share of the battle before the first and after the last arrival. */
const MARGIN = { before: 0.08, after: 0.25 }
const CLEANED_UP = 0.25

/** Draws who comes to which machine and when: at least one machine of two is fought over, and one is never entered. */
export function drawPlots(
  berths: readonly Berth[],
  gangs: readonly Gang[],
  random: Random,
  { startMs, hours }: { startMs: number; hours: number },
): Plot[] {
  const lengthMs = hours * HOUR_MS
  return berths.map((berth, i) => {
    const own = random.fork(berth.facts.name)
    const isSpared = i === 1 ? berths.length > 2 : i > 1 && own.chance(NEVER_ENTERED)
    if (isSpared || gangs.length === 0) return { arrivals: [], cleanUpMs: null }
    const able = gangs.filter((gang) => gang.traits.waysIn.some((kind) => berth.doors.includes(kind)))
    const wanted = Math.min(able.length, i === 0 ? 2 : countOf(own))
    const chosen = shuffled(able, own).slice(0, wanted)
    const room = lengthMs * (1 - MARGIN.before - MARGIN.after)
    const arrivals = chosen.map((gang, k) => {
      const fromMs = startMs + lengthMs * MARGIN.before + (room * k) / chosen.length
      return { gang, timeMs: fromMs + own.between(0, Math.max(MINUTE_MS, (room / chosen.length) * 0.7)) }
    })
    const cleanUpMs = own.chance(CLEANED_UP) ? startMs + lengthMs * own.between(0.8, 0.95) : null
    return { arrivals, cleanUpMs }
  })
}

function countOf(random: Random): number {
  if (random.chance(RIVALS.two)) return random.chance(RIVALS.three) ? 3 : 2
  return 1
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((value) => ({ value, order: random.fraction() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ value }) => value)
}
