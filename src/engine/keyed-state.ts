import { OldestKeys } from '../recent-map.ts'
import type { Keyed } from './keyed.ts'

/** One key's state, and when (event time) it was last touched. */
interface Entry<State> {
  state: State
  touched: number
  /** `touched` when the entry was last moved to the young end. */
  moved: number
}

export interface KeyedSnapshot {
  readonly id: string
  readonly entries: readonly (readonly [key: string, touched: number, state: unknown])[]
  readonly dropped: number
}

/** An entry is moved to the young end only when it has aged by this share of the window: near-LRU at a fraction of the cost. */
const MOVE_SHARE = 1 / 16
/** Expired entries are looked for whenever the watermark has moved by this share of the window. */
const SWEEP_SHARE = 1 / 8

/** The keyed state of one detector or correlation: bounded, expiring by event time, and portable. */
export class KeyedState<Item extends { readonly kind: string; readonly time: number }, Out, Context> {
  readonly definition: Keyed<unknown, Item, Out, Context>
  /** Keys dropped because there were too many, or too much of them, at once. */
  dropped = 0
  /** What the states hold, as far as the definition tells. */
  private bytes = 0
  private readonly entries = new Map<string, Entry<unknown>>()
  private readonly context: Context
  private readonly tell: (out: Out) => void
  private sweptAt = Number.NEGATIVE_INFINITY
  private readonly walker: OldestKeys

  constructor(definition: Keyed<unknown, Item, Out, Context>, context: Context, tell: (out: Out) => void) {
    this.definition = definition
    this.context = context
    this.tell = tell
    this.walker = new OldestKeys(this.entries)
  }

  get id(): string {
    return this.definition.id
  }

  get kinds(): readonly Item['kind'][] {
    return this.definition.kinds
  }

  get size(): number {
    return this.entries.size
  }

  accept(item: Item): void {
    const keys = this.definition.keysOf(item)
    if (keys === null) return
    if (typeof keys === 'string') this.stepKey(keys, item)
    else for (let at = 0; at < keys.length; at++) this.stepKey(keys[at] ?? '', item)
  }

  /** Nothing older than `watermark` will come: let go of what has been untouched for a window. */
  advance(watermark: number): void {
    const { windowMs } = this.definition
    if (watermark - this.sweptAt < windowMs * SWEEP_SHARE) return
    this.sweptAt = watermark
    // The map is near-sorted by age; a young entry does not prove that all behind it are younger,
    // but one that was moved within a window of the watermark does, save for MOVE_SHARE.
    for (const [key, entry] of this.entries) {
      if (entry.moved >= watermark - windowMs * (1 - MOVE_SHARE)) break
      if (entry.touched < watermark - windowMs) this.drop(key, entry)
    }
  }

  /** The stream has ended: every state says what it has not said yet. State is kept. */
  settle(): void {
    for (const entry of this.entries.values()) this.settleEntry(entry)
  }

  merge(into: string, from: string): void {
    const source = this.entries.get(from)
    if (source === undefined || into === from) return
    this.entries.delete(from)
    const target = this.entries.get(into)
    if (target === undefined) {
      this.entries.set(into, source)
      return
    }
    this.bytes -= this.bytesOf(target) + this.bytesOf(source)
    target.state = this.definition.merge(target.state, source.state)
    this.bytes += this.bytesOf(target)
    target.touched = Math.max(target.touched, source.touched)
  }

  snapshot(): KeyedSnapshot {
    const entries = [...this.entries].map(
      ([key, entry]) => [key, entry.touched, structuredClone(entry.state)] as const,
    )
    return { id: this.definition.id, entries, dropped: this.dropped }
  }

  restore(snapshot: KeyedSnapshot): void {
    this.entries.clear()
    this.bytes = 0
    this.dropped = snapshot.dropped
    for (const [key, touched, state] of snapshot.entries) {
      const entry = { state: structuredClone(state), touched, moved: touched }
      this.entries.set(key, entry)
      this.bytes += this.bytesOf(entry)
    }
  }

  private stepKey(key: string, item: Item): void {
    let entry = this.entries.get(key)
    if (entry === undefined) {
      entry = { state: this.definition.create(key), touched: item.time, moved: item.time }
      this.entries.set(key, entry)
      this.bytes += this.bytesOf(entry)
      if (this.entries.size > this.definition.maxKeys) this.dropOldest(item.time)
      else this.walker.rest()
    } else if (item.time > entry.touched) {
      entry.touched = item.time
      if (item.time - entry.moved > this.definition.windowMs * MOVE_SHARE) {
        entry.moved = item.time
        this.entries.delete(key)
        this.entries.set(key, entry)
        this.walker.rest()
      }
    }
    if (this.definition.bytesOf === undefined) {
      this.definition.step(entry.state, item, this.tell, this.context)
      return
    }
    this.bytes -= this.bytesOf(entry)
    this.definition.step(entry.state, item, this.tell, this.context)
    this.bytes += this.bytesOf(entry)
    this.dropBeyondBytes(item.time)
  }

  private bytesOf({ state }: Entry<unknown>): number {
    return this.definition.bytesOf?.(state) ?? 0
  }

  private dropBeyondBytes(now: number): void {
    const { maxBytes } = this.definition
    if (maxBytes === undefined) return
    while (this.bytes > maxBytes && this.entries.size > 1) this.dropOldest(now)
  }

  /** Drops the longest unused; one that was touched since it was moved gets a second chance at the young end. */
  private dropOldest(now: number): void {
    for (;;) {
      const key = this.walker.next()
      const entry = key === null ? undefined : this.entries.get(key)
      if (key === null || entry === undefined) return
      if (entry.touched > entry.moved) {
        entry.moved = Math.max(now, entry.touched)
        this.entries.delete(key)
        this.entries.set(key, entry)
        continue
      }
      this.drop(key, entry)
      this.dropped++
      return
    }
  }

  private drop(key: string, entry: Entry<unknown>): void {
    this.settleEntry(entry)
    this.bytes -= this.bytesOf(entry)
    this.entries.delete(key)
  }

  private settleEntry(entry: Entry<unknown>): void {
    this.definition.settle?.(entry.state, this.tell, this.context)
  }
}
