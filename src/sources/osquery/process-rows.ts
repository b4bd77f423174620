import type { Event } from '../../event/event.ts'
import { countAt, type Fields, numberAt, textAt } from '../json/fields.ts'
import { actorOf, has, isHappening, pathAt, type Row } from './row.ts'
import type { Seen } from './seen.ts'

/** Longest part of a command line that is cut into arguments. */
const MAX_ARGUMENT_CHARS = 16_384
const SCRIPT = /^((?:\/[\w./-]{1,200}\/)?(?:ba|da|z|k|a)?sh) (-\w{0,8}c) (\S.*)$/su
/** Other calls copy a process or end it; it is then what it was. */
const STARTS: ReadonlySet<string> = new Set(['', 'execve', 'execveat'])

/** process_events, bpf_process_events, es_process_events, processes, shell_history. */
export function processRow(row: Row, seen: Seen): Event[] | null {
  const { columns, change } = row
  if (has(columns, 'command', 'history_file') || has(columns, 'command', 'uid', 'directory'))
    return change === 'removed' ? [] : typed(columns, seen)
  const isProcess = has(columns, 'pid') && (has(columns, 'cmdline') || has(columns, 'cmdline_size'))
  if (!isProcess) return null
  if (change === 'removed' || !STARTS.has(textAt(columns, 'syscall') ?? '')) return []
  return [processEvent(columns, isHappening(columns) ? 'exec' : 'running', seen)]
}

function processEvent(columns: Fields, action: 'exec' | 'running', seen: Seen): Event {
  const commandLine = textAt(columns, 'cmdline') ?? ''
  const exe = pathAt(columns, 'path')
  return {
    kind: 'process',
    ...seen,
    action,
    actor: actorOf(columns),
    args: argumentsOf(columns, commandLine),
    commandLine,
    cwd: pathAt(columns, 'cwd'),
    paths: exe === null ? [] : [exe],
    isSuccess: (numberAt(columns, 'exit_code') ?? 0) >= 0,
    targetPid: null,
    key: null,
  }
}

/** bpf_process_events gives them apart, as JSON; the other tables joined with blanks. */
function argumentsOf(columns: Fields, commandLine: string): string[] {
  const json = textAt(columns, 'json_cmdline')
  const apart = json !== null && json.length <= MAX_ARGUMENT_CHARS ? listIn(json) : null
  return apart ?? splitCommand(commandLine.slice(0, MAX_ARGUMENT_CHARS))
}

/** The quotes are lost: behind `sh -c` the rest is taken for the script. */
function splitCommand(commandLine: string): string[] {
  const [shell = '', flag = '', script] = SCRIPT.exec(commandLine)?.slice(1) ?? []
  return script === undefined ? commandLine.split(/\s+/u).filter(Boolean) : [shell, flag, script]
}

function listIn(json: string): string[] | null {
  try {
    const value: unknown = JSON.parse(json)
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null
  } catch {
    return null
  }
}

/** What somebody typed: that it ran, and how it ended, is not known. */
function typed(columns: Fields, seen: Seen): Event[] {
  const command = textAt(columns, 'command')
  if (command === null) return []
  const shell = /zsh|fish/u.exec(textAt(columns, 'history_file') ?? '')?.[0] ?? 'bash'
  const uid = countAt(columns, 'uid')
  return [
    {
      kind: 'process',
      ...seen,
      action: 'exec',
      actor: {
        pid: null,
        ppid: null,
        exe: null,
        name: shell,
        uid,
        loginUid: null,
        session: null,
        tty: null,
      },
      args: [shell, '-c', command],
      commandLine: command,
      cwd: null,
      paths: [],
      isSuccess: true,
      targetPid: null,
      key: null,
    },
  ]
}
