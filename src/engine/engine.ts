import type { Keyed, Listening } from './keyed.ts'
import { KeyedState, type KeyedSnapshot } from './keyed-state.ts'

export const ENGINE_SNAPSHOT_VERSION = 1

/** Everything the engine knows, as plain JSON: written to a file or a key-value bucket, read back after a crash. */
export interface EngineSnapshot {
  readonly version: typeof ENGINE_SNAPSHOT_VERSION
  readonly watermark: number | null
  readonly states: readonly KeyedSnapshot[]
}

/** What does not depend on what a computation tells. */
type Runs<Item extends { readonly kind: string; readonly time: number }> = Pick<
  KeyedState<Item, unknown, unknown>,
  'id' | 'kinds' | 'accept' | 'advance' | 'settle' | 'snapshot' | 'restore'
>

/**
 * Runs keyed computations over a stream of items in time order and owns their state.
 * It has no clock: time passes only when items or watermarks say so.
 */
export class Engine<Item extends { readonly kind: string; readonly time: number }, Out, Context> {
  private readonly own: readonly KeyedState<Item, Out, Context>[]
  /** Of computations that others listen to. */
  private readonly shared: readonly KeyedState<Item, unknown, Context>[]
  private readonly states: readonly Runs<Item>[]
  private readonly byKind = new Map<string, Runs<Item>[]>()
  private watermark = Number.NEGATIVE_INFINITY

  constructor(
    definitions: readonly Keyed<unknown, Item, Out, Context>[],
    context: Context,
    tell: (out: Out) => void,
  ) {
    this.own = definitions.map((definition) => new KeyedState(definition, context, tell))
    this.shared = [...audiences(definitions)].map(
      ([definition, audience]) =>
        new KeyedState<Item, unknown, Context>(definition, context, (heard) => {
          for (const listening of audience) listening.hear(heard, tell, context)
        }),
    )
    this.states = [...this.shared, ...this.own]
    for (const state of this.states) {
      for (const kind of state.kinds) {
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

  /** Two keys of one computation, or of what it listens to, turned out to be one. */
  merge(id: string, into: string, from: string): void {
    for (const state of this.own) {
      if (state.id !== id) continue
      state.merge(into, from)
      this.heardBy(state)?.merge(into, from)
    }
  }

  /** Keys held and keys dropped by the bound, by computation, with those of what it listens to. */
  load(): { id: string; keys: number; dropped: number }[] {
    return this.own.map((state) => {
      const heard = this.heardBy(state)
      return {
        id: state.id,
        keys: state.size + (heard?.size ?? 0),
        dropped: state.dropped + (heard?.dropped ?? 0),
      }
    })
  }

  private heardBy({ definition }: KeyedState<Item, Out, Context>): KeyedState<Item, unknown, Context> | null {
    return this.shared.find((state) => state.definition === definition.listens?.to) ?? null
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
      const saved = snapshot.states.find((candidate) => candidate.id === state.id)
      if (saved !== undefined) state.restore(saved)
    }
  }
}

/** Who listens to what. */
function audiences<Item extends { readonly kind: string; readonly time: number }, Out, Context>(
  definitions: readonly Keyed<unknown, Item, Out, Context>[],
): Map<Keyed<unknown, Item, unknown, Context>, Listening<unknown, Item, Out, Context>[]> {
  const found = new Map<Keyed<unknown, Item, unknown, Context>, Listening<unknown, Item, Out, Context>[]>()
  for (const { listens } of definitions) {
    if (listens === undefined) continue
    const audience = found.get(listens.to)
    if (audience === undefined) found.set(listens.to, [listens])
    else audience.push(listens)
  }
  return found
}
