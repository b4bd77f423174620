import type { Investigation } from '../story/document.ts'
import type { Clock } from './clock.ts'

/** Kinds of evidence in the words of a heading; others stand as they are called. */
const EVIDENCE_KINDS: Readonly<Record<string, string>> = {
  network: 'traffic',
  login: 'logins',
  process: 'what ran',
  snapshot: 'a look at it',
}

export function evidenceKind(kind: string): string {
  return EVIDENCE_KINDS[kind] ?? kind
}

/** What could be seen of one machine: per kind of evidence when, or null where there was nothing. */
export interface Seen {
  readonly asset: string
  readonly kinds: ReadonlyMap<string, readonly string[]>
}

/** Coverage machine by machine, and what is missing somewhere, with how to get it. */
export function coverageByMachine(
  investigation: Investigation,
  clock: Clock,
): { kinds: string[]; machines: Seen[]; missing: string[] } {
  const { coverage } = investigation
  const kinds = [...new Set(coverage.map((entry) => entry.kind))]
  const machines = [...Map.groupBy(coverage, (entry) => entry.asset)].map(([asset, entries]) => {
    const byKind = new Map<string, string[]>()
    for (const { kind, from, to, note } of entries) {
      const texts = byKind.get(kind) ?? []
      if (from !== null && to !== null) texts.push(clock.range(from, to))
      else if (note !== '' && !isMissing(note)) texts.push(note)
      byKind.set(kind, texts)
    }
    return { asset, kinds: byKind }
  })
  const missing = new Set(
    coverage.filter(({ note }) => isMissing(note)).map(({ note }) => note.slice(MISSING.length)),
  )
  return { kinds, machines, missing: [...missing] }
}

/** How `story` begins the note on a kind of evidence that there is none of. */
const MISSING = 'not in evidence: '

function isMissing(note: string): boolean {
  return note.startsWith(MISSING)
}
