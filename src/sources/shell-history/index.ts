import { contentId } from '../../event/content-id.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import type { ProcessEvent } from '../../event/process.ts'
import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import { headLines } from '../head-lines.ts'
import { countBytes, counted, noteTime, tellDecision, tellProblem } from '../reading.ts'
import { type MergeableRecord, mergeRecords } from '../record-merge.ts'
import type { InputReport, Source, SourceEnv } from '../source.ts'
import { type Dialect, type Entry, EntryReader } from './entry.ts'
import { ownerOf } from './owner.ts'
import { recogniseHistory } from './recognise.ts'

const SOURCE_ID = 'shell-history'
const BEGINNING_LINES = 16
const MAX_LINE_BYTES = 65_536
/** Commands of one history that are put in order of time at once: several shells write to one, each when it ends. */
const MAX_SORTED = 100_000
/** Earlier than any Linux. */
const EARLIEST_MS = Date.UTC(1991, 0)

interface HistoryRecord extends MergeableRecord {
  readonly event: ProcessEvent
}

/**
 * What shells keep of the commands that people typed: bash with and without times, zsh, fish. That a command was
 * typed is certain, that it ran and how it ended is not. Without a time in the history an event has the time of the
 * file, the latest that it can have been, and `timeQuality` unknown: such lines keep their order among each other,
 * and nothing is said about their order to anything else.
 */
export const shellHistory: Source = {
  id: SOURCE_ID,
  title: 'command history of a shell (bash, zsh, fish)',
  kinds: ['process'],
  hint: '~/.bash_history, ~/.zsh_history, ~/.local/share/fish/fish_history; HISTTIMEFORMAT (bash) and EXTENDED_HISTORY (zsh) make them tell the time.',
  recognise: (head) => recogniseHistory(head),
  // Shells that end later write earlier times behind later ones.
  firstTime: () => null,

  async *read(inputs, env) {
    const machines = machinesOf(inputs)
    const streams = inputs.map((input) => {
      const report = env.reportOf(input)
      return {
        input,
        report,
        firstTime: null,
        records: () => readHistory(input, report, env, machines.get(input) ?? ''),
      }
    })
    for await (const { records, watermark } of mergeRecords(streams, { disorderMs: 0 }))
      yield { events: records.map(({ event }) => event), watermark }
  },
}

/** Histories of several users below one folder are of one machine; it is called by the least of their beginnings. */
function machinesOf(inputs: readonly Input[]): ReadonlyMap<Input, Identifier> {
  const machines = new Map<Input, Identifier>()
  const groups = Map.groupBy(inputs, ({ name, group }) => {
    const { root } = ownerOf(name)
    return root === null ? group : `${root}/`
  })
  for (const group of groups.values()) {
    const [first = ''] = group.map(beginningOf).toSorted()
    for (const input of group) machines.set(input, identifier('trail', contentId('history', first)))
  }
  return machines
}

/** One line alone does not tell machines apart: many a history begins with `ls`. */
function beginningOf({ head }: Input): string {
  return headLines(head).slice(0, BEGINNING_LINES).join('\n')
}

async function* readHistory(
  input: Input,
  report: InputReport,
  env: SourceEnv,
  machine: Identifier,
): AsyncIterable<readonly HistoryRecord[]> {
  const { user } = ownerOf(input.name)
  const latest = input.modifiedAt !== null && input.modifiedAt <= env.now ? input.modifiedAt : null
  const reader = new EntryReader()
  let found: HistoryRecord[] = []
  let untimed = 0
  const take = (entry: Entry | null): void => {
    if (entry === null) return
    report.records++
    const isTimed = entry.time !== null && entry.time >= EARLIEST_MS && entry.time <= env.now
    if (!isTimed) untimed++
    const time = isTimed ? entry.time : latest
    if (time === null) {
      report.unused++
      return
    }
    if (isTimed) noteTime(report, time)
    const event = eventOf(entry, { time, isTimed, user, machine, dialect: reader.dialect, file: input.name })
    found.push({
      time,
      identity: `${user ?? input.name} ${entry.text}`,
      raw: entry.raw,
      lane: `${machine} ${user ?? input.name}`,
      event,
    })
  }
  const chunks = countBytes(
    input.chunks((problem) => tellProblem(report, problem)),
    report,
  )
  for await (const { texts, offsets, firstLine } of splitLines(chunks, { maxLineBytes: MAX_LINE_BYTES })) {
    for (const [index, text] of texts.entries())
      take(reader.push(text, firstLine + index, offsets[index] ?? 0))
    if (found.length < MAX_SORTED) continue
    yield inOrder(found)
    found = []
  }
  take(reader.end())
  report.format = reader.dialect
  if (untimed > 0) tellUntimed(report, untimed, latest)
  yield inOrder(found)
}

function tellUntimed(report: InputReport, untimed: number, latest: number | null): void {
  const lines = counted(untimed, 'command does not say when', 'commands do not say when')
  if (latest === null) tellProblem(report, `${lines}, and neither does the file: not used`)
  else tellDecision(report, `${lines} it was typed: no later than the file’s date`)
}

/** Equal times keep the order of the file. */
function inOrder(records: readonly HistoryRecord[]): HistoryRecord[] {
  return records.toSorted((a, b) => a.time - b.time)
}

interface Placing {
  readonly time: number
  readonly isTimed: boolean
  readonly user: string | null
  readonly machine: Identifier
  readonly dialect: Dialect
  readonly file: string
}

/** The command as the shell got it: the script of `bash -c`. */
function eventOf(entry: Entry, { time, isTimed, user, machine, dialect, file }: Placing): ProcessEvent {
  const { text, line, offset, raw } = entry
  return {
    kind: 'process',
    time,
    timeQuality: isTimed ? 'exact' : 'unknown',
    observer: machine,
    subjects: [machine],
    origin: { source: SOURCE_ID, file, line, offset, raw },
    action: 'exec',
    actor: {
      pid: null,
      ppid: null,
      exe: null,
      name: dialect,
      uid: user === 'root' ? 0 : null,
      loginUid: null,
      session: null,
      tty: null,
    },
    args: [dialect, '-c', text],
    commandLine: text,
    cwd: null,
    paths: [],
    isSuccess: true,
    targetPid: null,
    key: null,
  }
}
