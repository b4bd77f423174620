import type { Gang } from '../gangs/gang.ts'
import type { Host } from '../host/host.ts'
import { type EvidencePeriod, type Truth, TRUTH_SCHEMA, truthTime } from '../truth.ts'
import { accountTruth, machineTruth, occupantTruth } from './machine-truth.ts'
import { type Berth, REGION } from './fleet.ts'
import type { BattleOptions } from './options.ts'
import type { Campaigning } from './visit.ts'
import type { Written } from './written.ts'

/** A machine on the stage. */
export interface Stage {
  readonly berth: Berth
  readonly host: Host
  readonly written: Written
}

/** What really happened in a battle. */
export function battleTruth(
  { seed, startMs }: BattleOptions,
  endMs: number,
  {
    stages,
    gangs,
    campaigning,
    evidence,
    account,
  }: {
    stages: readonly Stage[]
    gangs: readonly Gang[]
    campaigning: Campaigning
    evidence: EvidencePeriod[]
    account: string
  },
): Truth {
  const machines = stages.map(({ host, berth }) => machineTruth(host, berth, endMs))
  const heldBy = (gang: Gang): string[] =>
    machines
      .filter(({ tenures = [] }) => tenures.some((one) => one.occupant === gang.id))
      .map(({ name }) => name)
  const present = gangs.filter((gang) =>
    machines.some(({ tenures = [] }) => tenures.some((one) => one.occupant === gang.id)),
  )
  return {
    schema: TRUTH_SCHEMA,
    seed,
    from: truthTime(startMs),
    to: truthTime(endMs),
    machines: [...machines, ...accountTruth(account, campaigning.raids)],
    occupants: present.map(occupantTruth),
    campaigns: present
      .map((gang) => ({ gang, machines: heldBy(gang) }))
      .filter((one) => one.machines.length > 1)
      .map(({ gang, machines: held }, i) => ({
        id: `campaign-${i + 1}`,
        occupants: [gang.id],
        machines: held,
        sharedBy: 'wallet',
      })),
    spread: campaigning.spreads,
    sales: campaigning.sales,
    evidence,
  }
}

/** What the owner knows, in the product's inventory format (YAML). */
export function inventoryText(berths: readonly Berth[]): string {
  const entries = berths.map(({ facts }) =>
    [
      `- name: ${facts.name}`,
      `  id: ${facts.instanceId}`,
      `  addresses: [${facts.address}, ${facts.publicAddress}]`,
      `  type: ${facts.instanceType}`,
      `  region: ${REGION}`,
    ].join('\n'),
  )
  return `# What the owner knows about the machines.\n${entries.join('\n')}\n`
}
