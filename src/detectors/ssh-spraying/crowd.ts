import type { AuthEvent } from '../../event/auth.ts'
import { contentId } from '../../event/content-id.ts'
import type { Finding } from '../../event/finding.ts'
import type { Identifier } from '../../event/identifier.ts'
import type { Evidence } from '../../event/origin.ts'
import { amount, isGuessingAtTheEnd, mergeEnds, withEnd } from '../model/guessing/campaign.ts'
import { evidenceOf } from '../evidence.ts'
import { isNameless } from '../model/guessing/login-attempt.ts'
import { busiest, countName, emptyTally, mergeTally, namesIn, type Tally } from '../model/guessing/tally.ts'

/** What one address of a crowd did. */
interface Member {
  /** 0: no member any more; it guesses on its own account, or belongs here. */
  tries: number
  unknownTries: number
  namelessTries: number
  /** Accounts named, at most as many as make it guessing. */
  names: string[]
  lastSeen: number
  lastPid: number | null
}

/** All addresses that try a machine's logins a few times each. */
export interface Crowd {
  key: string
  machine: Identifier | null
  /** By `WITNESS|ADDRESS`: the bar keeps hostile names off the properties that every object has. */
  members: Record<string, Member>
  /** Entries in `members`. */
  held: number
  /** Entries that are members, and those that were when they were forgotten to stay within `MAX_HELD`. */
  present: number
  gone: number
  tries: number
  users: Tally
  firstSeen: number
  lastSeen: number
  evidence: Evidence[]
  id: string | null
  toldSources: number
  /** Something has changed since it was told: members come and go while the sum stays. */
  isChanged: boolean
}

/** So many addresses that each try a little: more than slips of people who belong here. */
const MIN_SOURCES = 5
/**
 * Addresses remembered for one machine. Beyond it the longest quiet are forgotten but stay counted; one that
 * comes back later counts again: the number of sources is exact up to here and an upper bound beyond.
 */
export const MAX_HELD = 5000
const FORGOTTEN_AT_ONCE = MAX_HELD / 2
const NAMES_PER_MEMBER = 3
const EVIDENCE_KEPT = 20
const LISTED = 20

export function newCrowd(key: string): Crowd {
  return {
    key,
    machine: null,
    members: {},
    held: 0,
    present: 0,
    gone: 0,
    tries: 0,
    users: emptyTally(),
    firstSeen: 0,
    lastSeen: 0,
    evidence: [],
    id: null,
    toldSources: 0,
    isChanged: false,
  }
}

/** `slot`: the address, as `WITNESS|ADDRESS`. */
export function followCrowd(crowd: Crowd, slot: string, event: AuthEvent): void {
  const member = crowd.members[slot]
  if (event.outcome === 'success') {
    // Whoever gets in after a few tries is not one of the crowd.
    if (member !== undefined) leave(crowd, member)
    return
  }
  if (member === undefined) join(crowd, slot, event)
  else if (member.tries > 0) countTry(crowd, member, event)
}

function join(crowd: Crowd, slot: string, event: AuthEvent): void {
  if (crowd.held >= MAX_HELD) forgetQuiet(crowd)
  const member: Member = {
    tries: 0,
    unknownTries: 0,
    namelessTries: 0,
    names: [],
    lastSeen: event.time,
    lastPid: null,
  }
  crowd.members[slot] = member
  crowd.held++
  crowd.present++
  countTry(crowd, member, event)
  if (member.tries === 0) return
  crowd.machine ??= event.subjects[0] ?? event.observer
  crowd.evidence = withEnd(crowd.evidence, evidenceOf(event), EVIDENCE_KEPT)
}

function countTry(crowd: Crowd, member: Member, event: AuthEvent): void {
  const { count, user, time, pid } = event
  // The end of a connection whose failed tries were counted is not one more try.
  if (event.outcome === 'aborted' && pid !== null && pid === member.lastPid) return
  member.lastPid = pid
  member.tries += count
  crowd.isChanged = true
  member.lastSeen = Math.max(member.lastSeen, time)
  if (event.isUnknownUser) member.unknownTries += count
  if (isNameless(event)) member.namelessTries += count
  if (user !== null && member.names.length < NAMES_PER_MEMBER && !member.names.includes(user)) {
    member.names = member.names.toSpliced(member.names.length, 0, user)
  }
  crowd.firstSeen = crowd.tries === 0 ? time : Math.min(crowd.firstSeen, time)
  crowd.lastSeen = crowd.tries === 0 ? time : Math.max(crowd.lastSeen, time)
  crowd.tries += count
  if (isGuessingAtTheEnd({ ...member, names: member.names.length })) leave(crowd, member)
  else if (user !== null) countName(crowd.users, user, count)
}

/** What stays is a mark that this address is not to be counted here again. */
function leave(crowd: Crowd, member: Member): void {
  if (member.tries === 0) return
  crowd.isChanged = true
  crowd.tries -= member.tries
  crowd.present--
  member.tries = 0
  member.names = []
  if (crowd.tries > 0) return
  crowd.evidence = []
  crowd.users = emptyTally()
}

/** Lets the longest quiet go, many at once: sorting for every newcomer would cost too much. */
function forgetQuiet(crowd: Crowd): void {
  const byAge = Object.entries(crowd.members).toSorted((a, b) => a[1].lastSeen - b[1].lastSeen)
  const forgotten = byAge.slice(0, FORGOTTEN_AT_ONCE).filter(([, member]) => member.tries > 0).length
  crowd.gone += forgotten
  crowd.present -= forgotten
  crowd.members = Object.fromEntries(byAge.slice(FORGOTTEN_AT_ONCE))
  crowd.held = byAge.length - FORGOTTEN_AT_ONCE
}

function sourcesOf(crowd: Crowd): number {
  return crowd.present + crowd.gone
}

/** Worth telling (again): it has just become a crowd, or has doubled since it was told. */
export function isCrowdNews(crowd: Crowd): boolean {
  return sourcesOf(crowd) >= Math.max(MIN_SOURCES, crowd.toldSources * 2)
}

/** The finding as it stands; null where there is no crowd or the last telling still says it all. */
export function crowdFinding(crowd: Crowd, detector: string, technique: string): Finding | null {
  const sources = sourcesOf(crowd)
  const first = crowd.evidence[0]
  // What was told stands until it is told anew, also where most have left since.
  const isTold = crowd.id !== null
  if (first === undefined || sources < (isTold ? 1 : MIN_SOURCES) || !crowd.isChanged) return null
  crowd.id ??= contentId('finding', detector, crowd.key, first.time, first.raw)
  crowd.toldSources = sources
  crowd.isChanged = false
  const userCount = namesIn(crowd.users)
  const names = userCount === 0 ? '' : ` for ${amount(userCount, 'account')}`
  return {
    id: crowd.id,
    detector,
    title: `${amount(sources, 'address', 'addresses')} try SSH logins a few times each: ${amount(crowd.tries, 'try', 'tries')}${names}`,
    severity: 'low',
    confidence: 0.7,
    stage: 'pressure',
    attack: [technique],
    subjects: [crowd.machine ?? crowd.key],
    firstSeen: crowd.firstSeen,
    lastSeen: crowd.lastSeen,
    count: crowd.tries,
    evidence: [...crowd.evidence],
    facts: {
      type: 'login',
      service: 'sshd',
      srcIps: busiestMembers(crowd),
      sourceCount: sources,
      users: busiest(crowd.users, LISTED),
      userCount,
      tries: crowd.tries,
      method: null,
      style: 'spray',
      pid: null,
      session: null,
    },
  }
}

function busiestMembers(crowd: Crowd): string[] {
  return Object.entries(crowd.members)
    .filter(([, member]) => member.tries > 0)
    .toSorted((a, b) => b[1].tries - a[1].tries || (a[0] < b[0] ? -1 : 1))
    .slice(0, LISTED)
    .map(([slot]) => slot.slice(slot.lastIndexOf('|') + 1))
}

export function mergeCrowds(a: Crowd, b: Crowd): Crowd {
  const [older, younger] = a.firstSeen <= b.firstSeen || b.tries === 0 ? [a, b] : [b, a]
  const merged: Crowd = {
    ...older,
    machine: older.machine ?? younger.machine,
    members: { ...older.members },
    gone: a.gone + b.gone,
    tries: a.tries + b.tries,
    users: mergeTally(a.users, b.users),
    firstSeen: younger.tries === 0 ? older.firstSeen : Math.min(a.firstSeen, b.firstSeen),
    lastSeen: Math.max(a.lastSeen, b.lastSeen),
    evidence: mergeEnds(a.evidence, b.evidence, EVIDENCE_KEPT),
    id: older.id ?? younger.id,
    toldSources: Math.max(a.toldSources, b.toldSources),
    isChanged: true,
  }
  for (const [slot, member] of Object.entries(younger.members)) {
    const known = merged.members[slot]
    merged.members[slot] = known === undefined ? member : mergeMembers(merged, known, member)
  }
  const entries = Object.values(merged.members)
  merged.held = entries.length
  merged.present = entries.filter((member) => member.tries > 0).length
  if (merged.held > MAX_HELD) forgetQuiet(merged)
  return merged
}

function mergeMembers(crowd: Crowd, a: Member, b: Member): Member {
  const member: Member = {
    tries: a.tries + b.tries,
    unknownTries: a.unknownTries + b.unknownTries,
    namelessTries: a.namelessTries + b.namelessTries,
    names: [...new Set([...a.names, ...b.names])].slice(0, NAMES_PER_MEMBER),
    lastSeen: Math.max(a.lastSeen, b.lastSeen),
    lastPid: a.lastSeen > b.lastSeen ? a.lastPid : b.lastPid,
  }
  const isMarked = a.tries === 0 || b.tries === 0
  if (isMarked || isGuessingAtTheEnd({ ...member, names: member.names.length })) {
    crowd.tries -= member.tries
    return { ...member, tries: 0, names: [] }
  }
  return member
}
