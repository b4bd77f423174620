import type { Arrival } from './arrival.ts'
import { parseAddress, single } from './cidr.ts'
import { EPHEMERAL_FROM, type Filter, type Filters, groupBands } from './filter.ts'
import { gauntlet, type Outcome } from './gauntlet.ts'
import { copied, type Opening } from './opening.ts'
import type { Shut } from './shut.ts'
import {
  type Bound,
  difference,
  intersection,
  type Intervals,
  isEmpty,
  NOTHING,
  unionOf,
} from './interval.ts'
import type { NetworkInterface } from './model.ts'
import { type AclCheck, type End, type Passage, passage } from './passage.ts'
import { TCP, UDP } from './protocol.ts'
import { endLinks, stateBlocker, type TargetAddress, UNKNOWN_ADDRESS } from './target.ts'
import type { Topology } from './topology.ts'
import { among, type Bands, NO_BANDS, PORT_END, within } from './traffic.ts'
import type { Blocker, Link, Verdict } from './verdict.ts'
import { about, type Around, blockedVerdict, openVerdict, shutVerdict } from './write-verdict.ts'

const ALL_PORTS: Intervals = [0, PORT_END]

/** From one machine to the private addresses of another: what somebody in it could try next. */
export class FromAsset {
  readonly #topology: Topology
  readonly #filters: Filters
  readonly #from: readonly TargetAddress[]
  readonly #addresses = new Map<Bound, Intervals>()

  constructor(topology: Topology, filters: Filters, from: readonly TargetAddress[]) {
    this.#topology = topology
    this.#filters = filters
    this.#from = from
  }

  /** Over the first of the asset's addresses from which something is open; else what blocks the first. */
  to(target: TargetAddress): Verdict[] {
    if (this.#from.some((one) => one.asset === target.asset)) return []
    let first: Verdict[] | null = null
    for (const from of this.#from) {
      if (from.family !== target.family) continue
      const verdicts = this.#between(from, target)
      if (verdicts.some((one) => one.status !== 'blocked')) return verdicts
      first ??= verdicts
    }
    return first ?? []
  }

  #between(source: TargetAddress, target: TargetAddress): Verdict[] {
    const of = about(target, target.address ?? UNKNOWN_ADDRESS)
    const state = stateBlocker(source.instance) ?? stateBlocker(target.instance)
    if (state !== null) return [blockedVerdict(of, state)]
    const [from, to] = [endOf(source), endOf(target)]
    if (from === null || to === null) return [unknownAddress(blockedVerdict(of, NO_PATH))]
    const way = passage(this.#topology, from, to)
    if (way.blockedBy !== null) return [blockedVerdict(of, way.blockedBy)]
    return this.#written(source, target, way, this.#outcome(from, to, way))
  }

  #written(source: TargetAddress, target: TargetAddress, way: Passage, outcome: Outcome): Verdict[] {
    const of = about(target, target.address ?? UNKNOWN_ADDRESS)
    const origin: Link = {
      kind: 'asset',
      id: source.asset,
      detail: source.instance?.names[0] ?? source.asset,
    }
    const sources = [`${source.address}/${source.family === 4 ? 32 : 128}`]
    const fallback = way.links.find((link) => link.kind === 'peering' || link.kind === 'route') ?? null
    const around: Around = { before: [origin], after: endLinks(target), fallback }
    return [
      ...outcome.open.map((opening) => openVerdict(of, opening, around, sources)),
      ...outcome.shut.map((shut) => shutVerdict(of, shut)),
    ]
  }

  #outcome(from: End, to: End, way: Passage): Outcome {
    const me = this.#own(from)
    const isSure = way.missing.length === 0
    const arrival: Arrival = {
      sure: isSure ? me : NOTHING,
      perhaps: me,
      missing: way.missing,
      links: way.links,
      blockedBy: null,
      notes: [],
    }
    const { subnet, vpc, groups } = to.networkInterface
    // ACLs are asked below, over the whole way; here the groups of the target alone.
    const gate = { subnet, vpc, groups, family: to.family, whom: me, passesAcl: false }
    const outcome = gauntlet(this.#topology, this.#filters, gate, arrival)
    return this.#restricted(outcome, from, to, way)
  }

  /** One object for an address of the asset: what rules say of it is remembered by it. */
  #own({ value }: End): Intervals {
    let own = this.#addresses.get(value)
    if (own === undefined) {
      own = single(value)
      this.#addresses.set(value, own)
    }
    return own
  }

  /** Only what the groups of the sender and all ACLs on the way let through. */
  #restricted(outcome: Outcome, from: End, to: End, way: Passage): Outcome {
    const open: Opening[] = []
    const shut: Shut[] = [...outcome.shut]
    for (const opening of outcome.open) {
      const { ports, by, missing } = this.#portsOnTheWay(opening.protocol, from, to, way.checks)
      const own: Intervals = [opening.band.from, opening.band.to]
      const left = intersection(own, ports)
      for (let i = 0; i < left.length; i += 2)
        open.push({
          ...copied(opening),
          band: { ...opening.band, from: Number(left[i]), to: Number(left[i + 1]) },
          isSure: opening.isSure && missing.length === 0,
          missing: [...opening.missing, ...missing],
        })
      const gone = difference(own, ports)
      if (by === null) continue
      for (let i = 0; i < gone.length; i += 2)
        shut.push({ protocol: opening.protocol, from: Number(gone[i]), to: Number(gone[i + 1]), by })
    }
    if (open.length > 0) return { open, shut }
    const first = shut.find(({ by }) => by.kind !== 'security-group') ?? shut[0]
    return {
      open,
      shut: first === undefined ? [] : [{ protocol: null, from: 0, to: PORT_END, by: first.by }],
    }
  }

  #portsOnTheWay(
    protocol: number,
    from: End,
    to: End,
    checks: readonly AclCheck[],
  ): { ports: Intervals; by: Blocker | null; missing: readonly string[] } {
    const missing: string[] = []
    const sender = from.networkInterface
    const target = single(to.value)
    const egress = this.#filters.groups(sender.groups, sender.vpc, 'egress', from.family, target)
    missing.push(...egress.missing)
    let ports = portsOf(among(groupBands(egress, protocol, from.family, true), target))
    let by: Blocker | null =
      ports.length === 2 && ports[0] === 0 && ports[1] === PORT_END ? null : egressBlocker(sender)
    for (const check of checks) {
      const acl = this.#topology.networkAcl(check.subnet)
      if (acl === null) {
        missing.push(`network ACL of ${check.subnet}`)
        continue
      }
      const filter = this.#filters.acl(acl, check.direction, from.family)
      const isToTarget = (check.direction === 'egress') !== check.isReply
      const other = single(isToTarget ? to.value : from.value)
      const passing = check.isReply
        ? passesReply(filter, protocol, other)
          ? ALL_PORTS
          : NOTHING
        : portsOf(among(filter.get(protocol) ?? NO_BANDS, other))
      const left = intersection(ports, passing)
      if (left.length !== ports.length || left.some((bound, i) => bound !== ports[i])) {
        by ??= {
          kind: check.isReply ? 'network-acl-reply' : 'network-acl',
          id: acl.id,
          detail: `network ACL ${acl.id} of ${check.subnet} stops the ${check.isReply ? 'reply' : 'request'} (${check.direction === 'egress' ? 'outbound' : 'inbound'})`,
        }
      }
      ports = left
    }
    return { ports, by, missing }
  }
}

const NO_PATH: Blocker = { kind: 'no-path', id: '', detail: 'its address is not known yet' }

function unknownAddress(verdict: Verdict): Verdict {
  return { ...verdict, status: 'unknown', blockedBy: null, missing: ['private addresses of both'] }
}

function endOf({ networkInterface, address, family }: TargetAddress): End | null {
  const parsed = address === null ? null : parseAddress(address)
  return parsed === null ? null : { networkInterface, value: parsed.value, family }
}

function portsOf(bands: Bands): Intervals {
  return unionOf(bands.map(({ from, to }) => [from, to]))
}

function passesReply(filter: Filter, protocol: number, other: Intervals): boolean {
  const bands = among(filter.get(protocol) ?? NO_BANDS, other)
  const replies = protocol === TCP || protocol === UDP ? within(bands, EPHEMERAL_FROM, PORT_END) : bands
  return !isEmpty(unionOf(replies.map(({ from, to }) => [from, to])))
}

function egressBlocker({ id, groups }: NetworkInterface): Blocker {
  return {
    kind: 'security-group-egress',
    id: groups[0] ?? id,
    detail: `no outbound rule of ${groups.join(', ') || id} lets it out`,
  }
}
