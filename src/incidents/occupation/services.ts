import { highest, lowest } from '../../extremes.ts'
import type { WayIn } from '../incident.ts'
import type { ServiceContact } from '../service-contacts.ts'
import { areEnemies, type Hands, haveOtherWallets } from './hands.ts'
import { isHost, isMining, type Trace, traceOfWayIn } from './trace.ts'

/** What a service was told to do it does so soon. */
const OBEYS_MS = 60_000
/** Clocks of two witnesses may differ by so much. */
const CLOCK_MS = 5000
const STEPS = new Set(['foothold', 'persistence', 'takeover', 'evasion', 'mining'])
/** What was asked shows an attack; that a port was touched does not. */
const TOLD = new Set(['web-exploit', 'docker-api'])

export type ContactsBetween = (from: number, to: number) => readonly ServiceContact[]

/**
 * Hands that no login explains and that began outside of every session came by a service, where somebody outside
 * spoke to one just before. Gives the hands with that way in.
 */
export function withServiceEntries(all: readonly Hands[], contactsBetween: ContactsBetween): Hands[] {
  return joinedByEntry(entered(all, contactsBetween))
}

/** Who came in by one service from one address within minutes is one, however little joins what they did. */
const ONE_VISIT_MS = 10 * 60_000

function joinedByEntry(all: readonly Hands[]): Hands[] {
  const joined: Hands[] = []
  for (const hands of all) {
    const entry = entryOf(hands)
    const same = joined.find((other) => entry !== null && isOneVisit(entry, entryOf(other)))
    const isApart = same !== undefined && (haveOtherWallets(same, hands) || areEnemies(same, hands))
    if (same === undefined || isApart) joined.push(hands)
    else {
      same.traces.push(...hands.traces)
      same.whys.push(...hands.whys)
    }
  }
  return joined
}

function entryOf({ traces }: Hands): WayIn | null {
  const wayIn = traces.map((trace) => trace.wayIn).find((way) => way !== null) ?? null
  return wayIn === null || wayIn.kind.startsWith('ssh') ? null : wayIn
}

function isOneVisit(a: WayIn, b: WayIn | null): boolean {
  return b !== null && a.kind === b.kind && a.srcIp === b.srcIp && Math.abs(a.time - b.time) <= ONE_VISIT_MS
}

function entered(all: readonly Hands[], contactsBetween: ContactsBetween): Hands[] {
  return all.map((hands) => {
    const step = firstStep(hands)
    if (step === null) return hands
    const contact = likeliest(contactsBetween(step.from - OBEYS_MS, step.from + CLOCK_MS), step.from)
    if (contact === null) return hands
    const seconds = Math.max(
      0,
      Math.round((step.from - Math.max(contact.from, lowest([contact.to, step.from]))) / 1000),
    )
    const why = `its first step came ${seconds} s after ${contact.srcIp} spoke to ${SERVICES[contact.kind] ?? contact.kind}`
    return {
      traces: [traceOfWayIn(wayInOf(contact)), ...hands.traces],
      whys: [...hands.whys, { strength: 0.6, why }],
    }
  })
}

const SERVICES: Readonly<Record<string, string>> = {
  'docker-api': 'the Docker API',
  redis: 'Redis',
  'web-exploit': 'the web server',
}

/** The first thing it did, if that was outside of every session. */
function firstStep({ traces }: Hands): Trace | null {
  if (traces.some(({ wayIn }) => wayIn !== null)) return null
  const steps = traces.filter(
    ({ finding }) => finding !== null && !isMining(finding) && STEPS.has(finding.stage),
  )
  const first = steps.toSorted((a, b) => a.from - b.from)[0]
  if (first === undefined || !first.isUnattended) return null
  return first.finding !== null && isHost(first.finding) && first.finding.facts.what === 'pool-connection'
    ? null
    : first
}

/** What shows an attack goes before a mere touch; of those the one nearest before the step. */
function likeliest(contacts: readonly ServiceContact[], step: number): ServiceContact | null {
  const weigh = ({ kind, from, to }: ServiceContact): number =>
    (TOLD.has(kind) ? 1 : 0) - Math.abs(step - Math.min(to, Math.max(from, step))) / 1e9
  const best = highest(contacts.map(weigh))
  return contacts.find((contact) => weigh(contact) === best) ?? null
}

function wayInOf({ kind, srcIp, from, evidence }: ServiceContact): WayIn {
  return {
    kind,
    time: from,
    srcIp,
    user: null,
    tries: 0,
    sourceCount: 1,
    method: null,
    pid: null,
    session: null,
    confidence: TOLD.has(kind) ? 0.75 : 0.6,
    evidence: [evidence],
  }
}
