import type { Event } from '../../event/event.ts'
import type { FileEvent } from '../../event/file.ts'
import type { ProcessEvent } from '../../event/process.ts'
import { defineHostDetector, type HostState, type Sighting } from '../model/host/host-detector.ts'
import { isOfService, keeperOf } from '../model/host/maintenance.ts'
import { baseName, isHidingPlace } from '../model/host/places.ts'
import { payloadOf } from '../model/host/payload.ts'
import { type Command, commandsOf } from '../model/host/shell.ts'

type See = (sighting: Sighting) => void

const UNIT_PLACE =
  /^\/(?:etc|lib|usr\/lib|usr\/local\/lib|run)\/systemd\/(?:system|user)\/|^\/(?:root|home\/[^/]+|var\/[^/]+\/[^/]+)\/\.(?:config|local\/share)\/systemd\/user\//u
const UNIT_NAME = /\.(?:service|timer|path|socket|mount|target)$|\.d\/[^/]+\.conf$/u

interface Memory {
  /** Units written by hand, with what is known of them; newest last. */
  units: { name: string; path: string; isTelling: boolean }[]
}

const MAX_UNITS = 256

/**
 * A unit that starts a program at boot or again and again. Administrators write units too: by itself it
 * is context. It is persistence where the command shows a hiding place or a download, or where a network
 * service or a program from a hiding place wrote it.
 */
export const systemdPersistence = defineHostDetector<Memory>({
  id: 'systemd-persistence',
  title: 'Systemd units that keep an intruder on the machine',
  attack: ['T1543.002', 'T1569.003'],
  kinds: ['process', 'file', 'service'],
  remember: () => ({ units: [] }),
  look,
  mergeMemory(into, from) {
    into.units = [...into.units, ...from.units].slice(-MAX_UNITS)
  },
})

function look(state: HostState & Memory, event: Event, see: See): void {
  if (event.kind === 'file') lookAtFile(state, event, see)
  else if (event.kind === 'process' && event.action === 'exec' && event.isSuccess)
    lookAtCommand(state, event, see)
  else if (event.kind === 'service' && event.action === 'start' && event.isSuccess) {
    const unit = unitNamed(state, event.unit)
    if (unit !== undefined) see(written(unit.path, null, unit.isTelling ? 'started' : 'context'))
  }
}

function lookAtFile(state: HostState & Memory, event: FileEvent, see: See): void {
  const path = event.action === 'rename' ? (event.targetPath ?? '') : event.path
  const isWriting = /^(?:create|write|truncate|rename|link|chattr)$/u.test(event.action)
  if (!isWriting || !event.isSuccess || !UNIT_PLACE.test(path) || !UNIT_NAME.test(path)) return
  const keeper = keeperOf(state.lineage, event.actor, event.time)
  // systemd and systemctl make links and transient units for what others decided.
  if (
    keeper === 'packages' ||
    /^(?:systemd.*|systemctl|netplan.*|snapd-.*)$/u.test(baseName(event.actor.exe ?? ''))
  )
    return
  const target = event.action === 'link' ? (event.targetPath ?? '') : ''
  const isTelling =
    keeper === null &&
    (isOfService(state.lineage, event.actor, event.time) ||
      isHidingPlace(event.actor.exe ?? '') ||
      (target !== '' && isHidingPlace(target)))
  remember(state, path, isTelling)
  see(written(path, null, isTelling ? 'writer' : 'context'))
}

function lookAtCommand(state: HostState & Memory, event: ProcessEvent, see: See): void {
  const text = event.commandLine
  if (!text.includes('systemctl') && !text.includes('systemd')) return
  const keeper = keeperOf(state.lineage, event.actor, event.time)
  if (keeper === 'packages') return
  for (const command of commandsOf(event)) {
    const path = unitWritten(command)
    if (path !== null) {
      const isTelling = keeper === null && payloadOf(textBehind(text)) !== null
      remember(state, path, isTelling)
      see(written(path, null, isTelling ? 'payload' : 'context'))
    }
    if (command.program === 'systemctl') lookAtSystemctl(state, command, see)
    if (command.program === 'systemd-run') lookAtTransient(command, text, keeper === null, see)
  }
}

/** Units that nobody wrote before our eyes are the distribution's: enabling them says nothing. */
function lookAtSystemctl(state: HostState & Memory, command: Command, see: See): void {
  const verb = command.words.find((word, index) => index > 0 && !word.startsWith('-'))
  if (verb !== 'enable' && verb !== 'start' && verb !== 'restart' && verb !== 'link' && verb !== 'reenable')
    return
  for (const word of command.words.slice(2)) {
    if (word.startsWith('/') && isHidingPlace(word)) {
      remember(state, word, true)
      see(written(word, null, 'payload'))
      continue
    }
    const unit = unitNamed(state, word)
    if (unit !== undefined) see(written(unit.path, null, unit.isTelling ? 'started' : 'context'))
  }
}

function lookAtTransient(command: Command, text: string, isByHand: boolean, see: See): void {
  const payload = payloadOf(text)
  const program = command.words.find((word, index) => index > 0 && word.startsWith('/'))
  const isHidden = program !== undefined && isHidingPlace(program)
  if ((payload === null && !isHidden) || !isByHand) return
  const what = command.words.slice(1).join(' ').slice(0, 200)
  const transient = written(program ?? what, payload?.remote ?? null, 'payload')
  see({ ...transient, title: `Systemd was told to run something of its own accord: ${what}`, fold: what })
}

function isUnit(path: string): boolean {
  return UNIT_PLACE.test(path) && UNIT_NAME.test(path)
}

/** The unit a command writes by redirection, tee, cp, mv, install or ln. */
function unitWritten(command: Command): string | null {
  const output = command.outputs.find((output) => isUnit(output.path))
  if (output !== undefined) return output.path
  if (!/^(?:tee|cp|mv|install|ln)$/u.test(command.program)) return null
  return command.words.findLast(isUnit) ?? null
}

/** What a unit would run, where the command spells it out. */
function textBehind(text: string): string {
  const at = text.indexOf('ExecStart')
  return at < 0 ? text : text.slice(at)
}

function remember(state: Memory, path: string, isTelling: boolean): void {
  const at = state.units.findIndex((unit) => unit.path === path)
  const known = at < 0 ? undefined : state.units.splice(at, 1)[0]
  state.units.push({ name: baseName(path), path, isTelling: isTelling || known?.isTelling === true })
  if (state.units.length > MAX_UNITS) state.units.shift()
}

/** systemctl and audit records leave `.service` out. */
function unitNamed(state: Memory, name: string): Memory['units'][number] | undefined {
  return state.units.findLast((unit) => unit.name === name || unit.name === `${name}.service`)
}

function written(
  path: string,
  remote: string | null,
  why: 'payload' | 'writer' | 'started' | 'context',
): Sighting {
  const isTelling = why !== 'context'
  return {
    what: 'systemd',
    title: `A systemd unit was written by hand: ${path}`,
    severity: why === 'payload' ? 'high' : isTelling ? 'medium' : 'low',
    confidence: why === 'payload' ? 0.8 : isTelling ? 0.7 : 0.3,
    stage: isTelling ? 'persistence' : 'context',
    attack: ['T1543.002'],
    path,
    remote,
  }
}
