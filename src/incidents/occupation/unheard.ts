import type { Eviction } from './holding.ts'
import type { Stretch } from './tenures.ts'

/** Somebody who settled on a machine and was not heard mining. */
export interface Settler {
  readonly id: string
  /** When it started something or wrote a job, epoch ms, in order. */
  readonly steps: readonly number[]
  /** When it logged in. */
  readonly logins: readonly number[]
  /** When it turned against others and settled in: by whatever name they went. */
  readonly takeovers: readonly number[]
  /** When others did away with what it had running. */
  readonly evictions: readonly Eviction[]
}

const MINUTE_MS = 60_000
/** A miner makes the processors busy so soon after its start; measurements are means of a minute or more. */
const WARMS_UP_MS = 5 * MINUTE_MS
const MEASURED_MS = MINUTE_MS
/** Who logs in to mine mines within this. */
const AFTER_LOGIN_MS = 15 * MINUTE_MS
/** A job that was written runs within this, and who was there so shortly before is back. */
const JOB_MS = 65 * MINUTE_MS
/** Whoever throws another out starts its own within this. */
const SETTLES_MS = 10 * MINUTE_MS
/** Clocks of two witnesses may differ by so much. */
const CLOCK_MS = 5000

/**
 * Who worked when the processors were busy and nobody could hear what for: who had just started something when they
 * became so, until they are idle again or somebody else throws it out. What nobody's deeds explain is nobody's.
 */
export function workUnheard(settlers: readonly Settler[], burns: readonly Stretch[]): Map<string, Stretch[]> {
  const work = new Map<string, Stretch[]>()
  const blows = new Map(settlers.map((settler) => [settler, blowsAgainst(settler, settlers)]))
  let last: { readonly settler: Settler; readonly to: number } | null = null
  for (const burn of burns) {
    let holder = beginnerOf(settlers, burn, last)
    if (holder === null) continue
    let from = nearestStep(holder, burn.from) ?? burn.from
    for (;;) {
      const taken = takenFrom(blows.get(holder) ?? [], from, burn.to)
      add(work, holder, from, Math.min(burn.to, taken?.at ?? burn.to))
      last = { settler: holder, to: burn.to }
      if (taken === null) break
      holder = taken.by
      from = taken.at
    }
  }
  return work
}

/** Who made them busy. */
function beginnerOf(
  settlers: readonly Settler[],
  { from }: Stretch,
  last: { readonly settler: Settler; readonly to: number } | null,
): Settler | null {
  const until = from + MEASURED_MS
  return (
    latest(settlers, ({ steps }) => steps, from - WARMS_UP_MS, until) ??
    latest(settlers, ({ logins }) => logins, from - AFTER_LOGIN_MS, until) ??
    backSoon(last, from) ??
    latest(settlers, ({ steps }) => steps, from - JOB_MS, until)
  )
}

/** Who was there shortly before and was not cleared away by people at work. */
function backSoon(
  last: { readonly settler: Settler; readonly to: number } | null,
  from: number,
): Settler | null {
  if (last === null || from - last.to > JOB_MS) return null
  const isCleared = last.settler.evictions.some(
    ({ time, by }) => by === null && time >= last.to - WARMS_UP_MS && time <= from,
  )
  return isCleared ? null : last.settler
}

function latest(
  settlers: readonly Settler[],
  timesOf: (settler: Settler) => readonly number[],
  from: number,
  to: number,
): Settler | null {
  let found: Settler | null = null
  let best = Number.NEGATIVE_INFINITY
  for (const settler of settlers) {
    const time = timesOf(settler).findLast((one) => one >= from && one <= to)
    if (time !== undefined && time > best) [found, best] = [settler, time]
  }
  return found
}

function nearestStep({ steps }: Settler, at: number): number | null {
  return steps.findLast((time) => time >= at - WARMS_UP_MS && time <= at + MEASURED_MS) ?? null
}

interface Blow {
  readonly time: number
  readonly by: Settler
}

/** When others who settled here turned against a holder, in order. */
function blowsAgainst(holder: Settler, settlers: readonly Settler[]): Blow[] {
  const others = new Map(settlers.filter((one) => one !== holder).map((one) => [one.id, one]))
  const evictions = holder.evictions.flatMap(({ time, by }) => {
    const settler = by === null ? undefined : others.get(by)
    return settler === undefined ? [] : [{ time, by: settler }]
  })
  const takeovers = [...others.values()].flatMap((by) => by.takeovers.map((time) => ({ time, by })))
  return [...evictions, ...takeovers].toSorted((a, b) => a.time - b.time)
}

/** Who threw the holder out while the processors went on being busy, and when it began itself. */
function takenFrom(
  blows: readonly Blow[],
  from: number,
  to: number,
): { readonly by: Settler; readonly at: number } | null {
  const blow = blows.find(({ time }) => time > from + CLOCK_MS && time < to)
  if (blow === undefined) return null
  const { time, by } = blow
  const start = by.steps.find((step) => step >= time - CLOCK_MS && step <= time + SETTLES_MS)
  return { by, at: Math.min(to, Math.max(time, start ?? time)) }
}

function add(work: Map<string, Stretch[]>, { id }: Settler, from: number, to: number): void {
  if (to <= from) return
  const stretches = work.get(id) ?? []
  work.set(id, [...stretches, { from, to, sharesAccepted: null }])
}
