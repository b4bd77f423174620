/** Times of work of one occupant, oldest first, none overlapping another; epoch ms. */
export interface Worker {
  readonly id: string
  readonly pieces: readonly { readonly from: number; readonly to: number }[]
  readonly evictions: readonly Eviction[]
  /** When others cleared the machine, of whatever names: it counts where the work stops with it. */
  readonly clearings?: readonly Eviction[]
  /** When it killed anything of anybody's. */
  readonly kills?: readonly number[]
}

/** A job of one of several occupants did it. */
export const SOMEBODYS = ''

/** Somebody did away with what an occupant had running. */
export interface Eviction {
  readonly time: number
  /** Null: somebody who does not mine here; {@link SOMEBODYS}: one of several. */
  readonly by: string | null
}

export interface Handover {
  readonly time: number
  readonly from: string
  readonly to: string
}

export interface Holding {
  readonly handovers: readonly Handover[]
  /** When an occupant lost the machine although it was back soon: a hold ends there. */
  readonly lost: ReadonlyMap<string, ReadonlySet<number>>
}

const MINUTE_MS = 60_000
/** A miner that is back within this has not stopped, unless somebody else got the machine meanwhile. */
const BREAK_MS = 10 * MINUTE_MS
/** A break this short is none: a miner dials again. */
const REDIAL_MS = 5000
/** A killed miner's last words are on the wire up to this long after: a connection that nobody closes times out. */
const LAST_WORDS_MS = 90_000
/** Clocks of two witnesses may differ by so much. */
const CLOCK_MS = 5000
/** Where somebody begins this long after another has stopped, it was free. */
const FREE_MS = 60 * MINUTE_MS
/** Who goes on this long after the holder's end is there to hold it. */
const GOES_ON_MS = 2000
/** More changes of hands than any fight has; a bound for hostile evidence. */
const MAX_STEPS = 100_000

/**
 * Who holds the machine when several work on it: the first one, until it stops. Then it goes to the one who threw it out, at the
 * moment when that one works and the other no longer does; else to the next who begins. Who is merely left over when the
 * holder stops holds it from then on, but nobody gave it to them by a fight. Others who stop meanwhile change nothing.
 * `isKillSeen`: whether evidence of that time (epoch ms) would show a process that is killed.
 */
export function holdingOf(workers: readonly Worker[], isKillSeen: (time: number) => boolean): Holding {
  const handovers: Handover[] = []
  const lost = new Map<string, Set<number>>()
  let place = firstPlace(workers)
  for (let step = 0; place !== null && step < MAX_STEPS; step++) {
    const { worker, index } = place
    const end = worker.pieces[index]?.to ?? 0
    const back = worker.pieces[index + 1]?.from ?? Number.POSITIVE_INFINITY
    const taken = takenBy(worker, end, back, workers, isKillSeen)
    if (taken === null) {
      place =
        back - end <= BREAK_MS
          ? { worker, index: index + 1 }
          : nextPlace(worker, end, workers, handovers, isKillSeen)
      continue
    }
    const ends = lost.get(worker.id) ?? new Set()
    lost.set(worker.id, ends.add(end))
    handovers.push({ time: taken.time, from: worker.id, to: taken.place.worker.id })
    place = taken.place
  }
  return { handovers, lost }
}

interface Place {
  readonly worker: Worker
  /** Of the piece. */
  readonly index: number
}

function firstPlace(workers: readonly Worker[]): Place | null {
  return workers.reduce<Place | null>((first, worker) => {
    const from = worker.pieces[0]?.from
    const best = first?.worker.pieces[0]?.from ?? Number.POSITIVE_INFINITY
    return from !== undefined && from < best ? { worker, index: 0 } : first
  }, null)
}

/** Who took it from a holder that worked until `end` and again from `back` on, if anybody did. */
function takenBy(
  holder: Worker,
  end: number,
  back: number,
  workers: readonly Worker[],
  isKillSeen: (time: number) => boolean,
): { readonly place: Place; readonly time: number } | null {
  const isShort = back - end <= REDIAL_MS
  const since = end - (isShort ? CLOCK_MS : LAST_WORDS_MS)
  const blowsUntil = isShort ? back + CLOCK_MS : Math.min(back, end + LAST_WORDS_MS)
  const blows = [...holder.evictions, ...(holder.clearings ?? [])]
  for (const { by } of blows.filter(({ time }) => time >= since && time <= blowsUntil)) {
    const winner =
      by === SOMEBODYS
        ? onlyOther(holder, end, workers)
        : workers.find(({ id }) => id === by && id !== holder.id)
    const until = isShort ? back + CLOCK_MS : Math.min(back, end + BREAK_MS)
    const place = winner === undefined ? null : placeAt(winner, end, until)
    if (place !== null) return { place, time: Math.max(end, fromOf(place)) }
  }
  if (isShort || isCleanedUp(holder, end)) return null
  // Somebody began just then: who is not seen to fight has thrown it out all the same.
  const newcomers = workers
    .filter((worker) => worker !== holder && mayHaveKilled(worker, end, isKillSeen))
    .map((worker) =>
      beginningIn(
        worker,
        end - (back === Number.POSITIVE_INFINITY ? BREAK_MS : 0),
        Math.min(back, end + FREE_MS),
      ),
    )
    .filter((place) => place !== null)
    .toSorted((a, b) => fromOf(a) - fromOf(b))
  const [place] = newcomers
  return place === undefined ? null : { place, time: Math.max(end, fromOf(place)) }
}

/** Whether it may have killed what stopped then: where kills are seen it has to be one who did kill. */
function mayHaveKilled({ kills = [] }: Worker, end: number, isKillSeen: (time: number) => boolean): boolean {
  return !isKillSeen(end) || kills.some((time) => Math.abs(time - end) <= LAST_WORDS_MS)
}

/** Who alone is at work beside the holder. */
function onlyOther(holder: Worker, end: number, workers: readonly Worker[]): Worker | undefined {
  const others = workers.filter((worker) => worker !== holder && placeAt(worker, end, end) !== null)
  return others.length === 1 ? others[0] : undefined
}

function fromOf({ worker, index }: Place): number {
  return worker.pieces[index]?.from ?? 0
}

/** The piece that goes on at a time, else the first that begins until then. */
function placeAt(worker: Worker, time: number, until: number): Place | null {
  const index = worker.pieces.findIndex(({ from, to }) => to > time + GOES_ON_MS && from <= until)
  return index < 0 ? null : { worker, index }
}

function beginningIn(worker: Worker, after: number, until: number): Place | null {
  const index = worker.pieces.findIndex(
    ({ from, to }) => from > after && from <= until && to > until - FREE_MS,
  )
  return index < 0 ? null : { worker, index }
}

/** Who is left when the holder has stopped for good, else who comes next. */
function nextPlace(
  holder: Worker,
  end: number,
  workers: readonly Worker[],
  handovers: Handover[],
  isKillSeen: (time: number) => boolean,
): Place | null {
  const left = workers.filter((worker) => worker !== holder).map((worker) => placeAt(worker, end, end))
  const [beside] = left.filter((place) => place !== null).toSorted((a, b) => fromOf(a) - fromOf(b))
  if (beside !== undefined) {
    if (comesBack(holder, end) && !isCleanedUp(holder, end) && !isKillSeen(end))
      handovers.push({ time: end, from: holder.id, to: beside.worker.id })
    return beside
  }
  const later = workers.map((worker) => beginningAfter(worker, end)).filter((place) => place !== null)
  const [next] = later.toSorted((a, b) => fromOf(a) - fromOf(b))
  if (next === undefined) return null
  // Whom the owner has put out lost it to him: it was free.
  const isTaken = fromOf(next) - end <= FREE_MS || isThrownOutBy(next.worker, holder, end)
  const isFight = isThrownOutBy(next.worker, holder, end) || mayHaveKilled(next.worker, end, isKillSeen)
  if (next.worker !== holder && isTaken && isFight && !isCleanedUp(holder, end))
    handovers.push({ time: fromOf(next), from: holder.id, to: next.worker.id })
  return next
}

/** Who comes back did not give up: somebody stopped it, unless it would have been seen how. */
function comesBack({ pieces }: Worker, end: number): boolean {
  return pieces.some(({ from }) => from >= end && from - end <= FREE_MS)
}

/** Whoever threw it out may have to wait, for a pool that answers or for a way through a firewall. */
function isThrownOutBy({ id }: Worker, { evictions, clearings = [] }: Worker, end: number): boolean {
  return [...evictions, ...clearings].some(
    ({ time, by }) => by === id && Math.abs(time - end) <= LAST_WORDS_MS,
  )
}

/** Somebody who does not mine here stopped it. */
function isCleanedUp({ evictions, clearings = [] }: Worker, end: number): boolean {
  return [...evictions, ...clearings].some(
    ({ time, by }) => by === null && Math.abs(time - end) <= LAST_WORDS_MS,
  )
}

function beginningAfter(worker: Worker, time: number): Place | null {
  const index = worker.pieces.findIndex(({ from }) => from >= time)
  return index < 0 ? null : { worker, index }
}
