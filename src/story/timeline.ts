import type { Finding } from '../event/finding.ts'
import type { Incident } from '../incidents/incident.ts'
import { formatTime } from '../text/time.ts'
import { formatHashrate, formatNumber } from '../text/units.ts'
import type { Sentence } from './document.ts'
import { proofs } from './proof.ts'
import { capital, spanOf } from './summary.ts'

const PROOFS = 3

/** The story in time order: guessing, way in, what was done, mining. */
export function timelineOf(incident: Incident): Sentence[] {
  const sentences = [...guessing(incident), ...entry(incident)]
  for (const finding of incident.findings) {
    if (finding.stage === 'way-in' && incident.wayIn !== null && isTold(finding, incident)) continue
    sentences.push(...tellFinding(finding))
  }
  for (const change of incident.changes) {
    sentences.push({
      text: `${change.to} takes over from ${change.from}: ${change.how.join(', ')}.`,
      time: formatTime(change.time),
      evidence: proofs(change.evidence, PROOFS),
    })
  }
  return sentences.toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? ''))
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
      text: `Guessing at ${first.facts.service === 'sshd' ? 'SSH' : first.facts.service} passwords begins ${from}: ${formatNumber(tries)} tries seen.`,
      time: formatTime(Math.min(...incident.guessing.map((finding) => finding.firstSeen))),
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
  return Math.max(0, ...counts)
}

function entry(incident: Incident): Sentence[] {
  const { wayIn } = incident
  if (wayIn === null) return []
  const tries = wayIn.tries > 0 ? `, after ${formatNumber(wayIn.tries)} failed tries` : ''
  const from = wayIn.srcIp === null ? '' : ` from ${wayIn.srcIp}`
  const by = wayIn.kind === 'ssh-key' ? 'by key' : 'by password'
  return [
    {
      text: `Somebody logs in as ${wayIn.user ?? 'a user'} ${by}${from}${tries}.`,
      time: formatTime(wayIn.time),
      evidence: proofs(wayIn.evidence.toReversed(), PROOFS),
    },
  ]
}

function isTold(finding: Finding, incident: Incident): boolean {
  return incident.wayIn !== null && Math.abs(finding.lastSeen - incident.wayIn.time) <= 5000
}

function tellFinding(finding: Finding): Sentence[] {
  const sentence: Sentence = {
    text: `${capital(finding.title)}${repeats(finding)}.`,
    time: formatTime(finding.stage === 'way-in' ? finding.lastSeen : finding.firstSeen),
    evidence: proofs(finding.evidence, PROOFS),
  }
  const earned = earnings(finding)
  return earned === null ? [sentence] : [sentence, earned]
}

function repeats(finding: Finding): string {
  const isRepeated = finding.count > 1 && finding.facts.type === 'host' && finding.facts.what !== 'session'
  return isRepeated ? ` (${formatNumber(finding.count)} times)` : ''
}

function earnings(finding: Finding): Sentence | null {
  const { facts } = finding
  if (facts.type !== 'mining' || facts.sharesAccepted === 0) return null
  const error = facts.hashrateError === null ? '' : ` ± ${formatHashrate(facts.hashrateError)}`
  const rate = facts.hashrate === null ? '' : `, about ${formatHashrate(facts.hashrate)}${error}`
  return {
    text: `Last seen at work: ${formatNumber(facts.sharesAccepted)} shares accepted in ${spanOf(finding.firstSeen, finding.lastSeen)}${rate}.`,
    time: formatTime(finding.lastSeen),
    evidence: proofs(finding.evidence.slice(-1), PROOFS),
  }
}
