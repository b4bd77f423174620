import type { Finding, HostFacts } from '../event/finding.ts'
import type { WayIn } from './incident.ts'
import { isHost } from './occupation/trace.ts'

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
])

type Sealed = Finding & { readonly facts: HostFacts }

/**
 * A connection that only behaves like mining proves nothing. One that begins the moment an intruder starts a program, or
 * that lasts from an intruder's login on, is told as mining that nobody can read. Gives those findings, by their ids.
 */
export function sealedMining(
  all: readonly Finding[],
  steps: readonly Finding[],
  ways: readonly WayIn[],
): Map<string, Finding> {
  const starts = steps.filter(isHost).filter(({ facts }) => STARTS.has(facts.what))
  const found = new Map<string, Finding>()
  for (const finding of all.filter(isHost)) {
    if (finding.facts.what !== 'mining-flow') continue
    const start = startBefore(finding, starts)
    if (start !== null) found.set(finding.id, mining(finding, SURE_BY_START, startedWords(start)))
    else if (isAfterLogin(finding, ways))
      found.set(finding.id, mining(finding, SURE_BY_LOGIN, 'it has lasted since an intruder logged in'))
  }
  return found
}

function spansOf({ facts, firstSeen, lastSeen }: Sealed): readonly { from: number; to: number }[] {
  return facts.spans ?? [{ from: firstSeen, to: lastSeen }]
}

/** The start of a program that one of the connections followed at once. */
function startBefore(finding: Sealed, starts: readonly Sealed[]): Sealed | null {
  const isFollowed = (at: number): boolean =>
    spansOf(finding).some(({ from }) => from >= at - CLOCK_MS && from <= at + FIRST_WORDS_MS)
  const found = starts.filter(({ firstSeen, evidence }) =>
    [firstSeen, ...evidence.map(({ time }) => time)].some(isFollowed),
  )
  return found.find(({ facts }) => facts.path !== null) ?? found[0] ?? null
}

function startedWords({ facts }: Sealed): string {
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
    facts: {
      type: 'mining',
      pool: {
        ip: endpoint.slice(0, at).replace(/^\[|\]$/gu, ''),
        port: Number(endpoint.slice(at + 1)) || 0,
        name: null,
      },
      minerIp: miner.slice(miner.indexOf(':') + 1),
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
      reasons: [why],
      spans: spansOf(finding).map(({ from, to }) => ({ from, to, sharesAccepted: 0 })),
    },
  }
}
