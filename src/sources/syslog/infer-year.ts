import type { Zone } from '../source.ts'
import { toEpoch } from './clock.ts'
import type { Timestamp } from './timestamp.ts'
import { wallTime } from './year.ts'

/** What is known of a file whose times carry no year. */
export interface YearlessFile {
  readonly first: Timestamp
  /** Null where nobody can know without reading everything. */
  readonly last: Timestamp | null
  /** Files of one set were cut from one log: the same host, collected together. */
  readonly set: string
  readonly modifiedAt: number | null
  readonly zone: Zone | null
}

export interface DatedRange {
  readonly file: string
  readonly from: number
  readonly to: number | null
}

export interface YearDecision {
  /** Of the first line. */
  readonly year: number
  readonly why: string
}

const DAY_MS = 86_400_000
const YEAR_MS = 366 * DAY_MS
/** Evidence of one story may begin and end on different days. */
const NEAR_MS = 2 * DAY_MS
/** Where the last line is not known, a file is taken to cover a week: the usual rotation. */
const UNKNOWN_SPAN_MS = 7 * DAY_MS
/** A file is written when its last line is; so much later, somebody copied it. */
const WRITTEN_MS = 2 * DAY_MS
const FIRST_YEAR = 1983
/** A file system or archive that knows no better gives a time before this. */
const EARLIEST_MODIFIED = Date.UTC(1990, 0, 1)

interface Placed {
  readonly file: YearlessFile
  readonly index: number
  /** Ms into a leap year, and how long the file goes on from there. */
  readonly start: number
  readonly span: number
}

/**
 * The year of each file's first line, in this order of trust:
 *
 * 1. a year in which it covers the same days as an input that carries its years;
 * 2. the year in which its last line was written when the file was;
 * 3. the latest year in which no line is younger than its file.
 *
 * The files of a set are placed together: the set begins behind the longest stretch of the year that
 * none of them covers, so a New Year may lie between two of them. `now` (epoch ms) bounds all.
 */
export function inferYears(
  files: readonly YearlessFile[],
  ranges: readonly DatedRange[],
  now: number,
): YearDecision[] {
  const decisions: YearDecision[] = []
  const sets = Map.groupBy(
    files.map((file, index) => placed(file, index)),
    ({ file }) => file.set,
  )
  for (const set of sets.values()) {
    const begin = beginOf(set)
    const dated = coveringYear(set, begin, ranges, now)
    const copied: Placed[] = []
    for (const place of set) {
      const written = dated === null ? writtenYear(place, now) : null
      if (written === null) copied.push(place)
      else decisions[place.index] = { year: written, why: "from the file's date" }
    }
    const latest = dated === null ? latestYear(copied, begin, now) : dated.year
    for (const place of copied) {
      const year = latest + turnOf(place, begin)
      decisions[place.index] = { year, why: dated?.why ?? whyLatest(place.file, now) }
    }
  }
  return decisions
}

function placed(file: YearlessFile, index: number): Placed {
  const start = intoYear(file.first)
  const span = file.last === null ? 0 : (intoYear(file.last) - start + YEAR_MS) % YEAR_MS
  return { file, index, start, span }
}

function intoYear({ month, day, msOfDay }: Timestamp): number {
  return Date.UTC(2000, month - 1, day) - Date.UTC(2000, 0, 1) + msOfDay
}

/** The start that has the longest uncovered stretch of the year before it. */
function beginOf(set: readonly Placed[]): number {
  const sorted = set.toSorted((a, b) => a.start - b.start || a.span - b.span)
  let covered = -Infinity
  for (const { start, span } of sorted) covered = Math.max(covered, start + span)
  let begin = sorted[0]?.start ?? 0
  let longest = -Infinity
  for (const { start, span } of sorted) {
    const gap = start + YEAR_MS - covered
    if (gap > longest) {
      longest = gap
      begin = start
    }
    covered = Math.max(covered, start + YEAR_MS + span)
  }
  return begin
}

/** 1 for a file that starts behind the New Year within its set. */
function turnOf({ start }: Placed, begin: number): number {
  return start < begin ? 1 : 0
}

function coveringYear(
  set: readonly Placed[],
  begin: number,
  ranges: readonly DatedRange[],
  now: number,
): YearDecision | null {
  if (ranges.length === 0) return null
  for (let year = new Date(now).getUTCFullYear() + 1; year >= FIRST_YEAR; year--) {
    if (!set.every((place) => isPossible(place, year + turnOf(place, begin), now))) continue
    for (const place of set) {
      const file = coveredFile(place, year + turnOf(place, begin), ranges)
      if (file !== null) return { year, why: `it covers the same days as ${file}` }
    }
  }
  return null
}

function coveredFile({ file, span }: Placed, year: number, ranges: readonly DatedRange[]): string | null {
  const from = toEpoch(wallTime(year, file.first), file.zone)
  const to = from + (file.last === null ? UNKNOWN_SPAN_MS : span)
  const range = ranges.find(
    (dated) => dated.from <= to + NEAR_MS && (dated.to ?? dated.from) >= from - NEAR_MS,
  )
  return range?.file ?? null
}

function writtenYear(place: Placed, now: number): number | null {
  const { last, first, zone } = place.file
  const written = modified(place.file)
  if (last === null || written === null || written > now + DAY_MS) return null
  for (let year = new Date(written).getUTCFullYear() + 1; year >= FIRST_YEAR; year--) {
    const age = written - toEpoch(wallTime(year, last), zone)
    if (age >= -DAY_MS && age <= WRITTEN_MS) return intoYear(last) < intoYear(first) ? year - 1 : year
    if (age > YEAR_MS) return null
  }
  return null
}

/** The latest year in which the set can begin. */
function latestYear(set: readonly Placed[], begin: number, now: number): number {
  for (let year = new Date(now).getUTCFullYear() + 1; year >= FIRST_YEAR; year--) {
    const isFitting = set.every((place) =>
      isPossible(place, year + turnOf(place, begin), boundOf(place.file, now)),
    )
    if (isFitting) return year
  }
  return new Date(now).getUTCFullYear() - 1
}

/** Whether the file's lines exist in that year and none is younger than `latest`, give or take a day. */
function isPossible({ file, start, span }: Placed, year: number, latest: number): boolean {
  const first = toEpoch(wallTime(year, file.first), file.zone)
  if (!(first <= latest + DAY_MS)) return false
  if (file.last === null) return true
  const turn = start + span >= YEAR_MS ? 1 : 0
  return toEpoch(wallTime(year + turn, file.last), file.zone) <= latest + DAY_MS
}

function boundOf(file: YearlessFile, now: number): number {
  return Math.min(now, modified(file) ?? now)
}

function modified({ modifiedAt }: YearlessFile): number | null {
  return modifiedAt === null || modifiedAt < EARLIEST_MODIFIED ? null : modifiedAt
}

function whyLatest(file: YearlessFile, now: number): string {
  const isByFile = (modified(file) ?? Infinity) <= now + DAY_MS
  return isByFile ? "from the file's date" : 'the latest that is not in the future'
}
