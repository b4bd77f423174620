import { RecentMap } from '../../recent-map.ts'
import type { Event } from '../../event/event.ts'
import { typeOf, valueOf } from '../../event/identifier.ts'

/** A stretch of time (epoch ms) that some evidence covers. */
export interface Span {
  from: number
  to: number
}

/** What the evidence says was done on one machine, by one of its names or addresses. */
export interface MachineActivity {
  /** What logs of logins cover; null = there are none. */
  logins: Span | null
  /** What captures and flow logs cover. */
  traffic: Span | null
  /** Epoch ms of the last login that worked. */
  lastLogin: number | null
  /** Connections that strangers opened to it and that were let through, by `protocol port`. */
  readonly served: Map<string, number>
  lastServed: number | null
  cpu: Span | null
  busySum: number
  busyCount: number
}

/** So many names and addresses are told apart: those heard of last. */
const MAX_NAMES = 100_000
const MAX_PORTS = 4_096

/** Who did what, out of the evidence that was given beside the inventory. */
export class Activity {
  readonly #byName = new RecentMap<MachineActivity>(MAX_NAMES)

  add(event: Event): void {
    switch (event.kind) {
      case 'auth':
        this.#login(event.time, [event.observer, ...event.subjects], event.outcome === 'success')
        break
      case 'session':
        this.#login(event.time, [event.observer, ...event.subjects], event.action === 'open')
        break
      case 'flow':
        this.#flow(event)
        break
      case 'cpu':
        if (event.scope === 'machine' && event.busyShare !== null)
          this.#cpu([event.observer, ...event.subjects], event.start, event.time, event.busyShare)
        break
      default:
    }
  }

  /** Everything known under any of these names, put together; null = nothing. */
  of(names: Iterable<string>): MachineActivity | null {
    let all: MachineActivity | null = null
    for (const name of new Set(names)) {
      const one = this.#byName.get(name)
      if (one !== undefined) all = all === null ? one : merged(all, one)
    }
    return all
  }

  #login(time: number, identifiers: readonly string[], isSuccess: boolean): void {
    for (const name of machineNames(identifiers)) {
      const one = this.#entry(name)
      one.logins = widened(one.logins, time, time)
      if (isSuccess) one.lastLogin = Math.max(one.lastLogin ?? time, time)
    }
  }

  #flow(event: Extract<Event, { kind: 'flow' }>): void {
    const { time, start, srcIp, dstIp, dstPort, transport } = event
    for (const name of [srcIp, dstIp]) {
      const one = this.#entry(name)
      one.traffic = widened(one.traffic, start, time)
    }
    if (event.isRejected === true || event.packetsIn === 0) return
    const one = this.#entry(dstIp)
    one.lastServed = Math.max(one.lastServed ?? time, time)
    const key = `${transport} ${dstPort}`
    if (one.served.size < MAX_PORTS || one.served.has(key))
      one.served.set(key, (one.served.get(key) ?? 0) + 1)
  }

  #cpu(identifiers: readonly string[], from: number, to: number, busy: number): void {
    for (const name of machineNames(identifiers)) {
      const one = this.#entry(name)
      one.cpu = widened(one.cpu, from, to)
      one.busySum += busy
      one.busyCount++
    }
  }

  #entry(name: string): MachineActivity {
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    const fresh: MachineActivity = {
      logins: null,
      traffic: null,
      lastLogin: null,
      served: new Map(),
      lastServed: null,
      cpu: null,
      busySum: 0,
      busyCount: 0,
    }
    this.#byName.set(name, fresh)
    return fresh
  }
}

function machineNames(identifiers: readonly string[]): Set<string> {
  const names = new Set<string>()
  for (const id of identifiers) {
    const type = typeOf(id)
    if (type === 'ip' || type === 'host' || type === 'instance') names.add(valueOf(id))
  }
  return names
}

function widened(span: Span | null, from: number, to: number): Span {
  return span === null ? { from, to } : { from: Math.min(span.from, from), to: Math.max(span.to, to) }
}

function both(a: Span | null, b: Span | null): Span | null {
  return a === null || b === null ? (a ?? b) : widened(a, b.from, b.to)
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}

function merged(a: MachineActivity, b: MachineActivity): MachineActivity {
  const served = new Map(a.served)
  for (const [key, count] of b.served) served.set(key, (served.get(key) ?? 0) + count)
  return {
    logins: both(a.logins, b.logins),
    traffic: both(a.traffic, b.traffic),
    lastLogin: latest(a.lastLogin, b.lastLogin),
    served,
    lastServed: latest(a.lastServed, b.lastServed),
    cpu: both(a.cpu, b.cpu),
    busySum: a.busySum + b.busySum,
    busyCount: a.busyCount + b.busyCount,
  }
}
