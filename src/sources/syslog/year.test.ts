import { describe, expect, it } from 'vitest'
import { type DatedRange, inferYears, type YearlessFile } from './infer-year.ts'
import { newTimestamp, readTimestamp, type Timestamp } from './timestamp.ts'
import { YearClock } from './year.ts'

function stampOf(text: string): Timestamp {
  const stamp = newTimestamp()
  expect(readTimestamp(`${text} x`, 0, stamp)).toBe(text.length)
  return stamp
}

function iso(ms: number): string {
  return Number.isNaN(ms) ? 'impossible' : new Date(ms).toISOString().slice(0, 19)
}

const walks: { title: string; year: number; latest: string; lines: string; expected: string }[] = [
  {
    title: 'stays in its year',
    year: 2025,
    latest: '2026-01-01',
    lines: 'Mar  1, Mar  1, Jul  9, Dec 31',
    expected: '2025-03-01, 2025-03-01, 2025-07-09, 2025-12-31',
  },
  {
    title: 'moves on at a New Year',
    year: 2025,
    latest: '2026-02-01',
    lines: 'Dec 31, Jan  1, Jan  2',
    expected: '2025-12-31, 2026-01-01, 2026-01-02',
  },
  {
    title: 'moves on twice',
    year: 2023,
    latest: '2026-02-01',
    lines: 'Dec 31, Jan  1, Jun  1, Nov  5, Feb  2',
    expected: '2023-12-31, 2024-01-01, 2024-06-01, 2024-11-05, 2025-02-02',
  },
  {
    title: 'a stray line of the old year stays there',
    year: 2025,
    latest: '2026-02-01',
    lines: 'Dec 31, Jan  1, Dec 31, Jan  1',
    expected: '2025-12-31, 2026-01-01, 2025-12-31, 2026-01-01',
  },
  {
    title: 'a clock that starts at January before it is set',
    year: 2025,
    latest: '2025-09-01',
    lines: 'Aug  5, Jan  1, Aug  5',
    expected: '2025-08-05, 2025-01-01, 2025-08-05',
  },
  {
    title: 'never into the future',
    year: 2025,
    latest: '2025-12-31',
    lines: 'Dec 31, Jan  1',
    expected: '2025-12-31, 2025-01-01',
  },
  {
    title: 'a leap day',
    year: 2024,
    latest: '2026-01-01',
    lines: 'Feb 28, Feb 29, Mar  1',
    expected: '2024-02-28, 2024-02-29, 2024-03-01',
  },
  {
    title: 'a leap day behind the New Year',
    year: 2023,
    latest: '2026-01-01',
    lines: 'Dec 31, Feb 29',
    expected: '2023-12-31, 2024-02-29',
  },
  {
    title: 'a leap day of no leap year',
    year: 2025,
    latest: '2026-01-01',
    lines: 'Feb 28, Feb 29, Mar  1',
    expected: '2025-02-28, impossible, 2025-03-01',
  },
  {
    title: 'a quiet half year',
    year: 2025,
    latest: '2026-01-01',
    lines: 'Jan 10, Aug  1',
    expected: '2025-01-10, 2025-08-01',
  },
]

describe('YearClock', () => {
  it.each(walks)('$title', ({ year, latest, lines, expected }) => {
    const clock = new YearClock(year, Date.parse(latest))
    const times = lines
      .split(', ')
      .map((line) => iso(clock.wallTimeOf(stampOf(`${line} 12:00:00`))).replace('T12:00:00', ''))
    expect(times.join(', ')).toBe(expected)
  })
})

const NOW = Date.UTC(2026, 5, 15)

/** `Dec 25..Jan  8 @2026-01-08`: first line, last line (`?` = not known), date of the file (none = not known). */
function fileOf(text: string): YearlessFile {
  const [span = '', modified] = text.split(' @')
  const [first = '', last = ''] = span.split('..')
  return {
    first: stampOf(`${first} 12:00:00`),
    last: last === '?' ? null : stampOf(`${last} 13:00:00`),
    set: 'web-1',
    modifiedAt: modified === undefined ? null : Date.parse(modified),
    zone: null,
  }
}

const pcap = (from: string, to: string | null): DatedRange => ({
  file: 'eth0.pcap',
  from: Date.parse(from),
  to: to === null ? null : Date.parse(to),
})
const COVERS = 'it covers the same days as eth0.pcap'
const BY_FILE = "from the file's date"
const BY_NOW = 'the latest that is not in the future'

const placements: { title: string; files: string[]; ranges?: DatedRange[]; expected: string[] }[] = [
  {
    title: 'written when its last line was',
    files: ['May  1..May  8 @2024-05-08'],
    expected: [`2024 ${BY_FILE}`],
  },
  {
    title: 'written later: the latest year before',
    files: ['May  1..May  8 @2024-11-20'],
    expected: [`2024 ${BY_FILE}`],
  },
  { title: 'written in the next year', files: ['Nov  1..Nov  8 @2024-03-01'], expected: [`2023 ${BY_FILE}`] },
  { title: 'no date: the latest year before now', files: ['May  1..May  8'], expected: [`2026 ${BY_NOW}`] },
  { title: 'no date, later in the year than now', files: ['Sep  1..Sep  8'], expected: [`2025 ${BY_NOW}`] },
  { title: 'a date that cannot be', files: ['May  1..May  8 @1980-01-01'], expected: [`2026 ${BY_NOW}`] },
  { title: 'a date in the future', files: ['May  1..May  8 @2031-01-01'], expected: [`2026 ${BY_NOW}`] },
  { title: 'a day of slack', files: ['Jun 15..Jun 15'], expected: [`2026 ${BY_NOW}`] },
  { title: 'over a New Year', files: ['Dec 25..Jan  8 @2026-01-08'], expected: [`2025 ${BY_FILE}`] },
  {
    title: 'over a New Year, end not known',
    files: ['Dec 25..? @2026-01-08'],
    expected: [`2025 ${BY_FILE}`],
  },
  {
    title: 'over a New Year, copied in a later December',
    files: ['Dec 25..Jan  8 @2025-12-28'],
    expected: [`2024 ${BY_FILE}`],
  },
  {
    title: 'a set cut at New Year',
    files: ['Jan  1..Jan  8 @2025-12-30', 'Dec 25..Dec 31 @2025-12-30'],
    expected: [`2025 ${BY_FILE}`, `2024 ${BY_FILE}`],
  },
  {
    title: 'a set of starts only',
    files: ['Jan  8..?', 'Nov 25..?', 'Dec 20..?'],
    expected: [`2026 ${BY_NOW}`, `2025 ${BY_NOW}`, `2025 ${BY_NOW}`],
  },
  {
    title: 'files of a set that were kept for years',
    files: ['May  1..May  8 @2023-05-08', 'May  1..May  8 @2024-05-08'],
    expected: [`2023 ${BY_FILE}`, `2024 ${BY_FILE}`],
  },
  { title: 'a leap day', files: ['Feb 29..Mar  2'], expected: [`2024 ${BY_NOW}`] },
  {
    title: 'same days as a capture',
    files: ['May  1..May  8 @2026-05-30'],
    ranges: [pcap('2022-05-04', '2022-05-05')],
    expected: [`2022 ${COVERS}`],
  },
  {
    title: 'near a capture without end',
    files: ['May  1..May  8'],
    ranges: [pcap('2022-05-09', null)],
    expected: [`2022 ${COVERS}`],
  },
  {
    title: "days other than the capture's",
    files: ['May  1..May  8'],
    ranges: [pcap('2022-08-09', '2022-08-10')],
    expected: [`2026 ${BY_NOW}`],
  },
  {
    title: 'the rest of a set goes with the file that a capture dates',
    files: ['Jan  1..Jan  8', 'Dec 20..Dec 31'],
    ranges: [pcap('2023-01-02', '2023-01-03')],
    expected: [`2023 ${COVERS}`, `2022 ${COVERS}`],
  },
  {
    title: 'the latest of several',
    files: ['May  1..May  8'],
    ranges: [pcap('2022-05-04', null), pcap('2024-05-04', null)],
    expected: [`2024 ${COVERS}`],
  },
]

describe('inferYears', () => {
  it.each(placements)('$title', ({ files, ranges = [], expected }) => {
    const decisions = inferYears(
      files.map((file) => fileOf(file)),
      ranges,
      NOW,
    )
    expect(decisions.map(({ year, why }) => `${year} ${why}`)).toEqual(expected)
  })

  it('does not depend on the order of the files', () => {
    const files = ['Jan  1..Jan  8', 'Dec 20..Dec 31', 'Nov 20..Dec 20', 'Jan  8..?'].map((file) =>
      fileOf(file),
    )
    const years = inferYears(files, [], NOW).map(({ year }) => year)
    const turned = inferYears(files.toReversed(), [], NOW).map(({ year }) => year)
    expect(years).toEqual([2026, 2025, 2025, 2026])
    expect(turned).toEqual(years.toReversed())
  })
})
