import type { Network } from '../network/model.ts'
import type { HostState } from './host-state.ts'

/**
 * Which host is which instance: by instance id, by an address that only one instance has, or by a name that only one
 * instance goes by.
 */
export function joinHosts(hosts: readonly HostState[], network: Network): Map<string, HostState> {
  if (hosts.length === 0) return new Map()
  const byName = new Map<string, string | null>()
  const know = (name: string | null, instance: string): void => {
    if (name === null || name === '') return
    const key = name.toLowerCase()
    const known = byName.get(key)
    byName.set(key, known === undefined || known === instance ? instance : null)
  }
  for (const instance of network.instances.values()) {
    know(instance.id, instance.id)
    for (const name of instance.names) {
      know(name, instance.id)
      // `ip-10-0-0-5.ec2.internal` calls itself `ip-10-0-0-5`.
      if (name.startsWith('ip-')) know(name.split('.')[0] ?? null, instance.id)
    }
    for (const id of instance.interfaces) {
      for (const { address, publicAddress } of network.interfaces.get(id)?.addresses ?? []) {
        know(address, instance.id)
        know(publicAddress, instance.id)
        // The name that AWS gives a machine by its private address.
        if (address !== null && address.includes('.')) know(`ip-${address.replaceAll('.', '-')}`, instance.id)
      }
    }
  }
  const joined = new Map<string, HostState>()
  for (const host of hosts) {
    for (const name of host.names) {
      const instance = byName.get(name.toLowerCase())
      if (instance === undefined || instance === null || joined.has(instance)) continue
      joined.set(instance, host)
      break
    }
  }
  return joined
}
