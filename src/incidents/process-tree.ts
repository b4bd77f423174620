import type { Finding } from '../event/finding.ts'
import { type Doer, isFight, isHost, traceOf } from './occupation/trace.ts'

/** A process of an intruder outside of every session: what it, its parent or its children do is theirs. */
export interface Branch {
  readonly pid: number
  readonly from: number
  readonly to: number
}

/** Process numbers come again: they stand for the same process for so long. */
const BRANCH_MS = 10 * 60_000
/** From a miner to the command that an exposed service ran there are a shell or two, a downloader, a container's starter. */
const MAX_GENERATIONS = 4

/** What a container engine is told to run begins so soon. */
const OBEYS_MS = 60_000
/** Clocks of two witnesses may differ by so much. */
const CLOCK_MS = 5000

/**
 * Processes that sure steps of an intruder were done by outside of every session, those that began when somebody outside
 * had spoken to a container engine (epoch ms, `visits`), and those related to them by way of what else is known to have
 * been done there.
 */
export function treeOf(
  sure: readonly Finding[],
  all: readonly Finding[],
  visits: readonly number[] = [],
): Branch[] {
  const told = all.flatMap(doersOutside).filter((doer) => isToldBy(doer, visits))
  const branches = [...sure.flatMap(doersOutside), ...told].flatMap(branchesOf)
  let open = all.filter((finding) => !sure.includes(finding)).map(doersOutside)
  for (let generation = 1; generation < MAX_GENERATIONS && branches.length > 0; generation++) {
    const related = open.filter((doers) => doers.some((doer) => isOf(doer, branches)))
    if (related.length === 0) break
    branches.push(
      ...related
        .flat()
        .filter((doer) => isOf(doer, branches))
        .flatMap(branchesOf),
    )
    open = open.filter((doers) => !related.includes(doers))
  }
  return branches
}

/** Whether a finding tells of something done by one of these processes, by a parent or a child of one. */
export function isOnTree(finding: Finding, tree: readonly Branch[]): boolean {
  return doersOutside(finding).some((doer) => isOf(doer, tree))
}

function doersOutside(finding: Finding): readonly Doer[] {
  if (isFight(finding)) {
    const { acts } = finding.facts
    return acts.every(({ session }) => session === null) ? traceOf(finding).doers : []
  }
  return isHost(finding) && finding.facts.session === null ? traceOf(finding).doers : []
}

function isToldBy({ from }: Doer, visits: readonly number[]): boolean {
  return visits.some((at) => from >= at - CLOCK_MS && from <= at + OBEYS_MS)
}

function branchesOf({ pid, parent, from, to }: Doer): Branch[] {
  return [pid, ...(parent === null ? [] : [parent])].map((one) => ({
    pid: one,
    from: from - BRANCH_MS,
    to: to + BRANCH_MS,
  }))
}

function isOf({ pid, parent, from }: Doer, tree: readonly Branch[]): boolean {
  return tree.some(
    (branch) => (branch.pid === pid || branch.pid === parent) && from >= branch.from && from <= branch.to,
  )
}
