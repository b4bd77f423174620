import type { FightCategory, Severity } from '../../event/finding.ts'
import type { Fight } from './fights.ts'
import { CLEARED_KEYS } from './persistence.ts'
import { PLANTED_KEY } from './settling.ts'
import { isTell, TELLS, type Tell } from './sign.ts'

export interface Verdict {
  readonly severity: Severity
  readonly score: number
  readonly isTakeover: boolean
  readonly persists: boolean
  readonly categories: readonly FightCategory[]
  readonly reasons: readonly string[]
}

/** Categories that come together within this time (ms) are one fight. */
export const WINDOW_MS = 5 * 60_000

/** Tells that nobody leaves who cleans up after a miner. */
const HARD: ReadonlySet<Tell> = new Set([
  'decoy',
  'hijack',
  'gang-name',
  'keys-replaced',
  'gang-tool',
  'second-root',
])

const WEIGHT_OF_TELL: Readonly<Record<Tell, number>> = {
  decoy: 0.3,
  hijack: 0.3,
  'gang-name': 0.2,
  'keys-replaced': 0.2,
  'gang-tool': 0.25,
  'spares-itself': 0.15,
  'by-load': 0.1,
  'by-pool': 0.05,
  'kill-list': 0.1,
  'flush-then-drop': 0.1,
  bystanders: 0.1,
  'piped-password': 0.1,
  'password-after-login': 0.1,
  'second-root': 0.25,
}
const ORDER: readonly Tell[] = Object.keys(WEIGHT_OF_TELL).filter(isTell)
const FIRST_CATEGORY = 0.15
const EACH_CATEGORY = 0.12
const SETTLED = 0.3
const COMBINED = 0.2
const SETTLED_PLAINLY = 0.1
const INTRUDER = 0.25
const GUESSED = 0.2
/** A score from which on nobody need look twice. */
const CERTAIN = 0.75
/** Within one script. */
const AT_ONCE_MS = 10_000
/** So soon behind a login nobody changes the password but who means to keep others out. */
const AFTER_LOGIN_MS = 2 * 60_000
/** So many names killed one by one are a list. */
export const KILL_LIST = 5

/**
 * Who throws others out and takes nothing for himself is cleaning up; who throws others out and settles in
 * within the same minutes has taken the machine over.
 */
export function judge(fight: Fight): Verdict {
  const window = bestWindow(fight)
  const { categories, telling, tells, settlings } = window
  const isSettled = settlings.some(({ isTelling }) => isTelling)
  const hard = tells.filter((tell) => HARD.has(tell))
  const takes = isSettled || hard.length > 0
  const hasSettled = settlings.length > 0
  const isCombined = isTakeover({ categories, takes, isSettled, hasSettled })
  const score = scoreOf(fight, window, isSettled, isCombined)
  const severity = severityOf(fight, { categories, telling, takes, hard, score, isSettled, isCombined })
  return {
    severity,
    score,
    isTakeover: severity !== 'low',
    persists: hasSettled,
    categories,
    reasons: reasonsOf(fight, window, takes),
  }
}

interface Window {
  readonly categories: readonly FightCategory[]
  /** Of those, the ones with an act that few do. */
  readonly telling: readonly FightCategory[]
  readonly tells: readonly Tell[]
  readonly settlings: Fight['settlings']
}

/** The five minutes with most categories, and of those the ones with most to say. */
function bestWindow({ acts, settlings, isTimeless, loginAt }: Fight): Window {
  let best: Window = { categories: [], telling: [], tells: [], settlings: [] }
  for (const { act } of acts) {
    const isIn = (time: number) => isTimeless || (time >= act.time && time - act.time <= WINDOW_MS)
    const near = acts.filter(
      (other) => isIn(other.act.time) || (other.lastTime >= act.time && isIn(other.lastTime)),
    )
    const categories = categoriesOf(near)
    const around = settlings.filter(({ time }) => isTimeless || Math.abs(time - act.time) <= WINDOW_MS)
    const tells = tellsOf(near, around, loginAt)
    const isFuller =
      categories.length > best.categories.length ||
      (categories.length === best.categories.length &&
        tells.length + around.length > best.tells.length + best.settlings.length)
    if (!isFuller) continue
    best = {
      categories,
      telling: categoriesOf(near.filter(({ isPlain }) => !isPlain)),
      tells,
      settlings: around,
    }
  }
  return best
}

function categoriesOf(acts: Fight['acts']): FightCategory[] {
  return [...new Set(acts.map(({ act }) => act.category))]
}

function tellsOf(near: Fight['acts'], settlings: Fight['settlings'], loginAt: number | null): Tell[] {
  const tells = new Set(near.flatMap(({ tells: own }) => own))
  const killed = near
    .filter(({ act }) => act.category === 'process-eviction')
    .flatMap(({ act }) => act.targets.filter(({ type }) => type !== 'self'))
  if (killed.length >= KILL_LIST) tells.add('kill-list')
  const flush = near.find(({ verb }) => verb === 'emptied the firewall')
  const drop = near.find(({ verb }) => verb === 'shut out pools')
  if (flush !== undefined && drop !== undefined && flush.act.time <= drop.lastTime)
    tells.add('flush-then-drop')
  const cleared = near.find(({ verb }) => verb === CLEARED_KEYS)
  const isReplaced = settlings.some(
    ({ what, time }) => what === PLANTED_KEY && Math.abs(time - (cleared?.act.time ?? 0)) <= AT_ONCE_MS,
  )
  if (cleared !== undefined && isReplaced) tells.add('keys-replaced')
  const password = near.find(({ verb }) => verb === 'set passwords')
  if (loginAt !== null && password !== undefined && password.act.time - loginAt <= AFTER_LOGIN_MS)
    tells.add('password-after-login')
  return ORDER.filter((tell) => tells.has(tell))
}

function scoreOf(
  fight: Fight,
  { categories, tells, settlings }: Window,
  isSettled: boolean,
  isCombined: boolean,
): number {
  let score = FIRST_CATEGORY + EACH_CATEGORY * Math.max(0, categories.length - 1)
  for (const tell of tells) score += WEIGHT_OF_TELL[tell]
  if (isSettled) score += SETTLED
  else if (settlings.length > 0) score += SETTLED_PLAINLY
  if (isCombined) score += COMBINED
  if (fight.isIntruders) score += INTRUDER
  if (fight.isGuessed) score += GUESSED
  return Math.round(Math.min(fight.isTimeless ? 0.7 : 0.98, score) * 100) / 100
}

interface Weighed extends Pick<Window, 'categories' | 'telling'> {
  readonly takes: boolean
  readonly hard: readonly Tell[]
  readonly score: number
  readonly isSettled: boolean
  readonly isCombined: boolean
}

/** Acts against others: without one of them, somebody sets a machine up. */
const AGAINST: ReadonlySet<FightCategory> = new Set([
  'process-eviction',
  'persistence-eviction',
  'vaccination',
  'network-lock-out',
])

/** Whom it threw or locked out is known: programs of one’s own are nobody’s rivals. */
const ENDING: ReadonlySet<FightCategory> = new Set(['process-eviction', 'vaccination', 'credential-lock-out'])

function severityOf(fight: Fight, weighed: Weighed): Severity {
  const { categories, telling, takes, hard, isSettled, isCombined, score } = weighed
  if (fight.isKeepers || categories.length === 0) return 'low'
  if (fight.isTimeless) return takes && telling.length >= 2 ? 'medium' : 'low'
  const isAgainst = hard.length > 0 || telling.some((category) => AGAINST.has(category))
  const isSure = score >= CERTAIN && telling.some((category) => ENDING.has(category))
  if (isAgainst && isCombined) return isSure ? 'critical' : 'high'
  if (isAgainst && takes && categories.length >= 2) return 'high'
  if (hard.includes('decoy') || (isSettled && categories.includes('vaccination'))) return 'high'
  if (hard.length > 0 || (isSettled && telling.includes('process-eviction'))) return 'medium'
  if (fight.isIntruders && categories.length >= 2) return 'high'
  if (fight.isIntruders && telling.some((category) => ENDING.has(category))) return 'medium'
  return fight.isGuessed && categories.length >= 2 ? 'medium' : 'low'
}

interface Combination {
  readonly categories: readonly FightCategory[]
  readonly takes: boolean
  readonly isSettled: boolean
  readonly hasSettled: boolean
}

/** Programs ended or decoys, what keeps others in taken away, and somebody settled in. */
function isTakeover({ categories, takes, isSettled, hasSettled }: Combination): boolean {
  const throwsOut = categories.includes('process-eviction') || categories.includes('vaccination')
  const locks = categories.includes('persistence-eviction') || categories.includes('credential-lock-out')
  return takes && hasSettled && throwsOut && locks && categories.length + (isSettled ? 1 : 0) >= 3
}

const CATEGORY_WORDS: Readonly<Record<FightCategory, string>> = {
  'process-eviction': 'programs were ended',
  'persistence-eviction': 'jobs, keys, services or files of others were removed',
  vaccination: 'places of others were occupied',
  'network-lock-out': 'others were cut off from the network',
  'credential-lock-out': 'passwords or accounts were changed',
  'tool-hiding': 'tools were hidden',
  'guard-removal': 'guards were removed',
  'closing-the-door': 'the way in was shut behind',
}

function reasonsOf(fight: Fight, { categories, tells, settlings }: Window, takes: boolean): string[] {
  const reasons: string[] = []
  if (categories.length > 1)
    reasons.push(
      `${categories.length} kinds of acts ${fight.isTimeless ? 'close together' : 'within five minutes'}: ${categories.map((category) => CATEGORY_WORDS[category]).join('; ')}`,
    )
  reasons.push(...tells.map((tell) => TELLS[tell]))
  const settled = [...new Set(settlings.map(({ what }) => what))]
  if (settled.length > 0) reasons.push(`the same hand ${settled.join(', ')}`)
  if (fight.isIntruders) reasons.push('a network service, its account or a hidden program did it')
  if (fight.isGuessed) reasons.push('the login came after many failed ones from the same address')
  if (fight.isKeepers) reasons.push('automation or a provisioner did it')
  else if (!takes && !fight.isIntruders)
    reasons.push('nobody settled in with it: an administrator who cleans up does the same')
  if (fight.isTimeless) reasons.push('the record tells the order, not the time')
  if (fight.isOpaque) reasons.push('more was run that was encoded and cannot be read here')
  return reasons
}
