import type { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import { type Campaign, isOver, mergeCampaigns, newCampaign } from '../model/guessing/campaign.ts'
import { campaignDetector } from '../model/guessing/campaign-detector.ts'
import type { Detector, DetectorContext } from '../detector.ts'
import { attackerOf, isNameless, isSsh, witnessOf } from '../model/guessing/login-attempt.ts'
import { type Crowd, crowdFinding, followCrowd, isCrowdNews, mergeCrowds, newCrowd } from './crowd.ts'

/** Two views of the same tries: what one address does, and what all quiet addresses do together. */
export type Spraying = { view: 'address'; campaign: Campaign } | { view: 'machine'; crowd: Crowd }

const ID = 'ssh-spraying'
const TITLE = 'Many accounts or many addresses, each tried or trying only a few times'
/** Brute Force: Password Spraying. */
const TECHNIQUE = 'T1110.003'
const MACHINE_KEY = 'machine|'

const oneAddress = campaignDetector({ id: ID, title: TITLE, style: 'spray', technique: TECHNIQUE })

/** Keys: machine and address, and the machine alone. */
export const sshSpraying: Detector<Spraying> = {
  id: oneAddress.id,
  title: oneAddress.title,
  kinds: oneAddress.kinds,
  attack: oneAddress.attack,
  windowMs: oneAddress.windowMs,
  maxKeys: oneAddress.maxKeys,

  keysOf(event: Event): readonly string[] | null {
    const attacker = attackerOf(event)
    if (attacker === null) return null
    // Scanners come from everywhere and name nobody: they try no account.
    const isTry = isSsh(event) && !isNameless(event)
    return isTry ? [attacker, `${MACHINE_KEY}${witnessOf(event)}`] : [attacker]
  },

  create(key: string): Spraying {
    return key.startsWith(MACHINE_KEY)
      ? { view: 'machine', crowd: newCrowd(key) }
      : { view: 'address', campaign: newCampaign(key) }
  },

  step(state: Spraying, event: Event, tell: (finding: Finding) => void, context: DetectorContext): void {
    if (state.view === 'address') {
      oneAddress.step(state.campaign, event, tell, context)
    } else if (isSsh(event)) {
      if (isOver(state.crowd, event.time)) {
        tellCrowd(state.crowd, tell)
        state.crowd = newCrowd(state.crowd.key)
      }
      followCrowd(state.crowd, event)
      if (isCrowdNews(state.crowd)) tellCrowd(state.crowd, tell)
    }
  },

  merge(into: Spraying, from: Spraying): Spraying {
    if (into.view === 'address' && from.view === 'address') {
      return { view: 'address', campaign: mergeCampaigns(into.campaign, from.campaign) }
    }
    if (into.view === 'machine' && from.view === 'machine') {
      return { view: 'machine', crowd: mergeCrowds(into.crowd, from.crowd) }
    }
    return into
  },

  settle(state: Spraying, tell: (finding: Finding) => void, context: DetectorContext): void {
    if (state.view === 'address') oneAddress.settle?.(state.campaign, tell, context)
    else tellCrowd(state.crowd, tell)
  },
}

function tellCrowd(crowd: Crowd, tell: (finding: Finding) => void): void {
  const finding = crowdFinding(crowd, ID, TECHNIQUE)
  if (finding !== null) tell(finding)
}
