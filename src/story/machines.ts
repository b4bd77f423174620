import type { Asset } from '../assets/asset.ts'
import type { Incident } from '../incidents/incident.ts'
import { formatTime } from '../text/time.ts'
import { isAccount } from './account.ts'
import type { AssetEntry, CoverageEntry } from './document.ts'
import { judgeSight, type SightJudgement, type Sighting, WOULD_SHOW } from './sight.ts'

/** Epoch ms. */
interface Range {
  readonly from: number
  readonly to: number
}

/** What is known of one machine, for the verdict on it. */
export interface MachineView {
  readonly asset: Asset
  readonly incidents: readonly Incident[]
  readonly isUnderPressure: boolean
  /** How its load rose as it does with a miner, in words; null: it did not, or nobody measured. */
  readonly loadRise?: string | null
  /** What was seen of it, whatever the time. */
  readonly seen: Sighting
  /** Ranges (epoch ms) by kind of evidence, without gaps of an hour or more. */
  readonly ranges: Readonly<Record<'network' | 'login' | 'process', readonly Range[]>> & {
    /** When somebody looked at what was there at that moment. */
    readonly snapshot?: readonly Range[]
  }
}

/** What each kind of evidence shows, and how to get it. */
const KINDS = {
  network: 'a capture of its traffic shows mining on the wire (tcpdump -i any -w FILE.pcap)',
  login: "sshd's log shows guessing and logins (/var/log/auth.log, /var/log/secure or journalctl -o json)",
  process:
    'an audit trail shows what ran and what was changed (auditd with execve and file rules, /var/log/audit/audit.log)',
} as const

const MAX_RANGES = 24

export function machineEntry(view: MachineView): AssetEntry {
  const judgement = judgeSight(view.seen)
  const { status, reason } = verdict(view, judgement)
  const { id, names, joins } = view.asset
  const entry = { id, names: [...names], status, reason, joins: [...joins] }
  return status === 'not-judged' ? { ...entry, toJudge: [...judgement.toJudge] } : entry
}

function verdict(view: MachineView, sight: SightJudgement): { status: AssetEntry['status']; reason: string } {
  const held = view.incidents.find((incident) => incident.tenures.length > 0 && incident.status !== 'ended')
  if (held !== undefined) return { status: 'occupied', reason: 'mining is going on' }
  if (view.incidents.length > 0)
    return {
      status: 'intruded',
      reason: isAccount(view.asset) ? 'somebody acted in it as intruders do' : 'somebody got in',
    }
  const isLoginsAlone = sight.short.every((one) => one.sight === 'login')
  if (view.isUnderPressure) {
    const unseen = isLoginsAlone
      ? 'only logins are in evidence, so mining would not show'
      : 'too little else was seen to say whether somebody mines'
    const rest = sight.showsMining ? 'nothing else was found' : unseen
    return {
      status: 'pressure',
      reason: `passwords are being guessed at; nobody was seen getting in; ${rest}`,
    }
  }
  if (!sight.showsMining) return { status: 'not-judged', reason: whyUnjudged(view, sight) }
  return { status: 'clean', reason: `nothing found in ${listed(seenIn(view, sight))}` }
}

function whyUnjudged({ loadRise = null }: MachineView, { short }: SightJudgement): string {
  const kinds = new Set(short.map(({ sight }) => sight))
  if (kinds.size === 0) return 'no evidence about it'
  const rise = loadRise === null ? '' : `: ${loadRise}`
  if (kinds.size === 1 && kinds.has('login')) return 'only logins are in evidence, so mining would not show'
  if (kinds.has('load') && [...kinds].every((kind) => kind === 'load' || kind === 'login')) {
    const what = kinds.has('login') ? 'only logins and its load are' : 'only its load is'
    return `${what} in evidence, so what makes it would not show${rise}`
  }
  const seen = short.map(({ words }) => words).join('; ')
  const found = loadRise === null ? 'nothing found' : `not enough to say what makes its load (${loadRise})`
  return `${found} in what could be seen, and that is not enough: ${seen}`
}

/** In the order in which they are told: what shows mining, and logins, which show who came. */
function seenIn({ seen }: MachineView, { by }: SightJudgement): readonly string[] {
  const [traffic, ...rest] = by
  const logins = seen.sights.has('login') ? ['its logins'] : []
  return traffic === undefined || !TRAFFIC.has(traffic) ? [...logins, ...by] : [traffic, ...logins, ...rest]
}

const TRAFFIC: ReadonlySet<string> = new Set(
  WOULD_SHOW.filter(({ all }) => all.includes('capture') || all.includes('flows')).map(({ words }) => words),
)

function listed(words: readonly string[]): string {
  return words.length < 2
    ? (words[0] ?? 'the evidence')
    : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

export function coverageEntries(view: MachineView): CoverageEntry[] {
  // An account has no traffic and no trail of its own that could be missing.
  if (isAccount(view.asset)) return []
  const entries: CoverageEntry[] = (view.ranges.snapshot ?? []).slice(0, MAX_RANGES).map((range) => ({
    asset: view.asset.id,
    kind: 'snapshot',
    from: formatTime(range.from),
    to: formatTime(range.to),
    note: 'a look at it: what was there before and after does not show',
  }))
  for (const kind of ['network', 'login', 'process'] as const) {
    const ranges = view.ranges[kind]
    for (const range of ranges.slice(0, MAX_RANGES)) {
      entries.push({
        asset: view.asset.id,
        kind,
        from: formatTime(range.from),
        to: formatTime(range.to),
        note: '',
      })
    }
    if (ranges.length === 0) {
      entries.push({
        asset: view.asset.id,
        kind,
        from: null,
        to: null,
        note: `not in evidence: ${KINDS[kind]}`,
      })
    } else if (ranges.length > MAX_RANGES) {
      const rest = ranges.length - MAX_RANGES
      entries.push({ asset: view.asset.id, kind, from: null, to: null, note: `and ${rest} more stretches` })
    }
  }
  return entries
}
