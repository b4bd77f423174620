import type { Arrival } from './arrival.ts'
import { type Filter, type Filters, groupBands, type Groups } from './filter.ts'
import type { Gate, Rules } from './gate.ts'
import { ALL_PROTOCOLS, type Family } from './model.ts'
import { copied, type Opening, openings } from './opening.ts'
import { type Shut, shutPorts, whole } from './shut.ts'
import type { Topology } from './topology.ts'
import { type Bands, difference, intersection, NO_BANDS, PORT_END } from './traffic.ts'

/** What gets through all rules, for every interface that stands the same way. */
export interface Outcome {
  readonly open: readonly Opening[]
  /** May be worked out only when it is asked for. */
  readonly shut: readonly Shut[]
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

/** Where nothing is known, one line instead of one per protocol. */
function together(open: Opening[], filters: Filters, family: Family): Opening[] {
  const first = open[0]
  if (
    first === undefined ||
    open.length !== filters.protocolsOf(family).length ||
    !open.every((one) => isVague(one))
  )
    return open
  return [{ ...copied(first), protocol: ALL_PROTOCOLS }]
}

function isVague({ isSure, permits, band }: Opening): boolean {
  return !isSure && permits.length === 0 && band.from === 0 && band.to === PORT_END
}
