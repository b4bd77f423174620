import type { Keyed, Listening } from '../../../engine/keyed.ts'
import type { AuthEvent } from '../../../event/auth.ts'
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
import type { Detector, DetectorContext } from '../../detector.ts'
import { attackerOf, isSsh } from './login-attempt.ts'

export interface CampaignRule {
  readonly id: string
  readonly title: string
  readonly style: GuessingStyle
  readonly technique: string
}

/** Addresses with guesses in the last day that are held at once, over all machines. */
const MAX_ADDRESSES = 8_000

/**
 * What every address tries on every machine, followed once for all detectors that tell of it. It tells a
 * campaign when that is worth telling (again) and when it is over; its style says whose it is.
 */
export const campaigns: Keyed<Campaign, Event, Campaign, DetectorContext> = {
  id: 'ssh-campaigns',
  kinds: ['auth'],
  windowMs: CAMPAIGN_MS,
  maxKeys: MAX_ADDRESSES,
  keysOf: attackerOf,
  create: newCampaign,
  step(campaign: Campaign, event: Event, tell: (campaign: Campaign) => void): void {
    if (isSsh(event)) stepCampaign(campaign, event, tell)
  },
  merge: mergeCampaigns,
  settle: settleCampaign,
}

function stepCampaign(campaign: Campaign, event: AuthEvent, tell: (campaign: Campaign) => void): void {
  if (isOver(campaign, event.time)) {
    settleCampaign(campaign, tell)
    Object.assign(campaign, newCampaign(campaign.key))
  }
  if (follow(campaign, event) && campaign.style !== null && isNews(campaign)) tell(campaign)
}

function settleCampaign(campaign: Campaign, tell: (campaign: Campaign) => void): void {
  settleStyle(campaign)
  tell(campaign)
}

/** The campaigns of one style as findings. */
export function campaignsOf({
  id,
  style,
  technique,
}: Omit<CampaignRule, 'title'>): Listening<Campaign, Event, Finding, DetectorContext> {
  return {
    to: campaigns,
    hear(campaign: Campaign, tell: (finding: Finding) => void): void {
      if (campaign.style !== style) return
      const finding = tellingOf(campaign, id, technique)
      if (finding !== null) tell(finding)
    },
  }
}

/** A detector of one style of guessing by one address against one machine. */
export function campaignDetector(rule: CampaignRule): Detector<null> {
  return {
    id: rule.id,
    title: rule.title,
    kinds: campaigns.kinds,
    attack: [rule.technique],
    windowMs: campaigns.windowMs,
    maxKeys: campaigns.maxKeys,
    listens: campaignsOf(rule),
    // All that it knows is in the campaigns.
    keysOf: () => null,
    create: () => null,
    step: () => {},
    merge: (into) => into,
  }
}
