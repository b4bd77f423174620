import type { AuthEvent } from '../../../event/auth.ts'
import { contentId } from '../../../event/content-id.ts'
import type { Finding, LoginFacts } from '../../../event/finding.ts'
import type { Identifier } from '../../../event/identifier.ts'
import type { Evidence } from '../../../event/origin.ts'
import { evidenceOf } from '../../evidence.ts'
import { isNameless } from './login-attempt.ts'
import { busiest, countName, emptyTally, mergeTally, namesIn, type Tally } from './tally.ts'

/** What one address tried on one machine, from its first try until it had been quiet for a window. */
export interface Campaign {
  key: string
  srcIp: string | null
  machine: Identifier | null
  tries: number
  /** Of `tries`: for accounts that do not exist; and broken off before naming anybody. */
  unknownTries: number
  namelessTries: number
  users: Tally
  firstSeen: number
  lastSeen: number
  /** Times of the latest tries before the style was decided, at most `PACE_TRIES`, oldest first. */
  recent: number[]
  lastPid: number | null
  evidence: Evidence[]
  /** Decided once, when there are enough tries to call it guessing: each campaign is told by one detector. */
  style: GuessingStyle | null
  id: string | null
  toldTries: number
}

export type GuessingStyle = 'fast' | 'slow' | 'spray'

/** What can be told apart by counting alone. */
interface Counts {
  readonly tries: number
  readonly unknownTries: number
  readonly namelessTries: number
  readonly names: number
}

/** Tries for existing accounts that nobody makes by mistyping: two connections' worth of prompts. */
const MIN_TRIES = 5
/** Fewer are enough where the accounts do not exist, where several are tried, or where nobody is named. */
const MIN_STRANGE_TRIES = 3
/** The latest `PACE_TRIES` tries within `PACE_MS` are a program's pace; anything slower hides from such counting. */
const PACE_TRIES = 3
const PACE_MS = 30_000
/** At most so many tries per name is trying names one after the other rather than guessing at one. */
const SPRAY_TRIES_PER_NAME = 1.5
/** So many tries show whether it goes on like that: a guesser often begins with a few names, then stays with one. */
const SPRAY_TRIES = 8
/** A campaign that has been quiet for so long is over. */
export const CAMPAIGN_MS = 24 * 3_600_000
/** Origins kept per campaign, half from its start, half from its end. Few: addresses come by the thousand. */
const EVIDENCE_KEPT = 4

export function newCampaign(key: string): Campaign {
  return {
    key,
    srcIp: null,
    machine: null,
    tries: 0,
    unknownTries: 0,
    namelessTries: 0,
    users: emptyTally(),
    firstSeen: 0,
    lastSeen: 0,
    recent: [],
    lastPid: null,
    evidence: [],
    style: null,
    id: null,
    toldTries: 0,
  }
}

/** The next event begins a campaign of its own. The engine expires state too, but only as watermarks come. */
export function isOver({ lastSeen }: { lastSeen: number }, time: number): boolean {
  return time - lastSeen > CAMPAIGN_MS
}

/** Enough to call it guessing, given what was tried. */
function isGuessing({ tries, unknownTries, namelessTries, names }: Counts): boolean {
  if (tries >= MIN_TRIES) return true
  return unknownTries >= MIN_STRANGE_TRIES || namelessTries >= MIN_STRANGE_TRIES || names >= MIN_STRANGE_TRIES
}

/** As `isGuessing`, where no more will come: two names that do not exist are no slip either. */
export function isGuessingAtTheEnd(counts: Counts): boolean {
  return isGuessing(counts) || (counts.unknownTries > 1 && counts.names > 1)
}

/**
 * Takes an event of the campaign's address in: a try is counted, a login by somebody who had only
 * mistyped starts the count again. False where nothing changed.
 */
export function follow(campaign: Campaign, event: AuthEvent): boolean {
  if (event.outcome === 'success') {
    if (campaign.style === null && campaign.tries < MIN_TRIES)
      Object.assign(campaign, newCampaign(campaign.key))
    return false
  }
  // The end of a connection whose failed tries were counted is not one more try.
  if (event.outcome === 'aborted' && event.pid !== null && event.pid === campaign.lastPid) return false
  countTry(campaign, event)
  if (campaign.style === null && hasEnough(campaign)) {
    const style = styleOf(campaign)
    if (style !== 'spray' || campaign.tries >= SPRAY_TRIES) campaign.style = style
  }
  return true
}

function hasEnough(campaign: Campaign): boolean {
  if (campaign.tries >= MIN_TRIES) return true
  const { tries, unknownTries, namelessTries, users } = campaign
  return isGuessing({ tries, unknownTries, namelessTries, names: namesIn(users) })
}

function countTry(campaign: Campaign, event: AuthEvent): void {
  const isFirst = campaign.tries === 0
  campaign.srcIp = event.srcIp
  campaign.machine ??= event.subjects[0] ?? event.observer
  campaign.tries += event.count
  if (event.isUnknownUser) campaign.unknownTries += event.count
  if (isNameless(event)) campaign.namelessTries += event.count
  if (event.user !== null) countName(campaign.users, event.user, event.count)
  campaign.firstSeen = isFirst ? event.time : Math.min(campaign.firstSeen, event.time)
  campaign.lastSeen = isFirst ? event.time : Math.max(campaign.lastSeen, event.time)
  campaign.lastPid = event.pid
  if (campaign.style === null) campaign.recent = withTimes(campaign.recent, event)
  campaign.evidence = withEnd(campaign.evidence, evidenceOf(event), EVIDENCE_KEPT)
}

/** With the event's time, as often as it counts, as far as that matters. */
function withTimes(recent: readonly number[], { time, count }: AuthEvent): number[] {
  const times = [...recent]
  for (let left = Math.min(count, PACE_TRIES); left > 0; left--) times.push(time)
  return latest(times)
}

function latest(times: readonly number[]): number[] {
  const isSorted = times.every((time, at) => at === 0 || (times[at - 1] ?? 0) <= time)
  return (isSorted ? times : times.toSorted((a, b) => a - b)).slice(-PACE_TRIES)
}

function styleOf(campaign: Campaign): GuessingStyle {
  if (namesIn(campaign.users) >= MIN_STRANGE_TRIES && isSpread(campaign)) return 'spray'
  const { recent } = campaign
  const isPaced = recent.length === PACE_TRIES && (recent.at(-1) ?? 0) - (recent[0] ?? 0) <= PACE_MS
  return isPaced ? 'fast' : 'slow'
}

function isSpread(campaign: Campaign): boolean {
  return campaign.tries <= namesIn(campaign.users) * SPRAY_TRIES_PER_NAME
}

/** For a campaign that will not go on: nothing is left to wait for. */
export function settleStyle(campaign: Campaign): void {
  if (campaign.style !== null) return
  const { tries, unknownTries, namelessTries, users } = campaign
  const counts = { tries, unknownTries, namelessTries, names: namesIn(users) }
  if (isGuessingAtTheEnd(counts)) campaign.style = styleOf(campaign)
}

/** Worth telling (again): it has just become guessing, or it has doubled since it was told. */
export function isNews(campaign: Campaign): boolean {
  return campaign.toldTries === 0 || campaign.tries >= campaign.toldTries * 2
}

/** The finding as it stands; null where the last telling still says it all. */
export function tellingOf(campaign: Campaign, detector: string, technique: string): Finding | null {
  const { evidence } = campaign
  const first = evidence[0]
  // What began name by name may have stayed with one.
  const style = campaign.style === 'spray' && !isSpread(campaign) ? 'fast' : campaign.style
  if (style === null || first === undefined || campaign.tries === campaign.toldTries) return null
  campaign.id ??= contentId('finding', detector, campaign.key, first.time, first.raw)
  campaign.toldTries = campaign.tries
  return {
    id: campaign.id,
    detector,
    title: titleOf(campaign, style),
    severity: isWatching(campaign, style) ? 'info' : 'low',
    confidence: confidenceOf(campaign),
    stage: isWatching(campaign, style) ? 'context' : 'pressure',
    attack: [technique],
    subjects: [campaign.machine ?? campaign.key],
    firstSeen: campaign.firstSeen,
    lastSeen: campaign.lastSeen,
    count: campaign.tries,
    evidence: [...evidence],
    facts: factsOf(campaign, style),
  }
}

/** Connects now and then and names nobody: a monitor or a scanner, not a guesser. */
function isWatching({ tries, namelessTries }: Campaign, style: GuessingStyle): boolean {
  return namelessTries === tries && style === 'slow'
}

function factsOf(campaign: Campaign, style: GuessingStyle): LoginFacts {
  return {
    type: 'login',
    service: 'sshd',
    srcIps: campaign.srcIp === null ? [] : [campaign.srcIp],
    sourceCount: 1,
    users: busiest(campaign.users, 20),
    userCount: namesIn(campaign.users),
    tries: campaign.tries,
    method: null,
    style,
    pid: null,
    session: null,
  }
}

/** How sure it is that somebody guesses: names that do not exist say most, bare connections least. */
function confidenceOf({ tries, unknownTries, namelessTries }: Campaign): number {
  if (namelessTries === tries) return 0.4
  if (unknownTries > 0 || tries >= 4 * MIN_TRIES) return 0.95
  return 0.7
}

const VERB: Record<GuessingStyle, string> = {
  fast: 'guesses at SSH logins',
  slow: 'guesses at SSH logins slowly',
  spray: 'tries one SSH account after the other',
}

function titleOf(campaign: Campaign, style: GuessingStyle): string {
  const from = campaign.srcIp ?? 'an unnamed address'
  if (campaign.namelessTries === campaign.tries) {
    return `${from} connects to SSH and leaves before logging in: ${amount(campaign.tries, 'time')}`
  }
  const names = amount(namesIn(campaign.users), 'account')
  return `${from} ${VERB[style]}: ${amount(campaign.tries, 'try', 'tries')} for ${names}`
}

const NUMBER = new Intl.NumberFormat('en-US')

/** `1 try`, `4,112 tries`. */
export function amount(count: number, one: string, many = `${one}s`): string {
  // Asking `Intl` takes longer than the rest of a telling, and few counts need it.
  return `${count < 1000 ? count : NUMBER.format(count)} ${count === 1 ? one : many}`
}

/**
 * With one more: the first half and the last half are kept, at most `limit` in all. Until then it is a new
 * list that takes what it needs (one that is pushed to has room for sixteen more, in every one of thousands
 * of campaigns), from then on the same one.
 */
export function withEnd(kept: Evidence[], evidence: Evidence, limit: number): Evidence[] {
  if (kept.length < limit) return kept.toSpliced(kept.length, 0, evidence)
  // What stands behind the first half moves up, and the new one is the last.
  for (let at = limit / 2; at < limit - 1; at++) {
    const next = kept[at + 1]
    if (next !== undefined) kept[at] = next
  }
  kept[limit - 1] = evidence
  return kept
}

export function mergeEnds(a: readonly Evidence[], b: readonly Evidence[], limit: number): Evidence[] {
  const all = [...a, ...b].toSorted((x, y) => x.time - y.time)
  return all.length <= limit ? all : [...all.slice(0, limit / 2), ...all.slice(-limit / 2)]
}

export function mergeCampaigns(a: Campaign, b: Campaign): Campaign {
  if (a.tries === 0) return b
  if (b.tries === 0) return a
  const [older, younger] = a.firstSeen <= b.firstSeen ? [a, b] : [b, a]
  const merged: Campaign = {
    ...older,
    tries: a.tries + b.tries,
    unknownTries: a.unknownTries + b.unknownTries,
    namelessTries: a.namelessTries + b.namelessTries,
    users: mergeTally(a.users, b.users),
    lastSeen: Math.max(a.lastSeen, b.lastSeen),
    recent: latest([...a.recent, ...b.recent]),
    lastPid: a.lastSeen > b.lastSeen ? a.lastPid : b.lastPid,
    evidence: mergeEnds(a.evidence, b.evidence, EVIDENCE_KEPT),
    style: older.style ?? younger.style,
    id: older.id ?? younger.id,
    toldTries: Math.max(a.toldTries, b.toldTries),
  }
  if (merged.style === null && merged.tries >= SPRAY_TRIES) merged.style = styleOf(merged)
  return merged
}
