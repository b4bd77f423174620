import { credentialsOf } from './account.ts'
import { highest, lowest } from '../extremes.ts'
import type { Finding, MiningFacts } from '../event/finding.ts'
import type { Evidence } from '../event/origin.ts'
import type { Incident, WayIn } from '../incidents/incident.ts'
import { formatTime } from '../text/time.ts'
import { plural } from '../text/plural.ts'
import { formatHashrate, formatNumber } from '../text/units.ts'
import { type Act, actsOf } from './acts.ts'
import type { Sentence } from './document.ts'
import { nameOf } from './occupant-name.ts'
import { proofs } from './proof.ts'
import { withoutRuleEchoes } from './rule-echoes.ts'
import { capital, DOORS, spanOf } from './summary.ts'

const PROOFS = 3

/** The story in time order: guessing, way in, what was done, mining. */
export function timelineOf(incident: Incident): Sentence[] {
  const told = withoutRuleEchoes(incident.findings).filter(
    (finding) => (finding.stage !== 'way-in' || !isTold(finding, incident)) && !isOfChange(finding, incident),
  )
  const sentences = [
    ...guessing(incident),
    ...entry(incident),
    ...actsOf(told).map(tellAct),
    ...told.map(earnings).filter((sentence) => sentence !== null),
  ]
  for (const change of incident.changes) {
    const [to, from] = [nameOf(incident.occupants, change.to), nameOf(incident.occupants, change.from)]
    sentences.push({
      text: `${to} takes over from ${from}: ${change.how.join(', ')}.`,
      time: formatTime(change.time),
      evidence: proofs(change.evidence, PROOFS),
    })
  }
  return sentences.toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? ''))
}

/** An act that several witnesses tell is proven by each of them. */
function tellAct(act: Act): Sentence {
  const [only] = act.findings
  const evidence =
    act.findings.length === 1 && only !== undefined
      ? proofs(only.evidence, PROOFS)
      : act.findings.slice(0, MAX_WITNESSES).flatMap((finding) => proofs(finding.evidence.slice(0, 1), 1))
  return { text: `${capital(act.text)}.`, time: formatTime(act.time), evidence }
}

const MAX_WITNESSES = 8

/** A fight is told with the change of hands that it brought about. */
function isOfChange({ facts }: Finding, { changes }: Incident): boolean {
  if (facts.type !== 'fight') return false
  const places = new Set(changes.flatMap(({ evidence }) => evidence.map(placeOf)))
  return facts.acts.some(({ evidence }) => places.has(placeOf(evidence)))
}

function placeOf({ file, offset }: Evidence): string {
  return `${file}\0${offset}`
}

function guessing(incident: Incident): Sentence[] {
  const first = incident.guessing[0]
  if (first === undefined) return []
  const tries = triesOf(incident.guessing)
  const sources = new Set(incident.guessing.flatMap((finding) => finding.facts.srcIps)).size
  const from =
    sources === 1
      ? `from ${first.facts.srcIps[0] ?? 'one address'}`
      : `from ${formatNumber(sources)} addresses`
  return [
    {
      text: `Guessing at ${first.facts.service === 'sshd' ? 'SSH' : first.facts.service} passwords begins ${from}: ${plural(tries, 'try', 'tries')} seen.`,
      time: formatTime(lowest(incident.guessing.map((finding) => finding.firstSeen))),
      evidence: proofs(
        incident.guessing.flatMap((finding) => finding.evidence.slice(0, 1)),
        PROOFS,
      ),
    },
  ]
}

/** Sshd's lines and the audit trail tell of the same tries: the witness that saw more counts. */
export function triesOf(guessing: Incident['guessing']): number {
  const witnesses = Map.groupBy(guessing, (finding) => finding.subjects[0] ?? '')
  const counts = [...witnesses.values()].map((told) =>
    told.reduce((sum, finding) => sum + finding.facts.tries, 0),
  )
  return highest([0, ...counts])
}

/** Whose credentials they are. */
const CREDENTIALS: Readonly<Record<string, string>> = {
  'cloud-credentials': 'the account',
  'cluster-credentials': 'the cluster',
}
const BY: Readonly<Record<string, string>> = { 'ssh-key': 'by key', 'ssh-password': 'by password' }

/** The first way in, and those of others who came later. */
function entry(incident: Incident): Sentence[] {
  const ways = [incident.wayIn, ...incident.occupants.map(({ wayIn }) => wayIn)].filter((way) => way !== null)
  const seen = new Map(ways.map((way) => [`${way.kind} ${way.time} ${way.srcIp}`, way]))
  return [...seen.values()].map(tellEntry)
}

function tellEntry(wayIn: WayIn): Sentence {
  const tries = wayIn.tries > 0 ? `, after ${plural(wayIn.tries, 'failed try', 'failed tries')}` : ''
  const from = wayIn.srcIp === null ? '' : ` from ${wayIn.srcIp}`
  const isLogin = wayIn.kind.startsWith('ssh')
  const spoken = isLogin
    ? `Somebody logs in as ${wayIn.user ?? 'a user'} ${BY[wayIn.kind] ?? 'over SSH'}${from}${tries}.`
    : `Somebody${from} speaks to ${DOORS[wayIn.kind] ?? wayIn.kind}; the first step on the machine follows at once.`
  const holder = CREDENTIALS[wayIn.kind]
  const text =
    holder === undefined
      ? spoken
      : `Somebody${from} uses the credentials of ${credentialsOf(wayIn.user)} in ${holder}: the first call.`
  return {
    text,
    time: formatTime(wayIn.time),
    evidence: proofs(wayIn.evidence.toReversed(), PROOFS),
  }
}

function isTold(finding: Finding, incident: Incident): boolean {
  const ways = [incident.wayIn, ...incident.occupants.map(({ wayIn }) => wayIn)]
  return ways.some((way) => way !== null && Math.abs(finding.lastSeen - way.time) <= 5000)
}

function earnings(finding: Finding): Sentence | null {
  const { facts } = finding
  if (facts.type !== 'mining' || facts.sharesAccepted === 0) return null
  const error = facts.hashrateError === null ? '' : ` ± ${formatHashrate(facts.hashrateError)}`
  const rate = facts.hashrate === null ? '' : `, about ${formatHashrate(facts.hashrate)}${error}`
  return {
    text: `Last seen at work: ${plural(facts.sharesAccepted, 'share')} accepted in ${workOf(finding, facts)}${rate}.`,
    time: formatTime(finding.lastSeen),
    evidence: proofs(finding.evidence.slice(-1), PROOFS),
  }
}

/** Shorter breaks are not worth telling. */
const BREAK_MS = 10 * 60_000

/** `1 h 44 min`, or `2 h 10 min of work` where there were breaks. */
function workOf(finding: Finding, { spans = [] }: MiningFacts): string {
  const workedMs = spans.reduce((sum, { from, to }) => sum + to - from, 0)
  const awayMs = finding.lastSeen - finding.firstSeen - workedMs
  if (spans.length < 2 || awayMs <= BREAK_MS) return spanOf(finding.firstSeen, finding.lastSeen)
  return `${spanOf(0, workedMs)} of work`
}
