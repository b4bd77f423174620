import type { Event } from '../event/event.ts'
import type { Finding } from '../event/finding.ts'
import type { Identifier } from '../event/identifier.ts'
import type { Evidence } from '../event/origin.ts'
import type { WayIn } from './incident.ts'

/** Somebody calls a cloud's control plane from one address, time and again without a long break. */
export interface CloudVisit {
  /** ARN, e-mail or name, as the trail has it. */
  readonly caller: string
  readonly srcIp: string
  /** Epoch ms. */
  readonly from: number
  to: number
  /** Whether that caller had come from another address before. */
  readonly isNewAddress: boolean
  /** The first call. */
  readonly evidence: Evidence
}

/** Who comes back from an address after so long begins anew. */
const BREAK_MS = 12 * 3_600_000
const PER_ACCOUNT = 4096
const MAX_ACCOUNTS = 1024
/** Clocks of two regions may differ by so much. */
const CLOCK_MS = 5000
/** What has gone on from one address for so long before anything was wrong is how its owner works. */
const OWN_WAY_MS = 24 * 3_600_000

/** Who called which account's control plane, and from where. Services of the cloud itself have no address. */
export class CloudCallers {
  private readonly visits = new Map<Identifier, CloudVisit[]>()

  observe(event: Event): void {
    if (event.kind !== 'cloud-api' || event.srcIp === null || event.caller === null) return
    const account = event.observer
    const known = this.visits.get(account)
    if (known === undefined && this.visits.size >= MAX_ACCOUNTS) return
    const visits = known ?? []
    if (known === undefined) this.visits.set(account, visits)
    const { caller, srcIp, time, origin } = event
    const last = visits.findLast((visit) => visit.caller === caller && visit.srcIp === srcIp)
    if (last !== undefined && time - last.to <= BREAK_MS) {
      last.to = Math.max(last.to, time)
      return
    }
    const isNewAddress = visits.some((visit) => visit.caller === caller && visit.srcIp !== srcIp)
    visits.push({ caller, srcIp, from: time, to: time, isNewAddress, evidence: { ...origin, time } })
    if (visits.length > PER_ACCOUNT) visits.shift()
  }

  /**
   * Whose visit a call of that time (epoch ms) belongs to, by the caller's name in the record's text; the one that began last
   * where there are several. Null where nobody is known, or it is how its owner has long worked.
   */
  visitOf(accounts: readonly Identifier[], time: number, raw: string): CloudVisit | null {
    const visits = accounts
      .flatMap((account) => this.visits.get(account) ?? [])
      .filter(
        ({ from, to, caller }) => from <= time + CLOCK_MS && to >= time - CLOCK_MS && raw.includes(caller),
      )
    const last = visits.toSorted((a, b) => a.from - b.from).at(-1)
    return last === undefined || time - last.from > OWN_WAY_MS ? null : last
  }
}

/** By an address that its caller never used before; by one it may have used. */
const NEW_ADDRESS = 0.8
const SAME_ADDRESS = 0.6
const TRAIL_OF_CLUSTER = 'kubernetes-audit'

/** How somebody came into an account of a cloud or a cluster: by whose credentials, from where, since when. */
export function cloudEntryOf(
  steps: readonly Finding[],
  visitOf: (time: number, raw: string) => CloudVisit | null,
): WayIn | null {
  for (const { evidence } of steps) {
    for (const { time, raw, source } of evidence.slice(0, 3)) {
      const visit = visitOf(time, raw)
      if (visit === null) continue
      return {
        kind: source === TRAIL_OF_CLUSTER ? 'cluster-credentials' : 'cloud-credentials',
        time: visit.from,
        srcIp: visit.srcIp,
        user: shortName(visit.caller),
        tries: 0,
        sourceCount: 1,
        method: null,
        pid: null,
        session: null,
        confidence: visit.isNewAddress ? NEW_ADDRESS : SAME_ADDRESS,
        evidence: [visit.evidence],
      }
    }
  }
  return null
}

/** `user/build` of `arn:aws:iam::111122223333:user/build`. */
function shortName(caller: string): string {
  return caller.startsWith('arn:') ? caller.slice(caller.lastIndexOf(':') + 1) : caller
}
