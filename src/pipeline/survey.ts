import type { Input, Skipped } from '../inputs/input.ts'
import type { Source } from '../sources/source.ts'

/** Below this a source has not really recognised anything. */
const RECOGNISED = 0.1

/** What was given, sorted by who can read it. */
export interface Survey {
  readonly bySource: ReadonlyMap<Source, readonly Input[]>
  readonly skipped: readonly Skipped[]
}

/** Asks every source whether an input is its own, by content; the surest gets it. */
export function survey(inputs: readonly Input[], sources: readonly Source[]): Survey {
  const bySource = new Map<Source, Input[]>()
  const skipped: Skipped[] = []
  for (const input of inputs) {
    if (input.head.length === 0) {
      skipped.push({ file: input.name, reason: 'empty' })
      continue
    }
    const source = recognise(input, sources)
    if (source === null) {
      skipped.push({ file: input.name, reason: 'not a format I know' })
      continue
    }
    const list = bySource.get(source)
    if (list === undefined) bySource.set(source, [input])
    else list.push(input)
  }
  return { bySource, skipped }
}

function recognise(input: Input, sources: readonly Source[]): Source | null {
  const { head } = input
  let best: Source | null = null
  let bestScore = RECOGNISED
  for (const source of sources) {
    const score = source.recognise(head, () => input.tail())
    if (score > bestScore) {
      best = source
      bestScore = score
    }
  }
  return best
}

/** Time ranges of inputs whose records carry their full date, to place those that do not. */
export function datedRanges(
  bySource: Survey['bySource'],
): { file: string; from: number; to: number | null }[] {
  const ranges: { file: string; from: number; to: number | null }[] = []
  for (const [source, inputs] of bySource) {
    for (const input of inputs) {
      const from = source.firstTime(input.head)
      if (from !== null) ranges.push({ file: input.name, from, to: null })
    }
  }
  return ranges.toSorted((a, b) => a.from - b.from || (a.file < b.file ? -1 : 1))
}
