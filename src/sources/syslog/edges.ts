import type { Input } from '../../inputs/input.ts'
import { HEAD_BYTES } from '../../inputs/limits.ts'
import { linesOf } from '../head-lines.ts'
import { newHeader, readHeader } from './header.ts'
import type { Timestamp } from './timestamp.ts'

/** The first and last lines of an input, as far as they can be had without reading it. */
export interface Edges {
  /** Of the first line that has a time; null = none near the start. */
  readonly first: Timestamp | null
  readonly firstHost: string
  readonly firstYearless: Timestamp | null
  /** Null where nobody knows without reading everything. */
  readonly lastYearless: Timestamp | null
}

export function edgesOf(input: Input): Edges {
  const head = linesOf(input.head)
  const tail = input.tail() ?? (input.head.length < HEAD_BYTES ? input.head : null)
  const first = firstStamp(head, () => true)
  return {
    first: first?.stamp ?? null,
    firstHost: first?.host ?? '',
    firstYearless: firstStamp(head, isYearless)?.stamp ?? null,
    lastYearless: tail === null ? null : (firstStamp(linesOf(tail).toReversed(), isYearless)?.stamp ?? null),
  }
}

const isYearless = (stamp: Timestamp): boolean => stamp.year === 0

function firstStamp(
  lines: readonly string[],
  isWanted: (stamp: Timestamp) => boolean,
): { stamp: Timestamp; host: string } | null {
  for (const text of lines) {
    const header = newHeader()
    if (readHeader(text, header) !== 'ok' || !isWanted(header.stamp)) continue
    return { stamp: header.stamp, host: text.slice(header.hostStart, header.hostEnd) }
  }
  return null
}
