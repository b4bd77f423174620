import { UNKNOWN_ACCOUNT } from '../assets.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure, Range } from '../document.ts'
import { shareExposure } from './account-share.ts'

/** Machines that may open connections to anywhere: how a miner reaches its pool. */
export function egressExposures(atRisk: ReadonlyMap<string, Range>, context: SurfaceContext): Exposure[] {
  const open = new Map<string, string[]>()
  for (const group of context.network.securityGroups.values()) {
    const isOpen = group.rules.some(
      ({ direction, protocol, peer }) =>
        direction === 'egress' &&
        protocol === -1 &&
        peer.kind === 'cidr' &&
        /^(?:0\.0\.0\.0|::)\/0$/u.test(peer.cidr),
    )
    if (!isOpen) continue
    const account = group.account ?? UNKNOWN_ACCOUNT
    const list = open.get(account)
    if (list === undefined) open.set(account, [group.id])
    else list.push(group.id)
  }
  return [...open].map(([account, groups]) => ({
    ...shareExposure('egress-open', account, atRisk, context.catalogue, {
      title: `machines in ${groups.length === 1 ? 'one security group' : `${groups.length} security groups`} may connect to anywhere`,
      explanation:
        'A miner has to reach its pool. Most servers need few places outside: updates, a few services. Letting out only that stops most miners even after somebody got in.',
      fix: 'Let out what was really used (flow logs show it) and refuse the rest; at first only record what would be refused.',
      why: ['AWS lets every new security group out to everywhere; nobody changed that here'],
      evidence: [],
    }),
    resources: groups.slice(0, 1000).toSorted(),
  }))
}
