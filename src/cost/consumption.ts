import type { CpuEvent } from '../event/cpu.ts'
import type { Event } from '../event/event.ts'
import type { HttpEvent } from '../event/http.ts'
import type { Identifier } from '../event/identifier.ts'
import type { MetricEvent, MetricName } from '../event/metric.ts'
import { BillBook, type BillResource } from './bill-book.ts'
import { StepSeries } from './step-series.ts'

/** Series held in all, and those of them that may be long (a week of minutes). */
const MAX_SERIES = 4000
const LONG_SERIES = 500
const LONG_STEPS = 10_080
const SHORT_STEPS = 2016
const MAX_PROCESSES = 64
const HOUR_MS = 3_600_000
/** Below this a request is as fast as it gets; its logarithm must end somewhere. */
const FASTEST_S = 0.0001

/** How much a process, container or unit has worked. */
export interface Worker {
  readonly name: string
  readonly user: string | null
  readonly scope: 'process' | 'container'
  /** Over measured intervals. */
  coreHours: number
  measuredHours: number
  /** The last reading, in processors; for processes that are known by the mean of their life alone, that. */
  lastCores: number
  firstSeen: number
  lastSeen: number
}

/** What is known of the work of one identifier. */
export interface Consumed {
  readonly cpu: StepSeries
  readonly steal: StepSeries
  /** What is summed (credits used, credits charged) per hour; everything else as it was read. */
  readonly metrics: ReadonlyMap<MetricName, StepSeries>
  /** Logarithm of seconds per request. */
  readonly responses: StepSeries | null
  readonly workers: readonly Worker[]
  readonly cores: number | null
  readonly bills: readonly BillResource[]
}

interface Room {
  cpu: StepSeries | null
  steal: StepSeries | null
  metrics: Map<MetricName, StepSeries>
  responses: StepSeries | null
  workers: Map<string, Worker>
  cores: number | null
}

/**
 * Watches all events for what machines work and what they cost. Bounded: at most 4,000 series, with longer steps where
 * there are many machines; what finds no room is counted.
 */
export class Consumption {
  readonly bills = new BillBook()
  leftOut = 0
  readonly #rooms = new Map<Identifier, Room>()
  #series = 0

  observe(event: Event): void {
    switch (event.kind) {
      case 'cpu':
        this.#cpu(event)
        return
      case 'metric':
        this.#metric(event)
        return
      case 'http':
        if (event.seconds !== null && event.role === 'server') this.#response(event, event.seconds)
        return
      case 'cost':
        this.bills.observe(event)
        return
      default:
    }
  }

  get isEmpty(): boolean {
    return this.#rooms.size === 0 && this.bills.isEmpty
  }

  /** Identifiers that something was measured of. */
  identifiers(): Identifier[] {
    return [...this.#rooms.keys()].toSorted()
  }

  /** Of a machine known by several identifiers; null where nothing was measured and no bill names it. */
  of(ids: readonly Identifier[]): Consumed | null {
    const rooms = ids.map((id) => this.#rooms.get(id)).filter((room) => room !== undefined)
    const bills = ids.flatMap((id) => [...this.bills.ofMachine(id)])
    if (rooms.length === 0 && bills.length === 0) return null
    const metrics = new Map<MetricName, StepSeries>()
    for (const { metrics: own } of rooms)
      for (const [name, series] of own) if (!metrics.has(name)) metrics.set(name, series)
    return {
      cpu: joined(rooms.map(({ cpu }) => cpu)),
      steal: joined(rooms.map(({ steal }) => steal)),
      metrics,
      responses: rooms.find(({ responses }) => responses !== null)?.responses ?? null,
      workers: rooms
        .flatMap(({ workers }) => [...workers.values()])
        .toSorted((a, b) => b.coreHours - a.coreHours || b.lastCores - a.lastCores),
      cores: rooms.find(({ cores }) => cores !== null)?.cores ?? null,
      bills,
    }
  }

  #cpu(event: CpuEvent): void {
    const room = this.#roomOf(event.subjects[0] ?? event.observer)
    if (room === null) return
    if (event.scope !== 'machine') {
      this.#worker(event, room)
      return
    }
    room.cores ??= event.cores
    if (event.isLifetime || event.busyShare === null) return
    room.cpu ??= this.#newSeries()
    room.cpu?.add(event.start, event.time, event.busyShare)
    if (event.stealShare === null) return
    room.steal ??= this.#newSeries()
    room.steal?.add(event.start, event.time, event.stealShare)
  }

  #worker(event: CpuEvent, room: Room): void {
    if (event.busyCores === null || event.scope === 'machine') return
    const name = (event.name ?? `pid ${event.pid}`).slice(0, 512)
    const key = `${event.user}\0${name}`
    let worker = room.workers.get(key)
    if (worker === undefined) {
      if (room.workers.size >= MAX_PROCESSES && !dropIdlest(room.workers, event.busyCores)) return
      worker = {
        name,
        user: event.user,
        scope: event.scope,
        coreHours: 0,
        measuredHours: 0,
        lastCores: 0,
        firstSeen: event.start,
        lastSeen: event.time,
      }
      room.workers.set(key, worker)
    }
    const hours = event.isLifetime ? 0 : Math.max(0, event.time - event.start) / HOUR_MS
    worker.coreHours += event.busyCores * hours
    worker.measuredHours += hours
    worker.lastCores = event.busyCores
    worker.lastSeen = Math.max(worker.lastSeen, event.time)
  }

  #metric(event: MetricEvent): void {
    const room = this.#roomOf(event.subjects[0] ?? event.observer)
    if (room === null) return
    let series = room.metrics.get(event.name)
    if (series === undefined) {
      const made = this.#newSeries()
      if (made === null) return
      series = made
      room.metrics.set(event.name, series)
    }
    const hours = (event.time - event.start) / HOUR_MS
    // Sums become rates per hour, so that any time can be asked for.
    if (hours > 0)
      series.add(event.start, event.time, event.statistic === 'sum' ? event.value / hours : event.value)
    else series.addMoment(event.time, event.value)
  }

  #response(event: HttpEvent, seconds: number): void {
    const room = this.#roomOf(event.subjects[0] ?? event.observer)
    if (room === null || seconds < 0) return
    room.responses ??= this.#newSeries()
    room.responses?.addMoment(event.time, Math.log(Math.max(FASTEST_S, seconds)))
  }

  #roomOf(id: Identifier): Room | null {
    const known = this.#rooms.get(id)
    if (known !== undefined) return known
    if (this.#rooms.size >= MAX_SERIES) {
      this.leftOut++
      return null
    }
    const room: Room = {
      cpu: null,
      steal: null,
      metrics: new Map(),
      responses: null,
      workers: new Map(),
      cores: null,
    }
    this.#rooms.set(id, room)
    return room
  }

  #newSeries(): StepSeries | null {
    if (this.#series >= MAX_SERIES) {
      this.leftOut++
      return null
    }
    this.#series++
    return new StepSeries(this.#series <= LONG_SERIES ? LONG_STEPS : SHORT_STEPS)
  }
}

/** Several tools may have measured one machine: the longest series counts, the others fill nothing in. */
function joined(series: readonly (StepSeries | null)[]): StepSeries {
  const known = series.filter((one) => one !== null)
  const [first] = known.toSorted((a, b) => count(b) - count(a))
  return first ?? new StepSeries(1)
}

function count(series: StepSeries): number {
  let steps = 0
  for (const _ of series.steps()) steps++
  return steps * series.stepMs
}

function dropIdlest(workers: Map<string, Worker>, busyCores: number): boolean {
  let idlest: [string, Worker] | null = null
  for (const entry of workers) {
    if (
      idlest === null ||
      entry[1].coreHours < idlest[1].coreHours ||
      (entry[1].coreHours === idlest[1].coreHours && entry[1].lastCores < idlest[1].lastCores)
    )
      idlest = entry
  }
  if (idlest === null || (idlest[1].coreHours === 0 && idlest[1].lastCores >= busyCores)) return false
  workers.delete(idlest[0])
  return true
}
