import { contentId } from '../../event/content-id.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'

/** One stamp of a trail: epoch ms and serial number. */
export interface Stamp {
  readonly time: number
  readonly serial: number
}

/** What tells whether two inputs without `node=` were written by one machine. */
export interface TrailPiece {
  readonly file: string
  readonly group: string
  /** Text of the first record. */
  readonly firstRecord: string
  /** Times of the first and last record, epoch ms. */
  readonly from: number
  readonly to: number
  /** First and last serial number; null where only auditd's own messages are there, which it numbers from a random start. */
  readonly firstSerial: number | null
  readonly lastSerial: number | null
  /** Stamps in order of time, thinned out by serial number alone: two copies keep the same ones. */
  readonly samples: readonly Stamp[]
}

export interface TrailPlace {
  readonly observer: Identifier
  readonly decision: string | null
}

/** Records of one file are out of order by less than this (ms) where it was rotated. */
const BOUNDARY_MS = 2000
/** A gap that a cut, a lost line or a rotation leaves in serial numbers that otherwise go on. */
const CLOSE_GAP = 64
/** Share of stamps that must agree: calls that block are stamped when they began, so a few do not fit. */
const AGREEMENT = 0.97
/** Numbers that interleave without a clash must be this many to be more than chance. */
const MIN_INTERLEAVED = 8

/**
 * Gathers inputs that name no machine into trails, one per machine, from what is in them alone:
 *
 * 1. the same records, or numbers that interleave in one sequence: one machine;
 * 2. serial numbers that go on where the other ends: one machine, wherever the files lie;
 * 3. not overlapping, given together (same folder or archive): one machine (numbers start again at boot);
 * 4. everything else: another machine.
 */
export function placeTrails(pieces: readonly TrailPiece[]): Map<TrailPiece, TrailPlace> {
  const trails: TrailPiece[][] = []
  const places = new Map<TrailPiece, TrailPlace>()
  for (const piece of pieces.filter((piece) => piece.firstRecord !== '').toSorted(byContent)) {
    const found = bestTrail(trails, piece)
    if (found === null) trails.push([piece])
    else found.trail.push(piece)
    const trail = found?.trail ?? [piece]
    const decision = found === null ? apartFrom(trails, piece) : found.why
    places.set(piece, { observer: trailOf(trail[0] ?? piece), decision })
  }
  return places
}

function trailOf(piece: TrailPiece): Identifier {
  return identifier('trail', contentId('audit', piece.firstRecord))
}

function byContent(a: TrailPiece, b: TrailPiece): number {
  return (
    a.from - b.from ||
    (a.firstSerial ?? 0) - (b.firstSerial ?? 0) ||
    a.to - b.to ||
    (a.lastSerial ?? 0) - (b.lastSerial ?? 0) ||
    compareText(a.firstRecord, b.firstRecord) ||
    compareText(a.group, b.group)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

interface Fit {
  readonly trail: TrailPiece[]
  /** Lower is better: the numbers of the list at `placeTrails`, then the gap. */
  readonly rank: number
  readonly gap: number
  readonly why: string
}

function bestTrail(trails: readonly TrailPiece[][], piece: TrailPiece): Fit | null {
  let best: Fit | null = null
  for (const trail of trails) {
    const fit = fitOf(trail, piece)
    if (fit === null) continue
    if (best === null || fit.rank < best.rank || (fit.rank === best.rank && fit.gap < best.gap)) best = fit
  }
  return best
}

function fitOf(trail: TrailPiece[], piece: TrailPiece): Fit | null {
  let twin: TrailPiece | null = null
  let before: TrailPiece | null = null
  for (const other of trail) {
    if (overlaps(other, piece)) {
      if (!agrees(other, piece)) return null
      twin ??= other
    } else if (before === null || other.to > before.to) before = other
  }
  if (twin !== null) {
    return {
      trail,
      rank: 1,
      gap: 0,
      why: `${piece.file} and ${twin.file} hold one serial sequence: one machine`,
    }
  }
  if (before === null) return null
  const start = piece.firstSerial
  const end = trail.reduce<number | null>((serial, other) => other.lastSerial ?? serial, null)
  const gap = start === null || end === null ? null : start - end
  if (gap !== null && Math.abs(gap) <= CLOSE_GAP) {
    const why = `${before.file} and ${piece.file} carry one serial sequence (#${end}, #${start}): one machine`
    return { trail, rank: 2, gap: Math.abs(gap), why }
  }
  if (!trail.some((other) => other.group === piece.group)) return null
  const how =
    gap === null
      ? 'later'
      : gap > 0
        ? 'later, with higher serial numbers'
        : 'later, its serial numbers start again as after a boot'
  const why = `${piece.file} is ${how} than ${before.file} and was given with it: taken for one machine`
  if (gap === null) return { trail, rank: 3, gap: 0, why }
  return { trail, rank: 3, gap: gap > 0 ? gap : Number.MAX_SAFE_INTEGER + gap, why }
}

function apartFrom(trails: readonly TrailPiece[][], piece: TrailPiece): string | null {
  const other = trails.flat().find((other) => other !== piece && overlaps(other, piece))
  if (other !== undefined)
    return `${piece.file} and ${other.file} overlap in time with other serial numbers: two machines`
  const first = trails[0]?.[0]
  if (first === undefined || first === piece) return null
  return `${piece.file} does not go on where ${first.file} ends and was not given with it: taken for another machine`
}

function overlaps(a: TrailPiece, b: TrailPiece): boolean {
  const slack = Math.min(BOUNDARY_MS, Math.min(durationOf(a), durationOf(b)) / 10)
  const isSameSpan = a.from === b.from && a.to === b.to
  return isSameSpan || (a.from < b.to - slack && b.from < a.to - slack)
}

function durationOf(piece: TrailPiece): number {
  return piece.to - piece.from
}

/** Whether two pieces that overlap in time can come from one machine. */
function agrees(a: TrailPiece, b: TrailPiece): boolean {
  const from = Math.max(a.from, b.from)
  const to = Math.min(a.to, b.to)
  const ours = within(a.samples, from, to)
  const theirs = within(b.samples, from, to)
  const fewer = ours.length < theirs.length ? ours : theirs
  const more = fewer === ours ? theirs : ours
  if (fewer.length === 0) return false
  const known = new Set(more.map(stampKey))
  const shared = fewer.filter((stamp) => known.has(stampKey(stamp))).length
  if (shared >= fewer.length * AGREEMENT) return true
  if (a.group !== b.group) return false
  // A few numbers may fit by chance: then they must be neighbours too.
  const reach = fewer.length < MIN_INTERLEAVED ? CLOSE_GAP : Infinity
  return interleaves(fewer, more, reach) >= AGREEMENT && interleaves(more, fewer, Infinity) >= AGREEMENT
}

function within(samples: readonly Stamp[], from: number, to: number): Stamp[] {
  return samples.filter((stamp) => stamp.time >= from && stamp.time <= to)
}

function stampKey(stamp: Stamp): string {
  return `${stamp.time}:${stamp.serial}`
}

/** Share of `stamps` whose serial lies between those of their neighbours in time, at most `reach` away from one. */
function interleaves(stamps: readonly Stamp[], others: readonly Stamp[], reach: number): number {
  let at = 0
  let fitting = 0
  for (const stamp of stamps) {
    while (at < others.length && (others[at]?.time ?? Infinity) < stamp.time) at++
    let end = at
    while (others[end]?.time === stamp.time) end++
    const below = others[at - 1]?.serial ?? -Infinity
    const above = others[end]?.serial ?? Infinity
    const isBetween = stamp.serial >= below && stamp.serial <= above
    if (isBetween && Math.min(stamp.serial - below, above - stamp.serial) <= reach) fitting++
  }
  return fitting / stamps.length
}
