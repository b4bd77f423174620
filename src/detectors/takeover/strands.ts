import type { ProcessEvent } from '../../event/process.ts'
import { baseName } from '../model/host/places.ts'
import { type Command, commandsOf } from '../model/host/shell.ts'

/**
 * A script that runs line by line leaves `ps`, `grep pool`, `awk` and `xargs kill` as starts of their own: what
 * lists and filters is kept for a moment, by parent, so that a kill tells whom it was meant for. JSON-able.
 */
export type Strands = { ppid: number; time: number; words: string[] }[]

const MAX_STRANDS = 64
const MAX_WORDS = 8
/** Parts of one pipe start within this time (ms) of each other. */
const PIPE_MS = 3000
const PARTS =
  /^(?:ps|netstat|ss|lsof|top|pgrep|pidof|docker|podman|nerdctl|crictl|[efz]?grep|[gm]?awk|sed|sort|head|crontab)$/u
const ENDS = /^(?:kill|docker|podman|nerdctl|crictl|crontab|chpasswd|passwd)$/u
const SPEAKERS = /^(?:echo|printf|cat)$/u

export function noStrands(): Strands {
  return []
}

export function remember(strands: Strands, event: ProcessEvent): void {
  const { ppid } = event.actor
  const program = baseName(event.args[0] ?? '')
  if (ppid === null || !(PARTS.test(program) || SPEAKERS.test(program))) return
  strands.push({
    ppid,
    time: event.time,
    words: event.args.slice(0, MAX_WORDS).map((word) => word.slice(0, 256)),
  })
  if (strands.length > MAX_STRANDS) strands.shift()
}

/** The pipes of an event, with what its parent started just before it where it is the end of one. */
export function withStrands(strands: Strands, event: ProcessEvent, pipelines: Command[][]): Command[][] {
  const only = pipelines.length === 1 && pipelines[0]?.length === 1 ? pipelines[0][0] : undefined
  const { ppid } = event.actor
  if (only === undefined || ppid === null || !ENDS.test(only.program)) return pipelines
  const before = strands.filter(
    (strand) => strand.ppid === ppid && event.time >= strand.time && event.time - strand.time <= PIPE_MS,
  )
  if (before.length === 0) return pipelines
  const parts = before.flatMap(({ words }) => commandsOf({ ...event, args: words }))
  return [[...parts, { ...only, isFed: true }]]
}
