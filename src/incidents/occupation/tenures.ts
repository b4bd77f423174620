import { highest, lowest } from '../../extremes.ts'
import type { Finding } from '../../event/finding.ts'
import { firstAndLast } from '../evidence-union.ts'
import type { Tenure } from '../incident.ts'
import { isMining } from './trace.ts'

/** Mining that goes on within this of the end of the evidence is taken to go on after it; a shorter break is none. */
export const STILL_MINING_MS = 10 * 60_000
/** A dialogue that begins this long after the capture does was not going on before. */
const WITNESSED_START_MS = 60_000
/** Whoever does not mine for so long, under watch, has lost the machine or let it go. */
const GIVEN_UP_MS = 60 * 60_000
/** Proofs belong to a tenure also a little outside of it: clocks of two witnesses differ. */
const SLACK_MS = 60_000

/** From when to when a machine was watched, for telling an end of mining from an end of evidence. */
export interface Watched {
  readonly networkFrom: number | null
  readonly networkTo: number | null
  /** Until when its audit trail goes. */
  readonly processTo: number | null
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
  /** When somebody did away with what it had running, epoch ms. */
  readonly evictions: readonly number[]
}

/** Who held the machine when. An occupant that stopped and came back, or was thrown out between, held it twice. */
export function tenuresOf(works: readonly Work[], watched: Watched): Tenure[] {
  const pieces = new Map(works.map((work) => [work.id, timedOf(work.findings).flatMap(spansOf)]))
  const stretches = new Map(
    works.map((work) => {
      const others = [...pieces].filter(([id]) => id !== work.id).flatMap(([, other]) => other)
      return [
        work.id,
        stretchesOf(timedOf(work.findings), (from, to) => isThrownOut(from, to, others, work.evictions)),
      ]
    }),
  )
  const tenures = works.flatMap((work) => {
    const own = stretches.get(work.id) ?? []
    const others = [...stretches].filter(([id]) => id !== work.id).flatMap(([, other]) => other)
    const held = heldTogether(
      own,
      (from, to) => isThrownOut(from, to, others, work.evictions) || isApart(from, to, others, watched),
    )
    const isTimed = work.findings.some(knowsItsEnd)
    if (!isTimed) goOn(held, others, watched, work.evictions)
    const lasting = held.filter(({ from, to }) => !isTimed || held.length === 1 || to - from >= REDIAL_MS)
    if (isTimed) for (const stretch of lasting) beginWithStart(stretch, work.findings)
    return lasting.map((stretch, at) =>
      tenureOf(work, stretch, { isFirst: at === 0, isLast: at === lasting.length - 1 }, watched),
    )
  })
  return tenures.toSorted((a, b) => a.start - b.start || a.end - b.end)
}

/** A miner was there from its start on, moments before its first words. */
function beginWithStart(stretch: Stretch, findings: readonly Finding[]): void {
  const starts = findings
    .filter((finding) => !knowsItsEnd(finding))
    .flatMap(({ firstSeen, evidence }) => [firstSeen, ...evidence.map(({ time }) => time)])
    .filter((time) => time <= stretch.from && time >= stretch.from - FIRST_WORDS_MS)
  if (starts.length > 0) stretch.from = lowest(starts)
}

/** Where anything tells the end of the work, that counts: how often a miner was started does not say that it ran between. */
function timedOf(findings: readonly Finding[]): readonly Finding[] {
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
  evictions: readonly number[],
): void {
  const last = held.at(-1)
  if (last === undefined || watched.processTo === null) return
  const after = [...others.map((other) => other.from), ...evictions].filter((from) => from > last.from)
  last.to = Math.max(last.to, Math.min(watched.processTo, ...after))
}

/** Times of work with none but short breaks between; `isSplit` tells of a short one that is an end all the same. */
export function stretchesOf(
  findings: readonly Finding[],
  isSplit: (from: number, to: number) => boolean = () => false,
): Stretch[] {
  const pieces = findings.flatMap(spansOf)
  return heldTogether(
    pieces.toSorted((a, b) => a.from - b.from),
    (from, to) => to - from > STILL_MINING_MS || isSplit(from, to),
  )
}

/** A miner's first words on the wire come so soon after its start. */
const FIRST_WORDS_MS = 60_000
/** A break this short is none: a miner dials again. */
const REDIAL_MS = 5000
/** Cron brings a killed miner back within a minute. */
const BACK_AT_ONCE_MS = 60_000
/** A killed miner's last words are on the wire up to this long after: a connection that nobody closes times out. */
const LAST_WORDS_MS = 60_000

/** A break, however short, in which somebody did away with the miner, or began to mine instead. */
function isThrownOut(
  from: number,
  to: number,
  others: readonly Stretch[],
  evictions: readonly number[],
): boolean {
  if (to - from <= REDIAL_MS) return false
  const isWithin = (at: number): boolean => at >= from - LAST_WORDS_MS && at <= to
  // What is back at once had not lost the machine, unless another had it meanwhile.
  const isLost = to - from > BACK_AT_ONCE_MS && evictions.some(isWithin)
  return isLost || others.some((other) => other.from >= from && other.from <= to)
}

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
  { id, findings }: Work,
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
    confidence: highest((involved.length > 0 ? involved : findings).map((finding) => finding.confidence)),
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
