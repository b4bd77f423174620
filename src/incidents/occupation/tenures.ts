import { highest, lowest } from '../../extremes.ts'
import type { Finding } from '../../event/finding.ts'
import { firstAndLast } from '../evidence-union.ts'
import type { Tenure } from '../incident.ts'
import { type Eviction, type Handover, holdingOf } from './holding.ts'
import { isMining } from './trace.ts'

/** Mining that goes on within this of the end of the evidence is taken to go on after it; a shorter break is none. */
export const STILL_MINING_MS = 10 * 60_000
/** A dialogue that begins this long after the capture does was not going on before. */
const WITNESSED_START_MS = 60_000
/** Whoever does not mine for so long, under watch, has lost the machine or let it go. */
const GIVEN_UP_MS = 10 * 60_000
/** Proofs belong to a tenure also a little outside of it: clocks of two witnesses differ. */
const SLACK_MS = 60_000

/** How sure a hold is that only busy processors and somebody's deeds show. */
const BUSY_ALONE = 0.55

/** From when to when a machine was watched, for telling an end of mining from an end of evidence. */
export interface Watched {
  readonly networkFrom: number | null
  readonly networkTo: number | null
  /** Until when its audit trail goes. */
  readonly processTo: number | null
  /** Until when its trail tells who was killed, where it tells so at all. */
  readonly killsTo: number | null
  /** Whether all of that time (epoch ms) was watched. */
  wasWatched(from: number, to: number): boolean
}

/** Work of one occupant without an interruption that matters. */
export interface Stretch {
  from: number
  to: number
  /** Null where no dialogue tells. */
  sharesAccepted: number | null
}

export interface Work {
  readonly id: string
  /** Findings that show it mining. */
  readonly findings: readonly Finding[]
  /** When the processors were busy with it, where nobody could hear what for. */
  readonly burns: readonly Stretch[]
  /** When somebody did away with what it had running. */
  readonly evictions: readonly Eviction[]
  /** When others cleared the machine, of whatever names. */
  readonly clearings: readonly Eviction[]
  /** When it killed anything of anybody's. */
  readonly kills: readonly number[]
}

export interface Held {
  readonly tenures: readonly Tenure[]
  readonly handovers: readonly Handover[]
}

/** Who held the machine when. An occupant that stopped and came back, or was thrown out between, held it twice. */
export function tenuresOf(works: readonly Work[], watched: Watched): Held {
  const workers = works.map((work) => ({ ...work, pieces: piecesOf(work, works, watched) }))
  const { killsTo } = watched
  const { handovers, lost } = holdingOf(workers, (time) => killsTo !== null && time < killsTo)
  const tenures = workers.flatMap((worker) => {
    const { id, findings, pieces, burns } = worker
    const others = workers.filter((other) => other !== worker).flatMap((other) => other.pieces)
    const ends = lost.get(id) ?? new Set<number>()
    const held = heldTogether(pieces, (from, to) => ends.has(from) || isApart(from, to, others, watched))
    const isTimed = burns.length > 0 || findings.some(knowsItsEnd)
    const lasting = held.filter(({ from, to }) => !isTimed || held.length === 1 || to - from >= MOMENT_MS)
    if (isTimed && burns.length === 0) for (const stretch of lasting) beginWithStart(stretch, findings)
    return lasting.map((stretch, at) =>
      tenureOf(worker, stretch, { isFirst: at === 0, isLast: at === lasting.length - 1 }, watched),
    )
  })
  return { tenures: tenures.toSorted((a, b) => a.start - b.start || a.end - b.end), handovers }
}

/** Its times of work as the evidence has them, those that overlap as one; a miner whose end nothing shows goes on. */
function piecesOf(work: Work, works: readonly Work[], watched: Watched): Stretch[] {
  const { burns } = work
  // What the machine's load tells as a whole is shared out among who was there.
  const timed = burns.length > 0 ? work.findings.filter(isMining) : timedOf(work.findings)
  const pieces = [...timed.flatMap(spansOf), ...burns].toSorted((a, b) => a.from - b.from)
  if (burns.length > 0 || timed.some(knowsItsEnd)) return heldTogether(pieces, (from, to) => to > from)
  const held = heldTogether(pieces, (from, to) => to - from > STILL_MINING_MS)
  const others = works.filter((other) => other !== work).flatMap((other) => other.findings.flatMap(spansOf))
  goOn(held, others, watched, work.evictions)
  return held
}

/** A miner was there from its start on, moments before its first words. */
function beginWithStart(stretch: Stretch, findings: readonly Finding[]): void {
  const starts = findings
    .filter((finding) => !knowsItsEnd(finding))
    .flatMap(({ firstSeen, evidence }) => [firstSeen, ...evidence.map(({ time }) => time)])
    .filter((time) => time <= stretch.from && time >= stretch.from - FIRST_WORDS_MS)
  if (starts.length > 0) stretch.from = lowest(starts)
}

/**
 * Where anything tells the end of the work, that counts: how often a miner was started does not say that it ran between. What was
 * said on the wire tells more than busy processors, which others may have kept busy.
 */
function timedOf(findings: readonly Finding[]): readonly Finding[] {
  const said = findings.filter(isMining)
  if (said.length > 0) return said
  const timed = findings.filter(knowsItsEnd)
  return timed.length > 0 ? timed : findings
}

/** A dialogue ends where it ends, and so do busy processors. */
function knowsItsEnd(finding: Finding): boolean {
  return isMining(finding) || (finding.facts.type === 'host' && finding.facts.what === 'cpu-rise')
}

/**
 * A trail shows how a miner starts and hardly ever how it ends: it is taken to go on until the trail ends,
 * or until somebody else is at work or has done away with it.
 */
function goOn(
  held: readonly Stretch[],
  others: readonly Stretch[],
  watched: Watched,
  evictions: readonly Eviction[],
): void {
  const last = held.at(-1)
  if (last === undefined || watched.processTo === null) return
  const after = [...others.map((other) => other.from), ...evictions.map(({ time }) => time)].filter(
    (time) => time > last.from,
  )
  last.to = Math.max(last.to, Math.min(watched.processTo, ...after))
}

/** Times of work with none but short breaks between. */
export function stretchesOf(findings: readonly Finding[]): Stretch[] {
  const pieces = findings.flatMap(spansOf).toSorted((a, b) => a.from - b.from)
  return heldTogether(pieces, (from, to) => to - from > STILL_MINING_MS)
}

/** A miner's first words on the wire come so soon after its start. */
const FIRST_WORDS_MS = 60_000
/** What lasts no longer is an attempt, no hold. */
const MOMENT_MS = 5000

/** When a finding shows work: its spans, else from first to last. */
export function spansOf(finding: Finding): Stretch[] {
  const whole = { from: finding.firstSeen, to: finding.lastSeen, sharesAccepted: null }
  if (!isMining(finding)) return [whole]
  const { spans = [], sharesAccepted } = finding.facts
  return spans.length > 0 ? [...spans] : [{ ...whole, sharesAccepted }]
}

function heldTogether(
  stretches: readonly Stretch[],
  isApartBy: (from: number, to: number) => boolean,
): Stretch[] {
  const held: Stretch[] = []
  for (const stretch of stretches) {
    const last = held.at(-1)
    if (last === undefined || isApartBy(last.to, stretch.from)) held.push({ ...stretch })
    else {
      last.to = Math.max(last.to, stretch.to)
      const isTold = last.sharesAccepted !== null || stretch.sharesAccepted !== null
      last.sharesAccepted = isTold ? (last.sharesAccepted ?? 0) + (stretch.sharesAccepted ?? 0) : null
    }
  }
  return held
}

/** Somebody else was at work meanwhile, or nobody was, as the evidence shows. */
function isApart(from: number, to: number, others: readonly Stretch[], watched: Watched): boolean {
  if (to - from <= STILL_MINING_MS) return false
  if (others.some((other) => other.from < to && other.to > from)) return true
  return to - from > GIVEN_UP_MS && watched.wasWatched(from, to)
}

function tenureOf(
  { id, findings, burns }: Work,
  { from, to, sharesAccepted }: Stretch,
  { isFirst, isLast }: { isFirst: boolean; isLast: boolean },
  watched: Watched,
): Tenure {
  const involved = findings.filter(
    (finding) => finding.firstSeen <= to + SLACK_MS && finding.lastSeen >= from - SLACK_MS,
  )
  const mining = involved.filter(isMining)
  const rates = mining.map((finding) => finding.facts.hashrate).filter((rate) => rate !== null)
  const { networkFrom, networkTo } = watched
  const wasStarted = involved.some(
    (finding) => !isMining(finding) && Math.abs(finding.firstSeen - from) <= SLACK_MS,
  )
  const isLoginSeen = mining.some((finding) => finding.facts.login !== null)
  const isStartSeen = isLoginSeen && networkFrom !== null && from - networkFrom >= WITNESSED_START_MS
  return {
    occupant: id,
    start: from,
    end: to,
    startKnown: wasStarted || isStartSeen || !isFirst,
    endKnown: !isLast || (mining.length > 0 && networkTo !== null && networkTo - to > STILL_MINING_MS),
    confidence:
      burns.length > 0 && mining.length === 0
        ? BUSY_ALONE
        : highest((involved.length > 0 ? involved : findings).map((finding) => finding.confidence)),
    hashrate: rates.length === 0 ? null : highest(rates),
    sharesAccepted,
    evidence: proofsOf(involved.length > 0 ? involved : findings, from, to),
  }
}

function proofsOf(findings: readonly Finding[], from: number, to: number): Tenure['evidence'] {
  const all = findings.flatMap((finding) => finding.evidence)
  const within = all.filter((evidence) => evidence.time >= from - SLACK_MS && evidence.time <= to + SLACK_MS)
  return firstAndLast(within.length > 0 ? within : all)
}
