import type { Event } from '../../event/event.ts'
import type { FileEvent } from '../../event/file.ts'
import type { ProcessEvent } from '../../event/process.ts'
import { defineHostDetector, type HostState, type Sighting } from '../model/host/host-detector.ts'
import { isEditor, isOfService, keeperOf } from '../model/host/maintenance.ts'
import { isHidingPlace } from '../model/host/places.ts'
import { payloadOf } from '../model/host/payload.ts'
import type { Command } from '../model/host/shell.ts'
import { unwrap } from '../model/host/unwrap.ts'
import { containerOf, podOf } from './container.ts'
import { accountOf, addedAccount } from './account.ts'
import { placeOf } from './places.ts'

type See = (sighting: Sighting) => void

/** What stays, told by kind. `weight`: everybody’s work, something few do, or an intruder’s. */
export interface Lasting {
  readonly what:
    | 'account'
    | 'at-job'
    | 'boot-script'
    | 'pam'
    | 'profile'
    | 'container'
    | 'pod'
    | 'process-hidden'
    | 'kernel-module'
  readonly title: string
  readonly path: string
  readonly attack: string
  readonly weight: 'context' | 'telling' | 'intruder'
}

/**
 * Ways to stay on a machine besides jobs, keys and units: accounts, at jobs, boot scripts, PAM, shell profiles,
 * containers, processes hidden by a mount. Owners do most of them, so by itself each is context.
 */
export const otherPersistence = defineHostDetector<object>({
  id: 'other-persistence',
  title: 'Accounts, boot scripts, profiles, PAM and containers that keep somebody on the machine',
  attack: [
    'T1136.001',
    'T1053.002',
    'T1037.004',
    'T1556.003',
    'T1546.004',
    'T1610',
    'T1564.013',
    'T1547.006',
  ],
  kinds: ['process', 'file', 'account'],
  remember: () => ({}),
  look,
  mergeMemory() {},
})

function look(state: HostState, event: Event, see: See): void {
  if (event.kind === 'file') lookAtFile(state, event, see)
  else if (event.kind === 'process' && event.action === 'exec' && event.isSuccess)
    lookAtCommand(state, event, see)
  else if (
    event.kind === 'account' &&
    event.action === 'add-user' &&
    event.isSuccess &&
    event.user !== null
  ) {
    if (keeperOf(state.lineage, event.actor, event.time) === 'packages') return
    see(sighting(addedAccount(event.user, event.origin.raw), null))
  }
}

function lookAtFile(state: HostState, event: FileEvent, see: See): void {
  const { action, actor, time } = event
  const path = action === 'rename' ? (event.targetPath ?? '') : event.path
  if (!event.isSuccess) return
  const lasting = placeOf(path, action === 'mount')
  if (lasting === null || !/^(?:create|write|truncate|rename|link|mount|chattr)$/u.test(action)) return
  const keeper = keeperOf(state.lineage, actor, time)
  if (keeper === 'packages' || isEditor(actor)) return
  const isIntruders =
    keeper === null && (isOfService(state.lineage, actor, time) || isHidingPlace(actor.exe ?? ''))
  see(sighting(isIntruders ? { ...lasting, weight: 'intruder' } : lasting, null))
}

/** A quick look before a command is taken apart. */
const INTEREST =
  /useradd|adduser|usermod|\/etc\/|\bat\b|\bbatch\b|rc\.local|pam|profile|rc\b|docker|podman|nerdctl|ctr\b|mount|insmod|modprobe/u

function lookAtCommand(state: HostState, event: ProcessEvent, see: See): void {
  if (!INTEREST.test(event.commandLine.slice(0, 16_384))) return
  const keeper = keeperOf(state.lineage, event.actor, event.time)
  if (keeper === 'packages') return
  const isIntruders = keeper === null && isOfService(state.lineage, event.actor, event.time)
  for (const command of unwrap(event).commands) {
    const lasting = ofCommand(command)
    if (lasting === null) continue
    const payload =
      lasting.what === 'account' || lasting.what === 'container' ? null : payloadOf(event.commandLine)
    const weight = isIntruders || payload !== null ? 'intruder' : lasting.weight
    see(
      sighting({ ...lasting, weight: keeper === 'automation' ? 'context' : weight }, payload?.remote ?? null),
    )
  }
}

function ofCommand(command: Command): Lasting | null {
  const { program, words, outputs } = command
  for (const { path } of outputs) {
    const lasting = placeOf(path, false)
    if (lasting !== null) return lasting
  }
  switch (program) {
    case 'useradd':
    case 'adduser':
    case 'usermod':
      return accountOf(words)
    case 'at':
    case 'batch':
      return words.some((word) => /^-[lrcVd]$/u.test(word))
        ? null
        : {
            what: 'at-job',
            title: 'A job was put off to later',
            path: 'at',
            attack: 'T1053.002',
            weight: 'context',
          }
    case 'docker':
    case 'podman':
    case 'nerdctl':
      return containerOf(words)
    case 'kubectl':
    case 'oc':
      return podOf(words)
    case 'mount': {
      const over = words.at(-1) ?? ''
      const isBind = words.some((word) => /^(?:--r?bind|-B)$|(?:^|,)r?bind(?:,|$)/u.test(word))
      return isBind || words.includes('tmpfs') ? placeOf(over, true) : null
    }
    case 'insmod':
      return {
        what: 'kernel-module',
        title: `A kernel module was loaded: ${words[1] ?? ''}`,
        path: words[1] ?? '',
        attack: 'T1547.006',
        weight: isHidingPlace(words[1] ?? '') ? 'intruder' : 'context',
      }
    case 'tee':
    case 'cp':
    case 'mv':
    case 'install':
    case 'sed': {
      const last = words.findLast((word) => placeOf(word, false) !== null)
      return last === undefined || (program === 'sed' && !words.some((word) => word.startsWith('-i')))
        ? null
        : placeOf(last, false)
    }
    default:
      return null
  }
}

const WEIGHTS: Record<Lasting['weight'], Pick<Sighting, 'severity' | 'confidence' | 'stage'>> = {
  context: { severity: 'low', confidence: 0.3, stage: 'context' },
  telling: { severity: 'medium', confidence: 0.65, stage: 'persistence' },
  intruder: { severity: 'high', confidence: 0.8, stage: 'persistence' },
}

function sighting({ what, title, path, attack, weight }: Lasting, remote: string | null): Sighting {
  return { what, title, path, remote, attack: [attack], ...WEIGHTS[weight] }
}
