import type { Finding, HostFacts, MiningFacts } from '../event/finding.ts'
import type { WayIn } from './incident.ts'
import { highest, lowest } from '../extremes.ts'
import { isHost } from './occupation/trace.ts'
import type { Signs } from './unseen-mining.ts'

/** A miner's first words come so soon after its start. */
const FIRST_WORDS_MS = 60_000
/** Clocks of two witnesses may differ by so much. */
const CLOCK_MS = 5000
/** Who logs in to mine mines within this. */
const AFTER_LOGIN_MS = 15 * 60_000
/** What an intruder's session alone explains must go on this long. */
const LASTING_MS = 15 * 60_000
const SURE_BY_START = 0.75
const SURE_BY_LOGIN = 0.6
/** Tricks that start a program. */
const STARTS = new Set([
  'dropper',
  'fileless',
  'miner-process',
  'kernel-disguise',
  'fetch-and-run',
  'decode-and-run',
  'container',
  'pod',
])

/** A program that an intruder started. */
export type Start = Finding & { readonly facts: HostFacts }

export function startsIn(steps: readonly Finding[]): Start[] {
  return steps.filter(isHost).filter(({ facts }) => STARTS.has(facts.what))
}

type Sealed = Finding & { readonly facts: HostFacts }

/**
 * A connection that only behaves like mining proves nothing. One that begins the moment an intruder starts a program, or
 * that lasts from an intruder's login on, is told as mining that nobody can read. Gives those findings, by their ids.
 */
export function sealedMining(
  all: readonly Finding[],
  starts: readonly Start[],
  ways: readonly WayIn[],
  flowsBegun: Signs['flowsBegun'] = () => [],
): Map<string, Finding> {
  const found = new Map<string, Finding>()
  for (const finding of all.filter(isHost)) {
    if (finding.facts.what !== 'mining-flow') continue
    const whole = withQuietFlows(finding, flowsBegun)
    const start = startBefore(whole, starts)
    if (start !== null) found.set(finding.id, mining(whole, SURE_BY_START, startedWords(start)))
    else if (isAfterLogin(finding, ways))
      found.set(finding.id, mining(whole, SURE_BY_LOGIN, 'it has lasted since an intruder logged in'))
  }
  return found
}

/** With the other connections to the same endpoint: the model does not know every one of them. */
function withQuietFlows(finding: Sealed, flowsBegun: Signs['flowsBegun']): Sealed {
  const { remote } = finding.facts
  const others = flowsBegun(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY).filter(
    ({ ip, port }) => remote === (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`),
  )
  if (others.length === 0) return finding
  const spans = [...spansOf(finding), ...others.map(({ from, to }) => ({ from, to }))].toSorted(
    (a, b) => a.from - b.from,
  )
  return {
    ...finding,
    firstSeen: lowest(spans.map(({ from }) => from)),
    lastSeen: highest(spans.map(({ to }) => to)),
    facts: { ...finding.facts, spans },
  }
}

function spansOf({ facts, firstSeen, lastSeen }: Sealed): readonly { from: number; to: number }[] {
  return facts.spans ?? [{ from: firstSeen, to: lastSeen }]
}

/** When a program was started, again and again. */
export function timesOf({ firstSeen, evidence }: Start): number[] {
  return [...new Set([firstSeen, ...evidence.map(({ time }) => time)])]
}

/** The start of a program that one of the connections followed at once: the first that any start explains. */
function startBefore(finding: Sealed, starts: readonly Start[]): Start | null {
  const begun = spansOf(finding)
    .map(({ from }) => from)
    .toSorted((a, b) => a - b)
  const found =
    begun
      .map((from) =>
        starts.filter((start) =>
          timesOf(start).some((at) => from >= at - CLOCK_MS && from <= at + FIRST_WORDS_MS),
        ),
      )
      .find((some) => some.length > 0) ?? []
  return found.find(({ facts }) => facts.path !== null) ?? found[0] ?? null
}

export function startedWords({ facts }: Start): string {
  return `it began when ${facts.path ?? facts.exe ?? 'a program of theirs'} was started`
}

function isAfterLogin(finding: Sealed, ways: readonly WayIn[]): boolean {
  return spansOf(finding).some(
    ({ from, to }) =>
      to - from >= LASTING_MS && ways.some(({ time }) => from >= time && from <= time + AFTER_LOGIN_MS),
  )
}

function mining(finding: Sealed, confidence: number, why: string): Finding {
  const endpoint = finding.facts.remote ?? ''
  const at = endpoint.lastIndexOf(':')
  const miner = finding.subjects[0] ?? ''
  return {
    ...finding,
    title: `Seems to mine at ${endpoint}, sealed: ${why}`,
    severity: 'high',
    confidence,
    stage: 'mining',
    facts: sealedFacts({
      ip: endpoint.slice(0, at).replace(/^\[|\]$/gu, ''),
      port: Number(endpoint.slice(at + 1)) || 0,
      minerIp: miner.slice(miner.indexOf(':') + 1),
      why,
      spans: spansOf(finding),
    }),
  }
}

/** Facts of mining of which nothing but when and with whom is known. */
export function sealedFacts(known: {
  readonly ip: string
  readonly port: number
  readonly minerIp: string
  readonly why: string
  readonly spans: readonly { readonly from: number; readonly to: number }[]
}): MiningFacts {
  return {
    type: 'mining',
    pool: { ip: known.ip, port: known.port, name: null },
    minerIp: known.minerIp,
    dialect: 'unknown',
    coin: null,
    algorithm: null,
    agent: null,
    login: null,
    worker: null,
    sharesSubmitted: 0,
    sharesAccepted: 0,
    sharesRejected: 0,
    hashrate: null,
    hashrateError: null,
    reasons: [known.why],
    spans: known.spans.map(({ from, to }) => ({ from, to, sharesAccepted: 0 })),
  }
}
