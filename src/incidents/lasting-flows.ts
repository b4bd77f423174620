import type { Event, EventOf } from '../event/event.ts'
import { identifier, type Identifier } from '../event/identifier.ts'
import type { Evidence } from '../event/origin.ts'
import { isOutside } from './outside.ts'

/** A connection to somebody outside that a machine kept for a while. */
export interface LastingFlow {
  readonly ip: string
  readonly port: number
  /** Epoch ms. */
  readonly from: number
  readonly to: number
  /** When the machine first spoke to that address, as far as the evidence goes. */
  readonly firstContact: number
  readonly evidence: Evidence
}

/** Mining is talk of a few hundred bytes now and then: what carries more than this a second carries something else. */
const MAX_BYTES_PER_SECOND = 6000
const MIN_LASTING_MS = 30_000
const PER_MACHINE = 1024
const MAX_MACHINES = 4096
const MAX_CONTACTS = 200_000

/** Long quiet connections to the outside. Most are monitors, queues and updates: they count only beside what an intruder starts. */
export class LastingFlows {
  private readonly flows = new Map<Identifier, (Omit<LastingFlow, 'firstContact'> & { key: string })[]>()
  private readonly contacts = new Map<string, number>()

  observe(event: Event): void {
    if (event.kind !== 'flow' || event.transport !== 'tcp' || event.isRejected === true) return
    if (!isOutside(event.dstIp) || isOutside(event.srcIp)) return
    const key = `${event.srcIp} ${event.dstIp}`
    const known = this.contacts.get(key)
    if (known !== undefined) this.contacts.set(key, Math.min(known, event.start))
    else if (this.contacts.size < MAX_CONTACTS) this.contacts.set(key, event.start)
    if (isLasting(event)) this.keep(event, key)
  }

  /** Those of a machine that began in that time (epoch ms), the longest first. */
  begunBetween(identifiers: readonly Identifier[], from: number, to: number): LastingFlow[] {
    return identifiers
      .flatMap((id) => this.flows.get(id) ?? [])
      .filter((flow) => flow.from >= from && flow.from <= to)
      .map(({ key, ...flow }) => ({ ...flow, firstContact: this.contacts.get(key) ?? flow.from }))
      .toSorted((a, b) => b.to - b.from - (a.to - a.from))
  }

  private keep({ srcIp, dstIp, dstPort, start, time, origin }: EventOf<'flow'>, key: string): void {
    const machine = identifier('ip', srcIp)
    const flow = {
      ip: dstIp,
      port: dstPort,
      from: start,
      to: time,
      evidence: { ...origin, time: start },
      key,
    }
    const known = this.flows.get(machine)
    if (known === undefined) {
      if (this.flows.size < MAX_MACHINES) this.flows.set(machine, [flow])
      return
    }
    known.push(flow)
    if (known.length > PER_MACHINE) known.shift()
  }
}

function isLasting({ start, time, bytesOut, bytesIn, packetsIn }: EventOf<'flow'>): boolean {
  const seconds = (time - start) / 1000
  return (
    seconds * 1000 >= MIN_LASTING_MS &&
    packetsIn > 2 &&
    (bytesOut + bytesIn) / seconds <= MAX_BYTES_PER_SECOND
  )
}
