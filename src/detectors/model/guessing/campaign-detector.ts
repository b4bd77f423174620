import type { Event } from '../../../event/event.ts'
import type { Finding } from '../../../event/finding.ts'
import {
  CAMPAIGN_MS,
  type Campaign,
  follow,
  type GuessingStyle,
  isNews,
  isOver,
  mergeCampaigns,
  newCampaign,
  settleStyle,
  tellingOf,
} from './campaign.ts'
import type { Detector } from '../../detector.ts'
import { attackerOf, isSsh } from './login-attempt.ts'
import { emptyTally } from './tally.ts'

export interface CampaignRule {
  readonly id: string
  readonly title: string
  readonly style: GuessingStyle
  readonly technique: string
}

/** Addresses with guesses in the last day that are held at once, over all machines. */
const MAX_ADDRESSES = 4_000

/** A detector of one style of guessing by one address against one machine. */
export function campaignDetector(rule: CampaignRule): Detector<Campaign> {
  return {
    id: rule.id,
    title: rule.title,
    kinds: ['auth'],
    attack: [rule.technique],
    windowMs: CAMPAIGN_MS,
    maxKeys: MAX_ADDRESSES,
    keysOf: attackerOf,
    create: newCampaign,
    step(campaign: Campaign, event: Event, tell: (finding: Finding) => void): void {
      if (isSsh(event)) stepCampaign(campaign, event, rule, tell)
    },
    merge: mergeCampaigns,
    settle(campaign: Campaign, tell: (finding: Finding) => void): void {
      settleCampaign(campaign, rule, tell)
    },
  }
}

function settleCampaign(campaign: Campaign, rule: CampaignRule, tell: (finding: Finding) => void): void {
  settleStyle(campaign)
  if (campaign.style === rule.style) tellCampaign(campaign, rule, tell)
}

function stepCampaign(
  campaign: Campaign,
  event: Extract<Event, { kind: 'auth' }>,
  rule: CampaignRule,
  tell: (finding: Finding) => void,
): void {
  if (isOver(campaign, event.time)) {
    settleCampaign(campaign, rule, tell)
    Object.assign(campaign, newCampaign(campaign.key))
  }
  if (isOthers(campaign, rule)) {
    // Only to know when it is over.
    campaign.lastSeen = Math.max(campaign.lastSeen, event.time)
    return
  }
  if (!follow(campaign, event)) return
  if (isOthers(campaign, rule)) {
    // Another detector tells this one: what it would be told with is dead weight here.
    campaign.evidence = []
    campaign.users = emptyTally()
    return
  }
  if (campaign.style !== null && isNews(campaign)) tellCampaign(campaign, rule, tell)
}

function isOthers(campaign: Campaign, rule: CampaignRule): boolean {
  return campaign.style !== null && campaign.style !== rule.style
}

function tellCampaign(campaign: Campaign, rule: CampaignRule, tell: (finding: Finding) => void): void {
  const finding = tellingOf(campaign, rule.id, rule.technique)
  if (finding !== null) tell(finding)
}
