import type { Event } from '../../event/event.ts'
import { defineHostDetector, type HostState, type Sighting } from '../model/host/host-detector.ts'
import { isOfService, keeperOf } from '../model/host/maintenance.ts'
import { baseName, isHidingPlace } from '../model/host/places.ts'
import { unwrap } from '../model/host/unwrap.ts'
import { secretIn, secretOf, type Secret } from './secrets.ts'

type See = (sighting: Sighting) => void

/** What reads a file for somebody to see or to carry off. */
const READERS: ReadonlySet<string> = new Set(
  'cat tac less more head tail grep egrep fgrep zgrep rg awk gawk sed cp scp tar zip gzip xxd hexdump strings dd base64 curl wget nc ncat find python python3 perl od cut sort tee rsync sh bash dash'.split(
    ' ',
  ),
)
const INTEREST =
  /aws|\.ssh|id_(?:rsa|ed25519|ecdsa|dsa)|docker|kube|environ|shadow|169\.254|metadata|100\.100\.100\.200|gcloud|\.azure|git-credentials|netrc|pgpass|\.env\b|tfstate|\.boto|s3cfg|serviceaccount|\.my\.cnf|history|\benv\b|printenv/iu

/**
 * Keys, passwords and tokens were read. Owners look at their own files, too: by itself it is context, and tells
 * what an intruder of that session may carry; by a network service or a hidden program it is more.
 */
export const credentialAccess = defineHostDetector<object>({
  id: 'credential-access',
  title: 'Keys, passwords and tokens that were read',
  attack: ['T1552.001', 'T1552.004', 'T1552.005', 'T1003.008'],
  kinds: ['process', 'file', 'socket'],
  remember: () => ({}),
  look,
  mergeMemory() {},
})

function look(state: HostState, event: Event, see: See): void {
  if (event.kind === 'file') {
    if (event.action !== 'read' || !event.isSuccess || !READERS.has(baseName(event.actor.exe ?? ''))) {
      if (!(event.action === 'read' && isHidingPlace(event.actor.exe ?? ''))) return
    }
    const secret = secretOf(event.path)
    if (secret !== null) tell(state, event, secret, see)
  } else if (event.kind === 'socket') {
    const isMetadata =
      event.action === 'connect' &&
      (event.ip === '169.254.169.254' || event.ip === 'fd00:ec2::254' || event.ip === '100.100.100.200')
    const program = baseName(event.actor.exe ?? '')
    if (isMetadata && (program === 'curl' || program === 'wget' || isHidingPlace(event.actor.exe ?? '')))
      tell(state, event, { what: 'the metadata service', path: event.ip ?? '', attack: 'T1552.005' }, see)
  } else if (event.kind === 'process' && event.action === 'exec' && event.isSuccess) {
    if (!INTEREST.test(event.commandLine.slice(0, 16_384))) return
    for (const command of unwrap(event).commands) {
      if (!READERS.has(command.program) && command.program !== 'env' && command.program !== 'printenv')
        continue
      for (const secret of secretIn(command)) tell(state, event, secret, see)
    }
  }
}

function tell(
  state: HostState,
  event: Event & { kind: 'file' | 'process' | 'socket' },
  secret: Secret,
  see: See,
): void {
  const { actor, time } = event
  const keeper = keeperOf(state.lineage, actor, time)
  if (keeper === 'packages' || keeper === 'automation') return
  const isIntruders =
    keeper === null && (isOfService(state.lineage, actor, time) || isHidingPlace(actor.exe ?? ''))
  see({
    what: 'credential-access',
    title: `Secrets were read: ${secret.what}`,
    severity: isIntruders ? 'medium' : 'low',
    confidence: isIntruders ? 0.6 : 0.3,
    stage: isIntruders ? 'foothold' : 'context',
    attack: [secret.attack],
    path: secret.path,
    remote: null,
  })
}
