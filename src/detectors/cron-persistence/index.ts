import type { Event } from '../../event/event.ts'
import type { FileEvent } from '../../event/file.ts'
import type { ProcessEvent } from '../../event/process.ts'
import { defineHostDetector, type HostState, type Sighting } from '../model/host/host-detector.ts'
import { isEditor, isOfService, isSystemAccount, keeperOf } from '../model/host/maintenance.ts'
import { baseName, hiddenPart, isHidingPlace, isMemoryPlace } from '../model/host/places.ts'
import { commandsOf, type Command } from '../model/host/shell.ts'
import { payloadOf } from '../model/host/payload.ts'

type See = (sighting: Sighting) => void

const CRON_PLACE =
  /^(?:\/private)?\/(?:etc\/(?:crontab$|anacrontab$|cron\.(?:d|hourly|daily|weekly|monthly)\/|crontabs\/)|var\/spool\/(?:cron|anacron|at)\/|var\/cron\/tabs\/)/u

/**
 * Something was made to run again and again. Writing a cron table is everyday work, so by itself it is
 * context; it is persistence where the entry fetches and runs, points into a hiding place, or where a
 * network service or a program from a hiding place wrote it.
 */
export const cronPersistence = defineHostDetector<object>({
  id: 'cron-persistence',
  title: 'Cron jobs that keep an intruder on the machine',
  attack: ['T1053.003', 'T1070.009'],
  kinds: ['process', 'file'],
  remember: () => ({}),
  look,
  mergeMemory() {},
})

function look(state: HostState, event: Event, see: See): void {
  if (event.kind === 'file') lookAtFile(state, event, see)
  else if (event.kind === 'process' && event.action === 'exec' && event.isSuccess)
    lookAtCommand(state, event, see)
}

function lookAtFile(state: HostState, event: FileEvent, see: See): void {
  const path = event.action === 'rename' ? (event.targetPath ?? '') : event.path
  if (!event.isSuccess || !CRON_PLACE.test(path) || /^(?:read|chmod|chown)$/u.test(event.action)) return
  const keeper = keeperOf(state.lineage, event.actor, event.time)
  if (keeper === 'packages' || isCronItself(event)) return
  if (event.action === 'delete') {
    see(removed(path))
    return
  }
  // `.job.swp` beside what is being edited.
  if (isEditor(event.actor) && hiddenPart(path) !== null) return
  const isImmutable = event.action === 'chattr' && (event.mode ?? '').startsWith('+')
  const isTelling =
    keeper === null &&
    (isOfService(state.lineage, event.actor, event.time) ||
      isHidingPlace(event.actor.exe ?? '') ||
      hiddenPart(path) !== null ||
      isImmutable)
  see(written(path, null, isTelling ? 'told' : 'context'))
}

/** crontab writes a file of its own and renames it: the command tells more. cron and anacron keep their stamps. */
function isCronItself(event: FileEvent): boolean {
  const program = baseName(event.actor.exe ?? '')
  if (program === 'crontab')
    return /\/(?:tmp\.|crontab\.)[A-Za-z0-9]{1,16}$/u.test(event.path) && event.action !== 'rename'
  return program === 'cron' || program === 'crond' || program === 'anacron' || program === 'atd'
}

function lookAtCommand(state: HostState, event: ProcessEvent, see: See): void {
  const text = event.commandLine
  if (!text.includes('cron')) return
  const keeper = keeperOf(state.lineage, event.actor, event.time)
  if (keeper === 'packages') return
  const { actor, time } = event
  const isByService = isOfService(state.lineage, actor, time) || isSystemAccount(actor)
  const by = keeper !== null ? 'keeper' : isByService ? 'service' : 'hand'
  for (const command of commandsOf(event)) lookAtOne(command, text, by, see)
}

/** Who writes the table: whoever keeps the machine in order, a service that nobody logged in to, or somebody. */
type By = 'keeper' | 'service' | 'hand'

function lookAtOne(command: Command, text: string, by: By, see: See): void {
  const target = targetOf(command)
  if (command.program === 'crontab') {
    const options = command.words.slice(1)
    if (options.includes('-r')) see(removed(userTable(options)))
    if (options.includes('-l') || options.includes('-e') || options.includes('-r') || options.includes('-V'))
      return
    const file = fileArgument(options)
    if (file === null) return
    const payload = payloadOf(text)
    // Tables are often edited in /tmp; nobody does that in a hidden place.
    const isHidden = file !== '-' && (hiddenPart(file) !== null || isMemoryPlace(file))
    see(written(userTable(options), payload?.remote ?? null, weightOf(by, payload !== null || isHidden)))
  } else if (target !== null) {
    const payload = payloadOf(text)
    see(written(target, payload?.remote ?? null, weightOf(by, payload !== null)))
  } else if (command.program === 'rm') {
    const path = command.words.find(
      (word, index) => index > 0 && CRON_PLACE.test(`${word.replace(/\/?\*?$/u, '')}/`),
    )
    if (path !== undefined) see(removed(path))
  }
}

function weightOf(by: By, hasPayload: boolean): Why {
  if (by === 'keeper') return 'context'
  return hasPayload ? 'payload' : by === 'service' ? 'told' : 'context'
}

/** The cron file a command writes by redirection, tee, cp, mv, install or ln. */
function targetOf(command: Command): string | null {
  const output = command.outputs.find((output) => CRON_PLACE.test(output.path))
  if (output !== undefined) return output.path
  if (!/^(?:tee|cp|mv|install|ln|dd|sed)$/u.test(command.program)) return null
  const last = command.words.findLast((word) => CRON_PLACE.test(word.replace(/^of=/u, '')))
  return last?.replace(/^of=/u, '') ?? null
}

function fileArgument(options: readonly string[]): string | null {
  for (let at = 0; at < options.length; at++) {
    const word = options[at] ?? ''
    if (word === '-u' || word === '-c') at++
    else if (word === '-' || !word.startsWith('-')) return word
  }
  return null
}

function userTable(options: readonly string[]): string {
  const at = options.indexOf('-u')
  const user = at < 0 ? undefined : options[at + 1]
  return user === undefined ? 'crontab' : `crontab of ${user}`
}

function removed(path: string): Sighting {
  return {
    what: 'cron-removed',
    title: `Cron jobs were removed (${path})`,
    severity: 'low',
    confidence: 0.3,
    stage: 'context',
    attack: ['T1070.009'],
    path,
    remote: null,
  }
}

type Why = 'told' | 'payload' | 'context'

function written(path: string, remote: string | null, why: Why): Sighting {
  const isTelling = why !== 'context'
  return {
    what: 'cron',
    title:
      remote === null
        ? `A cron job was written: ${path}`
        : `A cron job was written that fetches from ${remote}: ${path}`,
    severity: why === 'payload' ? 'high' : isTelling ? 'medium' : 'low',
    confidence: why === 'payload' ? 0.85 : isTelling ? 0.7 : 0.3,
    stage: isTelling ? 'persistence' : 'context',
    attack: ['T1053.003'],
    path,
    remote,
  }
}
