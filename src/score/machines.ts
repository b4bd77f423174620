import type { TrueMachine, Truth } from '../range/truth.ts'
import type { Claim, ClaimedIncident } from './claim.ts'

/** One machine as the truth tells it (null: it tells of no such machine), with all that is claimed about it. */
export interface Comparison {
  readonly name: string
  readonly truth: TrueMachine | null
  readonly incidents: readonly ClaimedIncident[]
}

/**
 * Lays claims beside the truth. A claimed machine is the true one that it shares most names with (any name will do;
 * an instance id says more than a host name, that more than an address, which networks may use twice). A true machine
 * that was taken for several collects the claims about all of them.
 */
export function compare(claim: Claim, truth: Truth): Comparison[] {
  const known = truth.machines.map((machine) => ({ machine, weights: weightsOf(machine) }))
  const claims = new Map<string, ClaimedIncident[]>()
  const strangers = new Map<string, ClaimedIncident[]>()
  for (const incident of claim.incidents) {
    const names = new Set([incident.asset.id, ...incident.asset.names].map(folded))
    const likest = known
      .map(({ machine, weights }) => ({
        machine,
        weight: sum([...names].map((name) => weights.get(name) ?? 0)),
      }))
      .reduce((best, one) => (one.weight > best.weight ? one : best), NOBODY)
    const [place, name] =
      likest.machine === null ? [strangers, incident.asset.id] : [claims, likest.machine.name]
    place.set(name, [...(place.get(name) ?? []), incident])
  }
  return [
    ...truth.machines.map((machine) => ({
      name: machine.name,
      truth: machine,
      incidents: claims.get(machine.name) ?? [],
    })),
    ...Array.from(strangers, ([name, incidents]) => ({ name, truth: null, incidents })),
  ]
}

const NOBODY: { machine: TrueMachine | null; weight: number } = { machine: null, weight: 0 }
const WEIGHTS = { id: 100, name: 10, shortName: 1, address: 1 }

function weightsOf({ name, id, names = [], addresses = [] }: TrueMachine): Map<string, number> {
  const short = [name, ...names].map((one) => folded(one).split('.')[0] ?? '')
  return new Map([
    ...addresses.map((address) => [folded(address), WEIGHTS.address] as const),
    ...short.filter((one) => /[a-z]/u.test(one)).map((one) => [one, WEIGHTS.shortName] as const),
    ...[name, ...names].map((one) => [folded(one), WEIGHTS.name] as const),
    ...(id === undefined ? [] : [[folded(id), WEIGHTS.id] as const]),
  ])
}

/** Host names and ids compare without case; an IPv4 address may be written as mapped into IPv6. */
export function folded(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/u, '')
    .replace(/^::ffff:(?=\d+\.)/u, '')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
