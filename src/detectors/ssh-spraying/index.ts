import type { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import { CAMPAIGN_MS, isOver } from '../model/guessing/campaign.ts'
import { campaignsOf } from '../model/guessing/campaign-detector.ts'
import type { Detector } from '../detector.ts'
import { attackerOf, isNameless, isSsh, witnessOf } from '../model/guessing/login-attempt.ts'
import { type Crowd, crowdFinding, followCrowd, isCrowdNews, mergeCrowds, newCrowd } from './crowd.ts'

const ID = 'ssh-spraying'
const TITLE = 'Many accounts or many addresses, each tried or trying only a few times'
/** Brute Force: Password Spraying. */
const TECHNIQUE = 'T1110.003'
/** Machines that are tried in the last day and held at once. */
const MAX_MACHINES = 4_000

/** Two views of the same tries: what one address does is a campaign; what all quiet addresses do together, a crowd. Key: the machine. */
export const sshSpraying: Detector<Crowd> = {
  id: ID,
  title: TITLE,
  kinds: ['auth'],
  attack: [TECHNIQUE],
  windowMs: CAMPAIGN_MS,
  maxKeys: MAX_MACHINES,
  listens: campaignsOf({ id: ID, style: 'spray', technique: TECHNIQUE }),

  keysOf(event: Event): string | null {
    // Scanners come from everywhere and name nobody: they try no account.
    if (attackerOf(event) === null || !isSsh(event) || isNameless(event)) return null
    return `machine|${witnessOf(event)}`
  },

  create: newCrowd,

  step(crowd: Crowd, event: Event, tell: (finding: Finding) => void): void {
    const attacker = attackerOf(event)
    if (!isSsh(event) || attacker === null) return
    if (isOver(crowd, event.time)) {
      tellCrowd(crowd, tell)
      Object.assign(crowd, newCrowd(crowd.key))
    }
    followCrowd(crowd, attacker, event)
    if (isCrowdNews(crowd)) tellCrowd(crowd, tell)
  },

  merge: mergeCrowds,
  settle: tellCrowd,
}

function tellCrowd(crowd: Crowd, tell: (finding: Finding) => void): void {
  const finding = crowdFinding(crowd, ID, TECHNIQUE)
  if (finding !== null) tell(finding)
}
