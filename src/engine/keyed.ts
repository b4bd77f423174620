/**
 * A computation over a stream of items that keeps a little state per key. Detectors are one kind,
 * correlation rules another; the engine owns the state of both.
 *
 * `State` must survive `structuredClone` and JSON: plain objects, arrays, numbers, strings, booleans, null.
 */
export interface Keyed<State, Item extends { readonly kind: string; readonly time: number }, Out, Context> {
  readonly id: string
  readonly kinds: readonly Item['kind'][]
  /** State untouched for this long (event time, ms) is dropped. */
  readonly windowMs: number
  /** At most so many keys are held at once; beyond it the longest unused go, and are counted. */
  readonly maxKeys: number
  /** All states together hold about so many bytes, by `bytesOf`; beyond it the longest unused go, and are counted. */
  readonly maxBytes?: number
  /** The key(s) an item counts under; null = not for this one. */
  keysOf(item: Item): string | readonly string[] | null
  create(key: string): State
  /** Pure but for `state`: the same items in the same order give the same output. */
  step(state: State, item: Item, tell: (out: Out) => void, context: Context): void
  /** Two keys turned out to be one, or two partitions meet: fold `from` into `into`. */
  merge(into: State, from: State): State
  /** About what a state takes. Asked before and after every step: it must be cheap. */
  bytesOf?(state: State): number
  /** The state is about to go (expired, dropped, or the stream ends): tell what was not told yet. */
  settle?(state: State, tell: (out: Out) => void, context: Context): void
  /** Another computation that this one stands on, besides or instead of a state of its own. */
  readonly listens?: Listening<unknown, Item, Out, Context>
}

/** What a computation makes of what another one tells. */
export interface Listening<
  Heard,
  Item extends { readonly kind: string; readonly time: number },
  Out,
  Context,
> {
  /** Run once for all that listen to it (told apart by identity); it must not listen itself. */
  readonly to: Keyed<unknown, Item, Heard, Context>
  /** Everybody hears everything. What is `heard` may be the very state: it is read, and changed only by whom it concerns. */
  hear(heard: Heard, tell: (out: Out) => void, context: Context): void
}
