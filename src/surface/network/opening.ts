import type { Arrival } from './arrival.ts'
import { type Filters, permitting } from './filter.ts'
import type { Gate, Rules } from './gate.ts'
import type { Family, NetworkAcl, NetworkAclRule, SecurityGroupRule } from './model.ts'
import { TCP, UDP } from './protocol.ts'
import { type Band, NO_BANDS, overlap, PORT_END } from './traffic.ts'
import type { Link, Permit } from './verdict.ts'

/** Traffic that gets through all rules, with who let it in. */
export interface Opening {
  readonly protocol: number
  readonly band: Band
  readonly isSure: boolean
  readonly missing: readonly string[]
  readonly links: readonly Link[]
  readonly permits: readonly Permit[]
  readonly notes: readonly string[]
}

type Found = Pick<Opening, 'protocol' | 'band' | 'isSure' | 'missing'>

/** A band, cut where other rules begin to let it in. */
export function openings(filters: Filters, gate: Gate, rules: Rules, found: Found): Opening[] {
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

/** An opening as a plain object, to change something of it. */
export function copied(opening: Opening): Opening {
  const { protocol, band, isSure, missing, links, permits, notes } = opening
  return { protocol, band, isSure, missing, links, permits, notes }
}
