import type { Input } from '../inputs/input.ts'
import type { Batch, Source, SourceEnv } from './source.ts'

/** A source's `read` whose code is loaded when the first event is asked for: most runs read few of the formats there are. */
export function readerLoaded(load: () => Promise<Source['read']>): Source['read'] {
  return (inputs, env) => ({ [Symbol.asyncIterator]: () => new LoadedReading(load, inputs, env) })
}

class LoadedReading implements AsyncIterator<Batch> {
  #batches: AsyncIterator<Batch> | null = null
  readonly #load: () => Promise<Source['read']>
  readonly #inputs: readonly Input[]
  readonly #env: SourceEnv

  constructor(load: () => Promise<Source['read']>, inputs: readonly Input[], env: SourceEnv) {
    this.#load = load
    this.#inputs = inputs
    this.#env = env
  }

  next(): Promise<IteratorResult<Batch>> {
    return this.#batches === null ? this.#begin() : this.#batches.next()
  }

  async return(): Promise<IteratorResult<Batch>> {
    await this.#batches?.return?.()
    return { done: true, value: undefined }
  }

  async #begin(): Promise<IteratorResult<Batch>> {
    const read = await this.#load()
    this.#batches = read(this.#inputs, this.#env)[Symbol.asyncIterator]()
    return this.#batches.next()
  }
}
