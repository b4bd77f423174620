import type { Event } from '../../event/event.ts'
import type { FileEvent } from '../../event/file.ts'
import type { ProcessEvent } from '../../event/process.ts'
import { defineHostDetector, type HostState, type Sighting } from '../model/host/host-detector.ts'
import { isEditor, isOfService, keeperOf } from '../model/host/maintenance.ts'
import { baseName, isHidingPlace } from '../model/host/places.ts'
import { type Command, commandsOf, isShell } from '../model/host/shell.ts'

type See = (sighting: Sighting) => void

const KEY_FILE = /\/\.ssh\/authorized_keys2?$|^\/etc\/ssh\/authorized_keys(?:\/|\.d\/|$)/u
const KEY_WORD = /(?:^|\/)authorized_keys2?$/u
const SSH_FOLDER = /(?:^|\/|~)\.ssh\/?(?:\*)?$/u
const PUBLIC_KEY = /\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d{3}|sk-ssh-ed25519@openssh\.com)\s+AAAA/u

interface Memory {
  /** Times and places where keys of others were thrown out lately. */
  cleared: { time: number; session: string | null }[]
}

const CLEARED_MS = 10 * 60_000
const MAX_CLEARED = 64

/**
 * Keys that let somebody in from now on. Adding one's own is everyday work and context; it is persistence
 * where other keys are thrown out for it, where the file is unlocked or locked against changes, or where a
 * network service or a program from a hiding place writes it.
 */
export const authorizedKeys = defineHostDetector<Memory>({
  id: 'authorized-keys',
  title: 'SSH keys planted or replaced',
  attack: ['T1098.004', 'T1222.002'],
  kinds: ['process', 'file'],
  remember: () => ({ cleared: [] }),
  look,
  mergeMemory(into, from) {
    into.cleared = [...into.cleared, ...from.cleared].toSorted((a, b) => a.time - b.time).slice(-MAX_CLEARED)
  },
})

function look(state: HostState & Memory, event: Event, see: See): void {
  if (event.kind === 'file') lookAtFile(state, event, see)
  else if (event.kind === 'process' && event.action === 'exec' && event.isSuccess)
    lookAtCommand(state, event, see)
}

function lookAtFile(state: HostState & Memory, event: FileEvent, see: See): void {
  const path = event.action === 'rename' ? (event.targetPath ?? '') : event.path
  const isKeys = KEY_FILE.test(path)
  if (!event.isSuccess || event.action === 'read' || !(isKeys || SSH_FOLDER.test(path))) return
  const keeper = keeperOf(state.lineage, event.actor, event.time)
  if (keeper === 'packages') return
  if (event.action === 'delete') {
    clear(state, event)
    see(seen('keys-removed', `SSH keys were removed: ${path}`, path, 'context'))
    return
  }
  if (event.action === 'chattr' && keeper === null) {
    seeLock(path, event.mode, see)
    return
  }
  if (!isKeys || event.action === 'chmod' || event.action === 'chown') return
  see(
    seen('authorized-keys', titleOf(event, path), path, keeper === null ? weightOf(state, event) : 'context'),
  )
}

function titleOf(event: FileEvent, path: string): string {
  return event.action === 'truncate' ? `SSH keys were overwritten: ${path}` : `SSH keys were written: ${path}`
}

/** Whoever cleans up unlocks; who locks wants to stay. */
function seeLock(path: string, letters: string | null, see: See): void {
  const isUnlocking = letters !== null && letters.startsWith('-')
  const how = isUnlocking ? 'unlocked for' : 'locked against'
  see(seen('authorized-keys', `${path} was ${how} changes`, path, isUnlocking ? 'unlock' : 'lock'))
}

type Weight = 'context' | 'overwrite' | 'lock' | 'unlock' | 'replace' | 'intruder'

function weightOf(state: HostState & Memory, event: FileEvent): Weight {
  const { actor } = event
  if (isOfService(state.lineage, actor, event.time) || isHidingPlace(actor.exe ?? '')) return 'intruder'
  if (isEditor(actor)) return 'context'
  if (wasCleared(state, event) && event.action !== 'write') return 'replace'
  // `>` in a shell: whoever had a key there is locked out.
  return event.action === 'truncate' && isShell(baseName(actor.exe ?? '')) ? 'overwrite' : 'context'
}

function lookAtCommand(state: HostState & Memory, event: ProcessEvent, see: See): void {
  const text = event.commandLine
  if (!text.includes('.ssh') && !text.includes('authorized_keys')) return
  const keeper = keeperOf(state.lineage, event.actor, event.time)
  if (keeper !== null) return
  for (const command of commandsOf(event)) lookAtOne(state, event, command, see)
}

function lookAtOne(state: Memory, event: ProcessEvent, command: Command, see: See): void {
  const named = command.words.find(
    (word, index) => index > 0 && (KEY_WORD.test(word) || SSH_FOLDER.test(word)),
  )
  if (named !== undefined && (command.program === 'chattr' || command.program === 'lockr')) {
    const letters = command.words.find((word, index) => index > 0 && /^[-+=][a-zA-Z]{1,16}$/u.test(word))
    // `lockr` is what Outlaw calls its own copy of chattr.
    seeLock(named, command.program === 'lockr' ? '+' : (letters ?? null), see)
  } else if (named !== undefined && command.program === 'rm') {
    clear(state, event)
    see(seen('keys-removed', `SSH keys were removed: ${named}`, named, 'context'))
  }
  const output = command.outputs.find((output) => KEY_WORD.test(output.path))
  if (output === undefined) return
  const hasKey = PUBLIC_KEY.test(command.words.join(' ').slice(0, 16_384))
  const isReplacing = wasCleared(state, event)
  const weight: Weight = isReplacing ? 'replace' : hasKey && !output.isAppended ? 'overwrite' : 'context'
  const how = output.isAppended ? 'An SSH key was added' : 'SSH keys were overwritten'
  see(seen('authorized-keys', `${how}: ${output.path}`, output.path, weight))
}

function clear(state: Memory, event: Event & { actor: { session: string | null } }): void {
  state.cleared.push({ time: event.time, session: event.actor.session })
  if (state.cleared.length > MAX_CLEARED) state.cleared.shift()
}

function wasCleared(state: Memory, event: Event & { actor: { session: string | null } }): boolean {
  return state.cleared.some(
    (cleared) =>
      cleared.session === event.actor.session &&
      event.time >= cleared.time &&
      event.time - cleared.time <= CLEARED_MS,
  )
}

const WEIGHTS: Record<Weight, Pick<Sighting, 'severity' | 'confidence' | 'stage'>> = {
  context: { severity: 'low', confidence: 0.3, stage: 'context' },
  overwrite: { severity: 'low', confidence: 0.45, stage: 'context' },
  unlock: { severity: 'low', confidence: 0.4, stage: 'context' },
  lock: { severity: 'medium', confidence: 0.65, stage: 'persistence' },
  replace: { severity: 'high', confidence: 0.85, stage: 'persistence' },
  intruder: { severity: 'high', confidence: 0.85, stage: 'persistence' },
}

function seen(what: string, title: string, path: string, weight: Weight): Sighting {
  const isLock = weight === 'lock' || weight === 'unlock'
  const attack = isLock ? ['T1098.004', 'T1222.002'] : ['T1098.004']
  // Locking and writing are told apart: the story needs both.
  const fold = isLock ? `${path} lock` : path
  return { what, title, path, remote: null, fold, attack, ...WEIGHTS[weight] }
}
