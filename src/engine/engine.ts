import type { Keyed } from './keyed.ts'
import { KeyedState, type KeyedSnapshot } from './keyed-state.ts'

export const ENGINE_SNAPSHOT_VERSION = 1

/** Everything the engine knows, as plain JSON: written to a file or a key-value bucket, read back after a crash. */
export interface EngineSnapshot {
  readonly version: typeof ENGINE_SNAPSHOT_VERSION
  readonly watermark: number | null
  readonly states: readonly KeyedSnapshot[]
}

/**
 * Runs keyed computations over a stream of items in time order and owns their state.
 * It has no clock: time passes only when items or watermarks say so.
 */
export class Engine<Item extends { readonly kind: string; readonly time: number }, Out, Context> {
  private readonly states: readonly KeyedState<Item, Out, Context>[]
  private readonly byKind = new Map<string, KeyedState<Item, Out, Context>[]>()
  private watermark = Number.NEGATIVE_INFINITY

  constructor(
    definitions: readonly Keyed<unknown, Item, Out, Context>[],
    context: Context,
    tell: (out: Out) => void,
  ) {
    this.states = definitions.map((definition) => new KeyedState(definition, context, tell))
    for (const state of this.states) {
      for (const kind of state.definition.kinds) {
        const list = this.byKind.get(kind)
        if (list === undefined) this.byKind.set(kind, [state])
        else list.push(state)
      }
    }
  }

  accept(item: Item): void {
    const interested = this.byKind.get(item.kind)
    if (interested === undefined) return
    for (const state of interested) state.accept(item)
  }

  /** `watermark`: no later item is older (ms). Going back is ignored. */
  advance(watermark: number): void {
    if (!(watermark > this.watermark)) return
    this.watermark = watermark
    for (const state of this.states) state.advance(watermark)
  }

  /** The stream has ended. */
  settle(): void {
    for (const state of this.states) state.settle()
  }

  /** Two keys of one computation turned out to be one. */
  merge(id: string, into: string, from: string): void {
    this.states.find((state) => state.definition.id === id)?.merge(into, from)
  }

  /** Keys held and keys dropped by the bound, by computation. */
  load(): { id: string; keys: number; dropped: number }[] {
    return this.states.map((state) => ({ id: state.definition.id, keys: state.size, dropped: state.dropped }))
  }

  snapshot(): EngineSnapshot {
    return {
      version: ENGINE_SNAPSHOT_VERSION,
      watermark: Number.isFinite(this.watermark) ? this.watermark : null,
      states: this.states.map((state) => state.snapshot()),
    }
  }

  /** State of computations that no longer exist is ignored; new ones start empty. */
  restore(snapshot: EngineSnapshot): void {
    this.watermark = snapshot.watermark ?? Number.NEGATIVE_INFINITY
    for (const state of this.states) {
      const saved = snapshot.states.find((candidate) => candidate.id === state.definition.id)
      if (saved !== undefined) state.restore(saved)
    }
  }
}
