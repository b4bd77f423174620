import type { ProcessEvent } from '../../event/process.ts'
import { RecentMap } from '../../recent-map.ts'
import type { ParentProcess } from './mapping.ts'

/** Programs remembered at once, over all machines; those that neither started nor started another for the longest go first. */
const MAX_PROCESSES = 5_000
/** A command line is kept for matching only so far. */
const MAX_LENGTH = 512

/** Which program runs under which process id, as far as its start was seen: what rules call the parent. */
export class Ancestry {
  private readonly running = new RecentMap<ParentProcess>(MAX_PROCESSES)

  /** Forgotten because there were too many. */
  get forgotten(): number {
    return this.running.forgotten
  }

  /** Takes events in time order; `parentOf` of an event is asked before it is noted. */
  note(event: ProcessEvent): void {
    const { actor, action, isSuccess, observer, commandLine } = event
    if (action !== 'exec' || !isSuccess || actor.pid === null) return
    this.running.set(keyOf(observer, actor.pid), {
      image: imageOf(event),
      commandLine: commandLine.slice(0, MAX_LENGTH),
    })
  }

  parentOf({ actor, observer }: ProcessEvent): ParentProcess | null {
    if (actor.ppid === null) return null
    const key = keyOf(observer, actor.ppid)
    const parent = this.running.get(key)
    if (parent === undefined) return null
    // A server may have started long ago, and is the parent that matters.
    this.running.set(key, parent)
    return parent
  }
}

/** The program itself; where the record names none, the first path. */
export function imageOf({ actor, paths }: ProcessEvent): string | null {
  return actor.exe ?? paths[0] ?? null
}

function keyOf(observer: string, pid: number): string {
  return `${pid} ${observer}`
}
