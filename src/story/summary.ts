import { highest } from '../extremes.ts'
import type { Evidence } from '../event/origin.ts'
import type { Incident, Tenure, WayIn } from '../incidents/incident.ts'
import { formatDuration, formatNumber } from '../text/units.ts'
import { coinName } from '../event/coin.ts'
import { accountName, callerName, callersOf, isAccount, isComputing, credentialsOf } from './account.ts'
import type { Sentence } from './document.ts'
import type { Moments } from './moment.ts'
import { nameOf } from './occupant-name.ts'
import { proofs } from './proof.ts'
import { withoutRuleEchoes } from './rule-echoes.ts'

const PROOFS = 4
/** Below this confidence a way in is told as what it seems to be. */
const UNSURE = 0.5
/** Below this confidence so is mining: sealed traffic to a pool shows who talks, not what is said. */
const UNSURE_MINING = 0.7

/** `Monero is mined on web-1`: the incident in a headline. */
export function titleOf(incident: Incident): string {
  const coins = [...coinsOf(incident)]
  const name = incident.asset.id
  if (isAccount(incident.asset)) {
    const act = isComputing(incident) ? 'hijacks computing power in' : 'acts as an intruder in'
    return `Somebody ${act} ${accountName(incident)}`
  }
  if (incident.tenures.length === 0) return `Somebody broke into ${name}`
  const [now, then] = isMiningSure(incident)
    ? ['is mined', 'was mined']
    : ['seems to be mined', 'seems to have been mined']
  const verb = incident.status === 'ended' ? then : now
  const what = coins.length === 1 && coins[0] !== undefined ? coins[0] : 'Cryptocurrency'
  return `${what[0]?.toUpperCase()}${what.slice(1)} ${verb} on ${name}`
}

/** Two to four sentences that answer: who, how, since when, and what it means. */
export function summaryOf(incident: Incident, moments: Moments): Sentence[] {
  if (isAccount(incident.asset)) return accountSummary(incident, moments)
  const sentences = [opening(incident, moments)]
  if (incident.wayIn === null) sentences.push(say('How they came in is not in this evidence.', []))
  const fight = fightOf(incident)
  if (fight !== null) sentences.push(fight)
  const left = leftBehind(incident)
  if (left !== null) sentences.push(left)
  sentences.push(meaning(incident))
  return sentences
}

function accountSummary(incident: Incident, moments: Moments): Sentence[] {
  const callers = callersOf(incident).map(callerName)
  const as = callers.length === 0 ? '' : ` as ${listed(callers)}`
  const sentences = [
    say(
      `Somebody acted in ${accountName(incident)}${as} on ${moments.full(incident.firstSeen)}, as intruders do.`,
      incident.findings.flatMap((finding) => finding.evidence.slice(0, 1)),
    ),
  ]
  const { wayIn } = incident
  if (wayIn?.srcIp !== null && wayIn?.srcIp !== undefined)
    sentences.push(
      say(
        `The credentials of ${credentialsOf(wayIn.user)} were used from ${wayIn.srcIp}, first on ${moments.full(wayIn.time)}.`,
        wayIn.evidence,
      ),
    )
  if (isComputing(incident))
    sentences.push(say('They take computing power that you pay for, and most likely mine with it.', []))
  const left = leftBehind(incident)
  if (left !== null) sentences.push(left)
  sentences.push(
    say('Until you know better, take it that they have what whoever was used there may reach.', []),
  )
  return sentences
}

function say(text: string, evidence: readonly Evidence[]): Sentence {
  return { text, time: null, evidence: proofs(evidence, PROOFS) }
}

function opening(incident: Incident, moments: Moments): Sentence {
  const { wayIn, tenures } = incident
  const first = tenures[0]
  if (wayIn === null && first === undefined) {
    return say(
      `Somebody acted on this machine on ${moments.full(incident.firstSeen)} as intruders do.`,
      incident.findings.flatMap((finding) => finding.evidence.slice(0, 1)),
    )
  }
  if (wayIn === null && first !== undefined) {
    return say(`${capital(mining(incident, first, moments, null))}.`, first.evidence)
  }
  const entered = wayIn === null ? '' : `${capital(entry(wayIn))} on ${moments.full(wayIn.time)}`
  if (first === undefined) return say(`${entered}; no mining is in the evidence.`, wayIn?.evidence ?? [])
  // A machine that was mined on before somebody got in had an earlier intruder.
  if (wayIn !== null && first.start < wayIn.time) {
    return say(
      `${capital(mining(incident, first, moments, null))}. ${entered}, after the mining had begun.`,
      [...first.evidence.slice(0, 2), ...wayIn.evidence.slice(-2)],
    )
  }
  return say(
    `${entered} and ${mining(incident, first, moments, wayIn?.time ?? null).replace(/^somebody /u, '')}.`,
    [...(wayIn?.evidence.slice(-2) ?? []), ...first.evidence.slice(0, 2)],
  )
}

/** Services as sentences name them. */
export const DOORS: Readonly<Record<string, string>> = {
  'docker-api': 'the Docker API',
  redis: 'Redis',
  'web-exploit': 'the web application',
}

function entry(wayIn: WayIn): string {
  const user = wayIn.user === null ? 'a user' : wayIn.user
  const door = DOORS[wayIn.kind]
  if (door !== undefined) return `somebody seems to have come in through ${door}`
  if (!wayIn.kind.startsWith('ssh')) return `somebody seems to have come in through ${wayIn.kind}`
  if (wayIn.kind === 'ssh-key') return `somebody got in with an SSH key as ${user}`
  // Without a try before it the password was known; with doubtful ones it may have been.
  if (wayIn.tries === 0) return `somebody logged in as ${user} over SSH`
  const seems = wayIn.confidence < UNSURE ? 'seems to have guessed' : 'guessed'
  return `somebody ${seems} ${user}'s SSH password`
}

function mining(incident: Incident, first: Tenure, moments: Moments, enteredAt: number | null): string {
  const coins = coinsOf(incident)
  const coin = coins.size === 1 ? [...coins][0] : 'cryptocurrency'
  const end = highest(incident.tenures.map((tenure) => tenure.end))
  const breaks = incident.tenures.length > incident.occupants.length ? 'on and off ' : ''
  const when = (ms: number): string => (enteredAt === null ? moments.full(ms) : moments.near(ms, enteredAt))
  const since = first.startKnown ? `since ${when(first.start)}` : `since ${when(first.start)} at the latest`
  const isSure = isMiningSure(incident)
  const mines = isSure ? 'mines' : 'seems to mine'
  if (incident.status !== 'ended') return `somebody ${mines} ${coin} on this machine ${breaks}${since}`
  const mined = isSure ? 'mined' : 'seems to have mined'
  return `somebody ${mined} ${coin} on this machine ${breaks}from ${when(first.start)} to ${moments.near(end, first.start)}`
}

function coinsOf({ occupants }: Incident): Set<string> {
  return new Set(occupants.filter(({ isMiner }) => isMiner).map(({ coin }) => coinName(coin)))
}

function isMiningSure(incident: Incident): boolean {
  return incident.tenures.some(({ confidence }) => confidence >= UNSURE_MINING)
}

const COUNTS: Readonly<Record<number, string>> = { 2: 'Two', 3: 'Three', 4: 'Four', 5: 'Five', 6: 'Six' }

function fightOf(incident: Incident): Sentence | null {
  const miners = incident.occupants.filter(({ isMiner }) => isMiner)
  if (miners.length < 2) return null
  const last = incident.tenures.toSorted((a, b) => a.end - b.end).at(-1)
  if (last === undefined) return null
  const name = nameOf(incident.occupants, last.occupant)
  const holder = incident.status === 'ongoing' ? `${name} holds it now` : `${name} was seen last`
  const isFought = incident.findings.some(({ facts }) => facts.type === 'fight')
  const fight = isFought ? 'gangs have fought over it' : 'miners have used it'
  return say(
    `${COUNTS[miners.length] ?? formatNumber(miners.length)} ${fight}; ${holder}.`,
    incident.changes.flatMap((change) => change.evidence.slice(0, 1)),
  )
}

const LEFT: Readonly<Record<string, string>> = {
  cron: 'a cron job',
  systemd: 'a systemd unit',
  'authorized-keys': 'SSH keys',
  'ld-preload': 'a library in every program',
}

/** `They left a cron job and SSH keys behind to come back by.` */
function leftBehind(incident: Incident): Sentence | null {
  const kept = withoutRuleEchoes(incident.findings).filter((finding) => finding.stage === 'persistence')
  if (kept.length === 0) return null
  const things = new Set(
    kept.map(({ facts }) => (facts.type === 'host' ? (LEFT[facts.what] ?? 'something') : 'something')),
  )
  // Of what a rule found it is not known what was left.
  if (things.size > 1 && things.delete('something')) things.add('more')
  return say(
    `They left ${listed([...things])} behind to come back by.`,
    kept.flatMap((finding) => finding.evidence.slice(0, 1)),
  )
}

/** `a, b and c` */
function listed(things: readonly string[]): string {
  return things.length < 2 ? (things[0] ?? '') : `${things.slice(0, -1).join(', ')} and ${things.at(-1)}`
}

function meaning(incident: Incident): Sentence {
  if (incident.tenures.length === 0) {
    return say('Treat everything that this machine could read or reach as known to them.', [])
  }
  return say(
    'Treat it as a break-in, not as a nuisance: who can start a miner can read what is on this machine, and often sells the access.',
    [],
  )
}

/** `1 h 52 min` between two times. */
export function spanOf(from: number, to: number): string {
  return formatDuration(Math.max(0, to - from) / 1000)
}

export function capital(text: string): string {
  return text === '' ? text : `${text[0]?.toUpperCase()}${text.slice(1)}`
}
