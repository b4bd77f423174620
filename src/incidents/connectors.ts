import type { Event } from '../event/event.ts'
import type { Identifier } from '../event/identifier.ts'
import { isOutside } from './outside.ts'

/** A process that connected to somebody outside. */
export interface Connector {
  readonly pid: number
  readonly ppid: number | null
  readonly exe: string | null
  readonly session: string | null
  /** Epoch ms, of its first connection there. */
  readonly time: number
}

const PER_ENDPOINT = 64
const PER_MACHINE = 1024
const MAX_MACHINES = 4096

/** Which processes connected where, as an audit trail tells: what goes over the wire then is theirs. */
export class Connectors {
  private readonly machines = new Map<Identifier, Map<string, Connector[]>>()

  observe(event: Event): void {
    if (event.kind !== 'socket' || event.action !== 'connect') return
    const { actor, ip, observer, port, time } = event
    const { exe, pid, ppid, session } = actor
    if (pid === null || ip === null || port === null || port === 53 || !isOutside(ip)) return
    const known = this.endpointOf(observer, `${ip} ${port}`)
    if (known === null || known.at(-1)?.pid === pid) return
    known.push({ pid, ppid, exe, session, time })
    if (known.length > PER_ENDPOINT) known.shift()
  }

  /** Those of a machine that connected to an address and port, in the order of the trail. */
  to(identifiers: readonly Identifier[], ip: string, port: number): Connector[] {
    return identifiers.flatMap((id) => this.machines.get(id)?.get(`${ip} ${port}`) ?? [])
  }

  private endpointOf(machine: Identifier, endpoint: string): Connector[] | null {
    let endpoints = this.machines.get(machine)
    if (endpoints === undefined) {
      if (this.machines.size >= MAX_MACHINES) return null
      endpoints = new Map()
      this.machines.set(machine, endpoints)
    }
    let known = endpoints.get(endpoint)
    if (known === undefined) {
      known = []
      endpoints.set(endpoint, known)
      // Whoever speaks to very many forgets the first: a miner comes back to its pool.
      if (endpoints.size > PER_MACHINE) endpoints.delete(endpoints.keys().next().value ?? '')
    } else {
      endpoints.delete(endpoint)
      endpoints.set(endpoint, known)
    }
    return known
  }
}
