import type { Finding } from '../../event/finding.ts'

/** Acts that come again and again in sessions of their own, as a job of cron does them. JSON-able. */
export type Repeats = { acts: string; count: number; finding: Finding; isGrown: boolean }[]

const MAX_REPEATS = 64
/** So many times the same is told apart; then it is one finding that grows. */
const TOLD_APART = 8

export function noRepeats(): Repeats {
  return []
}

/** The finding to tell: itself, an earlier one that has grown, or null where nothing new is worth telling. */
export function repeatOf(repeats: Repeats, finding: Finding): Finding | null {
  const acts =
    finding.facts.type === 'fight'
      ? finding.facts.acts
          .map(({ what }) => what)
          .join('|')
          .slice(0, 512)
      : ''
  const at = repeats.findIndex((repeat) => repeat.acts === acts)
  const known = (at < 0 ? undefined : repeats.splice(at, 1)[0]) ?? { acts, count: 0, finding, isGrown: false }
  known.count++
  repeats.push(known)
  if (repeats.length > MAX_REPEATS) repeats.shift()
  if (known.count <= TOLD_APART) {
    known.finding = finding
    return finding
  }
  const { count, lastSeen } = known.finding
  known.finding = {
    ...known.finding,
    count: count + finding.count,
    lastSeen: Math.max(lastSeen, finding.lastSeen),
  }
  known.isGrown = (known.count & (known.count - 1)) !== 0
  return known.isGrown ? null : known.finding
}
