import type { Asset } from '../assets/asset.ts'
import type { Incident } from '../incidents/incident.ts'
import { formatTime } from '../text/time.ts'
import { isAccount } from './account.ts'
import type { AssetEntry, CoverageEntry } from './document.ts'

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
  /** Ranges (epoch ms) by kind of evidence, without gaps of an hour or more. */
  readonly ranges: Readonly<Record<'network' | 'login' | 'process', readonly Range[]>> & {
    /** When somebody looked at what was there at that moment. */
    readonly snapshot?: readonly Range[]
    /** When its load was measured. */
    readonly load?: readonly Range[]
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
  const { status, reason } = verdict(view)
  return { id: view.asset.id, names: [...view.asset.names], status, reason, joins: [...view.asset.joins] }
}

function verdict(view: MachineView): { status: AssetEntry['status']; reason: string } {
  const held = view.incidents.find((incident) => incident.tenures.length > 0 && incident.status !== 'ended')
  if (held !== undefined) return { status: 'occupied', reason: 'mining is going on' }
  if (view.incidents.length > 0)
    return {
      status: 'intruded',
      reason: isAccount(view.asset) ? 'somebody acted in it as intruders do' : 'somebody got in',
    }
  const seesMining = view.ranges.network.length > 0 || view.ranges.process.length > 0 || wasLookedAt(view)
  if (view.isUnderPressure) {
    const rest = seesMining
      ? 'nothing else was found'
      : 'only logins are in evidence, so mining would not show'
    return {
      status: 'pressure',
      reason: `passwords are being guessed at; nobody was seen getting in; ${rest}`,
    }
  }
  if (!seesMining) {
    return { status: 'not-judged', reason: whyUnjudged(view) }
  }
  return { status: 'clean', reason: `nothing found in ${seenIn(view)}` }
}

function whyUnjudged({ ranges, loadRise = null }: MachineView): string {
  const hasLogins = ranges.login.length > 0
  if ((ranges.load ?? []).length > 0) {
    const what = hasLogins ? 'only logins and its load are' : 'only its load is'
    return `${what} in evidence, so what makes it would not show${loadRise === null ? '' : `: ${loadRise}`}`
  }
  return hasLogins ? 'only logins are in evidence, so mining would not show' : 'no evidence about it'
}

function wasLookedAt({ ranges }: MachineView): boolean {
  return (ranges.snapshot ?? []).length > 0
}

function seenIn(view: MachineView): string {
  const kinds = [
    view.ranges.network.length > 0 ? 'its traffic' : '',
    view.ranges.login.length > 0 ? 'its logins' : '',
    view.ranges.process.length > 0 ? 'its audit trail' : '',
    wasLookedAt(view) ? 'what was there when it was looked at' : '',
  ].filter((kind) => kind !== '')
  return kinds.length < 2
    ? (kinds[0] ?? 'the evidence')
    : `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)}`
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
