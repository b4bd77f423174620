import { contentId } from '../../event/content-id.ts'
import type { FightCategory, Finding } from '../../event/finding.ts'
import type { Identifier } from '../../event/identifier.ts'
import { MAX_EVIDENCE } from '../../event/origin.ts'
import type { Fight } from './fights.ts'
import { judge, type Verdict } from './verdict.ts'

export const ID = 'takeover'

const ATTACK: Readonly<Record<FightCategory, string>> = {
  'process-eviction': 'T1489',
  'persistence-eviction': 'T1070.009',
  vaccination: 'T1222.002',
  'network-lock-out': 'T1686',
  'credential-lock-out': 'T1531',
  'tool-hiding': 'T1036.003',
  'guard-removal': 'T1685',
  'closing-the-door': 'T1686',
}
export const ATTACK_IDS: readonly string[] = [...new Set(Object.values(ATTACK))]

export function findingOf(fight: Fight, machine: Identifier): Finding {
  const verdict = judge(fight)
  const acts = fight.acts.map(({ act }) => act).toSorted((a, b) => a.time - b.time)
  const first = acts[0]
  const evidence = acts.map((act) => act.evidence)
  return {
    id: contentId('finding', ID, machine, fight.scopes[0] ?? '', first?.time ?? 0, first?.evidence.raw ?? ''),
    detector: ID,
    title: titleOf(fight, verdict),
    severity: verdict.severity,
    confidence: verdict.score,
    stage: verdict.isTakeover ? 'takeover' : 'context',
    attack: [...new Set(acts.map(({ category }) => ATTACK[category]))],
    subjects: [machine],
    firstSeen: first?.time ?? fight.firstTime,
    lastSeen: Math.max(...fight.acts.map(({ lastTime }) => lastTime)),
    count: fight.actCount,
    evidence:
      evidence.length <= MAX_EVIDENCE
        ? evidence
        : [...evidence.slice(0, MAX_EVIDENCE / 2), ...evidence.slice(-MAX_EVIDENCE / 2)],
    facts: {
      type: 'fight',
      acts,
      actCount: fight.actCount,
      categories: [...new Set(acts.map(({ category }) => category))],
      persists: verdict.persists,
      score: verdict.score,
      reasons: [...verdict.reasons],
      ...(fight.isTimeless ? { isTimeless: true } : {}),
    },
  }
}

function titleOf(fight: Fight, { isTakeover, persists, categories }: Verdict): string {
  const [only, ...more] = fight.acts
  if (only !== undefined && more.length === 0) {
    const { what } = only.act
    return `${what.charAt(0).toUpperCase()}${what.slice(1)}`.slice(0, 200)
  }
  if (!isTakeover || categories.length < 2) return 'Programs and jobs were cleared away'
  return persists
    ? 'Others were thrown off the machine, and somebody settled in'
    : 'Others were thrown off the machine'
}
