import type { Arrival } from './arrival.ts'
import { difference as without, type Intervals, unionOf } from './interval.ts'
import { type Clearance, type Filter, type Filters, groupBands, type Groups, permitting } from './filter.ts'
import {
  ALL_PROTOCOLS,
  type Family,
  type NetworkAcl,
  type NetworkAclRule,
  type SecurityGroupRule,
} from './model.ts'
import { TCP, UDP } from './protocol.ts'
import type { Topology } from './topology.ts'
import {
  among,
  overlap,
  type Band,
  type Bands,
  difference,
  intersection,
  NO_BANDS,
  PORT_END,
} from './traffic.ts'
import type { Blocker, Link, Permit } from './verdict.ts'

/** An interface as rules see it. */
export interface Gate {
  readonly subnet: string | null
  readonly vpc: string | null
  /** Null = it has none and needs none. */
  readonly groups: readonly string[] | null
  readonly family: Family
  /** Who may come at all: nobody else's rules are looked at. The same for many gates. */
  readonly whom: Intervals
  /** Traffic within one subnet meets no ACL. */
  readonly passesAcl: boolean
}

/** What gets through all rules, for every interface that stands the same way. */
export interface Outcome {
  readonly open: readonly Opening[]
  /** May be worked out only when it is asked for. */
  readonly shut: readonly Shut[]
}

export interface Opening {
  readonly protocol: number
  readonly band: Band
  readonly isSure: boolean
  readonly missing: readonly string[]
  readonly links: readonly Link[]
  readonly permits: readonly Permit[]
  readonly notes: readonly string[]
}

export interface Shut {
  /** Null = all of them. */
  readonly protocol: number | null
  readonly from: number
  readonly to: number
  readonly by: Blocker
}

/** Sends everybody who arrives past the ACL, the groups and the ACL again for the reply. */
export function gauntlet(topology: Topology, filters: Filters, gate: Gate, arrival: Arrival): Outcome {
  const acl = gate.passesAcl ? topology.networkAcl(gate.subnet) : null
  const lacksAcl = gate.passesAcl && acl === null
  const { family, groups: ids } = gate
  const groups: Groups =
    ids === null
      ? { rules: [], missing: [], isOpen: true }
      : filters.groups(ids, gate.vpc, 'ingress', family, gate.whom)
  const clearance = filters.clearance(acl, arrival, family)
  const rules: Rules = { acl, arrival, clearance, groups }
  const missing = [
    ...arrival.missing,
    ...(lacksAcl ? [`network ACL of ${gate.subnet ?? 'the subnet'}`] : []),
    ...groups.missing,
  ]
  const open: Opening[] = []
  const possible = new Map<number, Bands>()
  for (const protocol of filters.protocolsOf(family)) {
    const isFree = ids === null
    const sure = lacksAcl ? NO_BANDS : passing(rules.groups, clearance.sure, protocol, family, isFree)
    const perhaps =
      missing.length === 0 ? sure : passing(rules.groups, clearance.perhaps, protocol, family, true)
    for (const band of sure)
      open.push(...openings(filters, gate, rules, { protocol, band, isSure: true, missing: [] }))
    if (missing.length > 0)
      for (const band of difference(perhaps, sure))
        open.push(...openings(filters, gate, rules, { protocol, band, isSure: false, missing }))
    possible.set(protocol, perhaps)
  }
  return new RulesOutcome(together(open, filters, family), () => {
    const shut = [...possible].flatMap(([protocol, bands]) =>
      shutPorts(filters, gate, rules, protocol, bands),
    )
    return open.length === 0 ? [whole(shut)] : shut
  })
}

/** Of a large network hardly anybody asks what is shut, and it is more than what is open. */
class RulesOutcome implements Outcome {
  readonly open: readonly Opening[]
  readonly #find: () => readonly Shut[]
  #shut: readonly Shut[] | null = null

  constructor(open: readonly Opening[], find: () => readonly Shut[]) {
    this.open = open
    this.#find = find
  }

  get shut(): readonly Shut[] {
    this.#shut ??= this.#find()
    return this.#shut
  }
}

function passing(groups: Groups, clear: Filter, protocol: number, family: Family, isPerhaps: boolean): Bands {
  const admitted = groupBands(groups, protocol, family, isPerhaps)
  return admitted.length === 0 ? NO_BANDS : intersection(clear.get(protocol) ?? NO_BANDS, admitted)
}

interface Rules {
  readonly acl: NetworkAcl | null
  readonly arrival: Arrival
  readonly clearance: Clearance
  readonly groups: Groups
}

type Found = Pick<Opening, 'protocol' | 'band' | 'isSure' | 'missing'>

/** A band, cut where other rules begin to let it in. */
function openings(filters: Filters, gate: Gate, rules: Rules, found: Found): Opening[] {
  const { protocol, band } = found
  const permits = permitting(rules.groups, protocol, band)
  const made = permits.map(({ permit }) => permit)
  const pieces: { from: number; to: number; permits: Permit[] }[] = []
  for (const [from, to] of cutsWithin(
    band,
    permits.map(({ rule }) => rule),
  )) {
    const own = made.filter(({ rule }) => rule.ports.from < to && rule.ports.to >= from)
    const last = pieces.at(-1)
    if (
      last !== undefined &&
      last.permits.length === own.length &&
      last.permits.every((one, i) => one === own[i])
    )
      last.to = to
    else pieces.push({ from, to, permits: own })
  }
  const passing: Passing = { filters, family: gate.family, acl: rules.acl, arrival: rules.arrival }
  return pieces.map(
    (piece) =>
      new RuledOpening(
        { ...found, band: { from: piece.from, to: piece.to, addresses: band.addresses } },
        piece.permits,
        passing,
      ),
  )
}

interface Passing {
  readonly filters: Filters
  readonly family: Family
  readonly acl: NetworkAcl | null
  readonly arrival: Arrival
}

/** Its links and notes are put together when somebody asks: of a large network only the dearest ways are told. */
class RuledOpening implements Opening {
  readonly protocol: number
  readonly band: Band
  readonly isSure: boolean
  readonly missing: readonly string[]
  readonly permits: readonly Permit[]
  readonly #passing: Passing

  constructor({ protocol, band, isSure, missing }: Found, permits: readonly Permit[], passing: Passing) {
    this.protocol = protocol
    this.band = band
    this.isSure = isSure
    this.missing = missing
    this.permits = permits
    this.#passing = passing
  }

  get links(): readonly Link[] {
    const { filters, family, acl, arrival } = this.#passing
    const aclLinks = acl === null ? [] : allowingRules(filters, acl, family, this.protocol, this.band)
    return [...arrival.links, ...aclLinks, ...this.permits.slice(0, 1).map(({ link }) => link)]
  }

  get notes(): readonly string[] {
    const { filters, family, acl, arrival } = this.#passing
    return [...arrival.notes, ...replyNote(filters, acl, family, this.protocol)]
  }
}

function cutsWithin(band: Band, rules: readonly SecurityGroupRule[]): [number, number][] {
  const cuts = new Set<number>([band.from, band.to])
  for (const { ports } of rules) {
    if (ports.from > band.from && ports.from < band.to) cuts.add(ports.from)
    if (ports.to + 1 > band.from && ports.to + 1 < band.to) cuts.add(ports.to + 1)
  }
  const sorted = [...cuts].toSorted((a, b) => a - b)
  return sorted.slice(1).map((to, i) => [sorted[i] ?? 0, to])
}

/** The rules of an ACL that let a band in. */
function allowingRules(
  filters: Filters,
  acl: NetworkAcl,
  family: Family,
  protocol: number,
  band: Band,
): Link[] {
  return filters
    .steps(acl, 'ingress', family, protocol)
    .filter(({ rule, bands }) => rule.action === 'allow' && overlap(bands, band))
    .map(({ rule }) => aclLink(acl, rule))
}

const ACL_LINKS = new WeakMap<NetworkAclRule, Link>()

/** Only a memory of a pure function: many verdicts have the same. */
function aclLink(acl: NetworkAcl, rule: NetworkAclRule): Link {
  let link = ACL_LINKS.get(rule)
  if (link === undefined) {
    link = { kind: 'network-acl-rule', id: acl.id, detail: `inbound rule ${rule.number}: allow ${rule.cidr}` }
    ACL_LINKS.set(rule, link)
  }
  return link
}

/** Where replies pass only to some of the ports that clients choose. */
function replyNote(filters: Filters, acl: NetworkAcl | null, family: Family, protocol: number): string[] {
  if (acl === null || (protocol !== TCP && protocol !== UDP)) return []
  const bands = filters.acl(acl, 'egress', family).get(protocol) ?? NO_BANDS
  const first = bands.find(({ to }) => to > 1024)
  const last = bands.at(-1)
  if (first === undefined || last === undefined || (first.from <= 1024 && first.to === PORT_END)) return []
  return [
    `network ACL ${acl.id} lets replies out only to some client ports (${first.from} to ${last.to - 1})`,
  ]
}

/** Ports that are shut and what shuts them, of the protocols that doors have. */
function shutPorts(
  filters: Filters,
  gate: Gate,
  { acl, arrival, groups }: Rules,
  protocol: number,
  open: Bands,
): Shut[] {
  if (protocol !== TCP && protocol !== UDP) return []
  const wanted = among(groupBands(groups, protocol, gate.family, true), arrival.perhaps)
  const inbound = acl === null ? null : (filters.acl(acl, 'ingress', gate.family).get(protocol) ?? NO_BANDS)
  const asked = portsOf(wanted)
  const inside = inbound === null ? asked : portsOf(intersection(wanted, inbound))
  const ids = gate.groups ?? []
  const none = ids.length === 0 ? 'it has no security group' : `no rule of ${ids.join(', ')} lets them in`
  return [
    ...shutBy(protocol, without(ALL, asked), () => ({
      kind: 'security-group',
      id: ids[0] ?? '',
      detail: none,
    })),
    ...shutBy(protocol, without(asked, inside), (from) =>
      aclBlocker(filters, acl, protocol, from, wanted, gate.family),
    ),
    ...shutBy(protocol, without(inside, portsOf(open)), () => ({
      kind: 'network-acl-reply',
      id: acl?.id ?? '',
      detail: `network ACL ${acl?.id} does not let replies out to client ports (1024-65535)`,
    })),
  ]
}

const ALL: Intervals = [0, PORT_END]

function shutBy(protocol: number, ports: Intervals, by: (from: number) => Blocker): Shut[] {
  const shut: Shut[] = []
  for (let i = 0; i < ports.length; i += 2) {
    const from = Number(ports[i])
    shut.push({ protocol, from, to: Number(ports[i + 1]), by: by(from) })
  }
  return shut
}

function portsOf(bands: Bands): Intervals {
  return unionOf(bands.map(({ from, to }) => [from, to]))
}

/** The rule that turns away what the groups would let in at a port. */
function aclBlocker(
  filters: Filters,
  acl: NetworkAcl | null,
  protocol: number,
  port: number,
  wanted: Bands,
  family: Family,
): Blocker {
  const at = wanted.find(({ from, to }) => from <= port && port < to)
  const id = acl?.id ?? ''
  const steps = acl === null ? [] : filters.steps(acl, 'ingress', family, protocol)
  const deny = steps.find(
    ({ rule, bands }) =>
      rule.action === 'deny' &&
      at !== undefined &&
      overlap(bands, { from: port, to: port + 1, addresses: at.addresses }),
  )
  if (deny === undefined) return { kind: 'network-acl', id, detail: `network ACL ${id}: no rule lets it in` }
  const number = deny.rule.number === 32_767 ? 'its last rule (*)' : `rule ${deny.rule.number}`
  return { kind: 'network-acl', id, detail: `network ACL ${id}: ${number} denies ${deny.rule.cidr}` }
}

/** An opening as a plain object, to change something of it. */
export function copied(opening: Opening): Opening {
  const { protocol, band, isSure, missing, links, permits, notes } = opening
  return { protocol, band, isSure, missing, links, permits, notes }
}

/** Where nothing is known, one line instead of one per protocol. */
function together(open: Opening[], filters: Filters, family: Family): Opening[] {
  const first = open[0]
  const isVague = (one: Opening): boolean =>
    !one.isSure && one.permits.length === 0 && one.band.from === 0 && one.band.to === PORT_END
  if (first === undefined || open.length !== filters.protocolsOf(family).length || !open.every(isVague))
    return open
  return [{ ...copied(first), protocol: ALL_PROTOCOLS }]
}

/** Nothing is open at all: one line instead of one per protocol. What rules would let in comes before what none does. */
function whole(shut: readonly Shut[]): Shut {
  const first = shut.find(({ by }) => by.kind !== 'security-group') ?? shut[0]
  const by = first?.by ?? { kind: 'security-group', id: '', detail: 'no rule lets anything in' }
  return { protocol: null, from: 0, to: PORT_END, by }
}
