import type { Instance, InstanceState, Network } from './model.ts'

/** An instance as the rest of the product joins it with what logs and captures say. */
export interface NetworkMachine {
  readonly instance: string
  /** The most telling first: Name tag, private and public DNS name. */
  readonly names: readonly string[]
  /** IPv4 and IPv6, without those that stand for them outside. */
  readonly privateAddresses: readonly string[]
  readonly publicAddresses: readonly string[]
  readonly type: string | null
  /** Epoch ms. */
  readonly launchedAt: number | null
  readonly image: string | null
  readonly keyName: string | null
  /** ARN or name of the instance profile, through which it has its IAM role. */
  readonly instanceProfile: string | null
  readonly metadata: Instance['metadata']
  readonly state: InstanceState
  readonly lifecycle: string | null
  readonly platform: string | null
  readonly account: string | null
  readonly region: string | null
  readonly zone: string | null
  readonly vpc: string | null
  readonly subnet: string | null
  readonly securityGroups: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly isPlanned: boolean
}

/** Every instance of a network, by id. */
export function machinesOf(network: Network): NetworkMachine[] {
  return [...network.instances.values()]
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((instance) => {
      const { id, interfaces, ...said } = instance
      const own = interfaces.flatMap((one) => network.interfaces.get(one) ?? [])
      const addresses = own.flatMap((one) => one.addresses)
      return {
        ...said,
        instance: id,
        privateAddresses: known(addresses.map((one) => one.address)),
        publicAddresses: known(addresses.map((one) => one.publicAddress)),
        securityGroups: [...new Set(own.flatMap((one) => one.groups))],
      }
    })
}

function known(texts: readonly (string | null)[]): string[] {
  return [...new Set(texts.filter((text) => text !== null))]
}
