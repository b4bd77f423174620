import type { Event } from '../../event/event.ts'
import type { FileEvent } from '../../event/file.ts'
import type { ProcessEvent } from '../../event/process.ts'
import type { ServiceEvent } from '../../event/service.ts'
import { defineHostDetector, type HostState, type Sighting } from '../model/host/host-detector.ts'
import { keeperOf } from '../model/host/maintenance.ts'
import { baseName } from '../model/host/places.ts'
import { type Command, commandsOf, isShell } from '../model/host/shell.ts'
import { isHistory, logKind } from './logs.ts'

type See = (sighting: Sighting) => void

interface Memory {
  /** Logs cleared lately: path and time (ms). */
  cleared: [path: string, time: number][]
}

const TOGETHER_MS = 10 * 60_000
const MAX_CLEARED = 64
/** So many different logs cleared within ten minutes are meant, if logins are in one of them; else a disk is full. */
const MANY = 3

/**
 * Traces removed: login records, system logs, shell histories, the audit system itself. Rotation, package
 * managers and the daemons that own a log are silent; one plain log emptied by hand is context.
 */
export const logWiping = defineHostDetector<Memory>({
  id: 'log-wiping',
  title: 'Logs and histories wiped, auditing stopped',
  attack: ['T1685.006', 'T1685.004', 'T1070.003', 'T1690'],
  kinds: ['process', 'file', 'service'],
  remember: () => ({ cleared: [] }),
  look,
  mergeMemory(into, from) {
    into.cleared = [...into.cleared, ...from.cleared].toSorted((a, b) => a[1] - b[1]).slice(-MAX_CLEARED)
  },
})

function look(state: HostState & Memory, event: Event, see: See): void {
  if (event.kind === 'file') lookAtFile(state, event, see)
  else if (event.kind === 'service') lookAtService(event, see)
  else if (event.kind === 'process') lookAtProcess(state, event, see)
}

/** Programs with which somebody clears a file; the daemons that write logs are none of them. */
const CLEARERS: ReadonlySet<string> = new Set(
  'rm unlink shred truncate dd cp mv ln cat tee echo find sed perl python busybox srm wipe utmpdump'.split(
    ' ',
  ),
)

function lookAtFile(state: HostState & Memory, event: FileEvent, see: See): void {
  const isClearing = event.action === 'delete' || event.action === 'truncate' || event.action === 'rename'
  if (!isClearing || !event.isSuccess) return
  const kind = logKind(event.path)
  const isOfHistory = isHistory(event.path)
  if (kind === null && !isOfHistory) return
  if (keeperOf(state.lineage, event.actor, event.time) !== null) return
  const program = baseName(event.actor.exe ?? '').replace(/[\d.]+$/u, '')
  if (isOfHistory) {
    // A shell rewrites its own history when it ends.
    if (CLEARERS.has(program)) see(history(event.path, 'A shell history was wiped'))
    return
  }
  if (kind !== null && (CLEARERS.has(program) || isShell(program))) seeLog(state, event, event.path, see)
}

function seeLog(state: Memory, event: Event, path: string, see: See): void {
  const kind = logKind(path)
  if (kind === null) return
  if (kind !== 'other') {
    state.cleared = state.cleared.filter(
      ([known, time]) => known !== path && event.time - time <= TOGETHER_MS,
    )
    state.cleared.push([path, event.time])
    if (state.cleared.length > MAX_CLEARED) state.cleared.shift()
  }
  const isAboutLogins = state.cleared.some(([known]) => /^(?:record|auth)$/u.test(logKind(known) ?? ''))
  const isMany = state.cleared.length >= MANY && isAboutLogins
  const isTelling = kind === 'record' || (kind !== 'other' && isMany)
  see({
    what: 'log-wipe',
    title: `A log was wiped: ${path}`,
    severity: isTelling ? (isMany ? 'high' : 'medium') : 'low',
    confidence: isTelling ? (isMany ? 0.85 : 0.6) : 0.3,
    stage: isTelling ? 'evasion' : 'context',
    attack: ['T1685.006'],
    path,
    remote: null,
    // Whoever frees a disk removes many of these at once.
    fold: kind === 'other' ? path.slice(0, path.lastIndexOf('/')) : path,
  })
}

function lookAtService(event: ServiceEvent, see: See): void {
  if (event.unit !== 'auditd' || event.action !== 'configure') return
  const detail = event.detail ?? ''
  // Without a login behind it, it is the machine going down.
  const isByHand = /\bauid=(?!4294967295\b|-1\b|unset\b)\S/u.test(detail)
  if (/\baudit_enabled=0\b/u.test(detail) && !/\bold=0\b/u.test(detail) && isByHand)
    see(auditing('Auditing was switched off'))
}

function lookAtProcess(state: HostState & Memory, event: ProcessEvent, see: See): void {
  if (!event.isSuccess) return
  if (event.action === 'signal') {
    if (
      event.args.at(-1) === 'auditd' &&
      /^-(?:9|15|19|SIGKILL|SIGTERM|SIGSTOP)$/u.test(event.args[1] ?? '') &&
      event.actor.loginUid !== null
    ) {
      see(auditing('The audit daemon was stopped by a signal'))
    }
    return
  }
  if (event.action !== 'exec' || keeperOf(state.lineage, event.actor, event.time) !== null) return
  for (const command of commandsOf(event)) {
    lookAtHistory(command, see)
    lookAtAuditing(command, event, see)
    lookAtClearing(state, event, command, see)
  }
}

function lookAtHistory(command: Command, see: See): void {
  const { program, words, assignments, outputs } = command
  const settings = program === 'export' || program === 'set' ? [...assignments, ...words] : assignments
  const isOff =
    settings.some((word) => /^HIST(?:FILE=(?:\/dev\/null)?|SIZE=0|FILESIZE=0)$/u.test(word)) ||
    (program === 'set' && words.includes('+o') && words.includes('history'))
  const isUnset =
    program === 'unset' && words.some((word) => /^HIST(?:FILE|SIZE|FILESIZE|CONTROL)?$/u.test(word))
  if (isOff || isUnset) see(history('HISTFILE', 'The shell was told to keep no history', 'T1690'))
  if (program === 'history' && words.some((word) => /^-[a-z]*c/u.test(word)))
    see(history('history', 'The shell history was cleared'))
  const wiped =
    wipedBy(command).find(isHistory) ??
    outputs.find((output) => !output.isAppended && isHistory(output.path))?.path
  if (wiped !== undefined) see(history(wiped, 'A shell history was wiped'))
}

const AUDITING: ReadonlySet<string> = new Set([
  'auditctl',
  'service',
  'systemctl',
  'pkill',
  'killall',
  'kill',
])

function lookAtAuditing(command: Command, event: ProcessEvent, see: See): void {
  const { program, words } = command
  if (!AUDITING.has(program)) return
  const text = words.slice(1, 32).join(' ').slice(0, 1024)
  // auditd's own unit loads and unloads rules; people have a login.
  if (
    program === 'auditctl' &&
    /(?:^|\s)(?:-e\s?0|-D)(?:\s|$)/u.test(text) &&
    event.actor.loginUid !== null
  ) {
    see(auditing(text.includes('-D') ? 'All audit rules were removed' : 'Auditing was switched off'))
  }
  const isStopping =
    (program === 'service' && /^(?:auditd|rsyslog|syslog|syslog-ng)\s+stop/u.test(text)) ||
    (program === 'systemctl' &&
      /\b(?:stop|disable|mask|kill)\b.*\b(?:auditd|rsyslog|syslog|syslog-ng|systemd-journald)\b/u.test(
        text,
      )) ||
    (/^(?:pkill|killall|kill)$/u.test(program) &&
      /(?:^|\s)(?:auditd|rsyslogd|syslogd|syslog-ng)(?:\s|$)/u.test(text))
  if (isStopping) see(auditing('Auditing or logging was stopped'))
}

function lookAtClearing(state: Memory, event: ProcessEvent, command: Command, see: See): void {
  for (const path of wipedBy(command)) if (logKind(path) !== null) seeLog(state, event, path, see)
  for (const output of command.outputs) {
    if (!output.isAppended && logKind(output.path) !== null && writesNothing(command))
      seeLog(state, event, output.path, see)
  }
}

/** `> file`, `: > file`, `echo > file`, `cat /dev/null > file`. */
function writesNothing({ program, words }: Command): boolean {
  return (
    program === '' ||
    program === ':' ||
    program === 'true' ||
    (program === 'echo' && words.length <= 3) ||
    (program === 'cat' && words[1] === '/dev/null') ||
    program === 'printf'
  )
}

const WIPERS: ReadonlySet<string> = new Set('rm shred unlink srm wipe truncate ln cp dd sed'.split(' '))
const NO_FILES: readonly string[] = []

/** The files a command removes, empties or points nowhere. */
function wipedBy({ program, words }: Command): readonly string[] {
  if (!WIPERS.has(program)) return NO_FILES
  const files = words.slice(1).filter((word) => !word.startsWith('-'))
  switch (program) {
    case 'rm':
    case 'shred':
    case 'unlink':
    case 'srm':
    case 'wipe':
    case 'truncate':
      return files
    case 'ln':
    case 'cp':
      return files[0] === '/dev/null' ? files.slice(1) : []
    case 'dd':
      return words.filter((word) => word.startsWith('of=')).map((word) => word.slice(3))
    case 'sed':
      return words.some((word) => /^-[a-zA-Z]*i/u.test(word) || word.startsWith('--in-place'))
        ? files.slice(1)
        : []
    default:
      return []
  }
}

/** People keep passwords out of their history, and histories out of images. */
function history(path: string, title: string, attack = 'T1070.003'): Sighting {
  return {
    what: 'history-wipe',
    title: path.includes('/') ? `${title}: ${path}` : title,
    severity: 'low',
    confidence: 0.4,
    stage: 'context',
    attack: [attack],
    path,
    remote: null,
  }
}

/** Auditing is switched off by hand for many reasons; in an intruder's session it is evasion. */
function auditing(title: string): Sighting {
  return {
    what: 'audit-stop',
    title,
    severity: 'low',
    confidence: 0.4,
    stage: 'context',
    attack: ['T1685.004'],
    path: null,
    remote: null,
    fold: title,
  }
}
