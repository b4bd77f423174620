import { type Filters, groupBands } from './filter.ts'
import type { Gate, Rules } from './gate.ts'
import { difference as without, type Intervals, unionOf } from './interval.ts'
import type { Family, NetworkAcl } from './model.ts'
import { TCP, UDP } from './protocol.ts'
import { among, type Bands, intersection, NO_BANDS, overlap, PORT_END } from './traffic.ts'
import type { Blocker } from './verdict.ts'

/** Ports that nobody gets to, and what keeps them out. */
export interface Shut {
  /** Null = all of them. */
  readonly protocol: number | null
  readonly from: number
  readonly to: number
  readonly by: Blocker
}

/** Ports that are shut and what shuts them, of the protocols that doors have. */
export function shutPorts(
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

/** Nothing is open at all: one line instead of one per protocol. What rules would let in comes before what none does. */
export function whole(shut: readonly Shut[]): Shut {
  const first = shut.find(({ by }) => by.kind !== 'security-group') ?? shut[0]
  const by = first?.by ?? { kind: 'security-group', id: '', detail: 'no rule lets anything in' }
  return { protocol: null, from: 0, to: PORT_END, by }
}
