import { visible } from '../../text/visible.ts'
import type { SurfaceContext } from '../context.ts'
import type { ChainLink, Exposure, SurfaceAsset } from '../document.ts'
import { exposureOf } from '../exposure.ts'
import type { HostState } from '../host/host-state.ts'
import { proofOf } from '../inventory.ts'
import type { Link, Verdict } from '../network/verdict.ts'
import type { Behind } from './behind.ts'
import { type Candidate, matchOf } from './candidates.ts'
import { cutEdgeOf } from './cut-edge.ts'
import { type NetworkWayIn, OPEN_PORT } from './network-way-in.ts'
import { explanationOf, fixOf, whyOf } from './way-words.ts'
import { linkInWords } from './words.ts'

const MAX_SOURCES = 100
const MAX_LISTENERS = 20
const MAX_DOORS = 20

/** A way in written out: with its doors, its path, its words and its proof. */
export function networkExposure(found: NetworkWayIn, context: SurfaceContext): Exposure {
  const { verdict } = found
  const { of: asset, host, seen } = found.look()
  const way = found.way(asset, seen)
  const candidates = seen.candidates.flat()
  const main = candidates[0]
  const { usedIn } = found
  return exposureOf({
    kind: 'network',
    check: OPEN_PORT,
    title: found.title,
    explanation: explanationOf(verdict, main, way),
    fix: fixOf(verdict, main, way),
    asset: asset.id,
    key: found.key,
    likelihood: found.chance,
    losses: found.losses,
    why: whyOf(verdict, asset, seen, main, way, usedIn),
    usedIn,
    resources: [...new Set(verdict.permits.map(({ group }) => group))],
    evidence: [...seen.sockets.map(({ proof }) => proof), ...proofsOf(verdict, asset, context)],
    way: {
      address: verdict.address,
      protocol: verdict.protocol,
      portFrom: verdict.portFrom,
      portTo: verdict.portTo,
      sources: verdict.sources.slice(0, MAX_SOURCES).map((cidr) => ({ cidr })),
      chain: [...verdict.chain.map((link) => chainLink(link, context)), ...shieldLink(seen, host)],
      cutEdge: cutEdgeOf(verdict, asset, context),
      door: main?.door.id ?? null,
      doors: candidates.map(matchOf).slice(0, MAX_DOORS),
      listening: seen.listening,
      listeners: seen.sockets.slice(0, MAX_LISTENERS).map(({ address, port, protocol, process, user }) => ({
        address: visible(address),
        port,
        protocol,
        process: process === null ? null : visible(process),
        user: user === null ? null : visible(user),
      })),
      software: softwareOf(candidates),
    },
  })
}

function shieldLink({ shield }: Behind, host: HostState | null): ChainLink[] {
  if (shield === null || host === null || host.firewalls.length === 0) return []
  return [{ type: 'host-firewall', id: visible(host.id), name: null, says: shield.says }]
}

function chainLink(link: Link, context: SurfaceContext): ChainLink {
  const known = context.memory.links.get(link)
  if (known !== undefined) return known
  const name =
    context.network.securityGroups.get(link.id)?.name ?? context.assets.get(link.id)?.names[0] ?? null
  const told: ChainLink = {
    type: link.kind,
    id: visible(link.id),
    name: name === null ? null : visible(name),
    says: linkInWords(link),
  }
  context.memory.links.set(link, told)
  return told
}

function proofsOf(
  verdict: Verdict,
  asset: SurfaceAsset,
  { inventory }: SurfaceContext,
): Exposure['evidence'] {
  const groups = [...new Set(verdict.permits.map(({ group }) => group))]
  const rules = groups.flatMap((group) => inventory.find('aws_security_group', group) ?? [])
  return [...asset.evidence, ...rules.map(proofOf)]
}

function softwareOf(candidates: readonly Candidate[]): string[] {
  return [...new Set(candidates.filter(({ isSeen }) => isSeen).map(({ door }) => door.title))].slice(
    0,
    MAX_DOORS,
  )
}
