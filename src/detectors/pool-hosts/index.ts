import ipaddr from 'ipaddr.js'
import type { Intel } from '../../intel/intel.ts'
import { defineHostDetector } from '../model/host/host-detector.ts'

/**
 * A pool's name that /etc/hosts leads to an address of the internet: the miners of others work for whoever wrote it there.
 * Names led to nowhere are what blockers do (and some who take machines over): nothing is said of them.
 */
export const poolHosts = defineHostDetector<object>({
  id: 'pool-hosts',
  title: 'Names of pools that a machine leads to another address',
  attack: ['T1565.001', 'T1496.001'],
  kinds: ['resource'],
  remember: () => ({}),
  look(_state, event, see, { intel }) {
    if (event.kind !== 'resource' || event.provider !== 'host' || event.resourceType !== 'hosts-entry') return
    const { address, names, path } = event.attributes
    if (typeof address !== 'string' || !Array.isArray(names) || !isOfInternet(address)) return
    const pool = names.find((name): name is string => typeof name === 'string' && isPool(name, intel))
    if (pool === undefined) return
    see({
      what: 'pool-hijack',
      title: `${typeof path === 'string' ? path : '/etc/hosts'} leads the pool ${pool} to ${address}: what mines here works for somebody else`,
      severity: 'high',
      confidence: 0.75,
      stage: 'takeover',
      attack: ['T1565.001'],
      path: typeof path === 'string' ? path : '/etc/hosts',
      remote: address,
      fold: `${pool}|${address}`,
    })
  },
  mergeMemory() {},
})

function isPool(name: string, intel: Intel): boolean {
  return intel.poolByHost(name) !== null
}

function isOfInternet(address: string): boolean {
  return ipaddr.isValid(address) && !NOWHERE.has(ipaddr.process(address).range())
}

const NOWHERE = new Set(['unspecified', 'loopback', 'broadcast', 'private', 'uniqueLocal', 'linkLocal'])
