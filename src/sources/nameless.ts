import { contentId } from '../event/content-id.ts'
import { identifier, type Identifier } from '../event/identifier.ts'
import type { Input } from '../inputs/input.ts'

/** An input whose records name no machine, and its first record. */
export interface NamelessInput {
  readonly input: Input
  /** Epoch ms; null = unknown. */
  readonly firstTime: number | null
  readonly firstRecord: string
}

/**
 * Logs that name no machine are taken to be of one machine where they were collected together (same folder or
 * archive). It is called by the earliest record there, so names and order of files do not matter.
 */
export function namelessMachines(
  prefix: string,
  inputs: readonly NamelessInput[],
): ReadonlyMap<Input, Identifier> {
  const machines = new Map<Input, Identifier>()
  for (const group of Map.groupBy(inputs, ({ input }) => input.group).values()) {
    const [first] = group.toSorted(byStart)
    const id = identifier('trail', contentId(prefix, first?.firstRecord ?? ''))
    for (const { input } of group) machines.set(input, id)
  }
  return machines
}

function byStart(a: NamelessInput, b: NamelessInput): number {
  const [left, right] = [a.firstTime ?? Infinity, b.firstTime ?? Infinity]
  if (left !== right) return left - right
  return a.firstRecord < b.firstRecord ? -1 : a.firstRecord > b.firstRecord ? 1 : 0
}
