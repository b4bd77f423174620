import { Readable } from 'node:stream'
import type { Input } from '../inputs/input.ts'
import { HEAD_BYTES } from '../inputs/limits.ts'
import { STANDARD_INPUT } from '../inputs/open.ts'
import { systemReason } from '../inputs/system-error.ts'
import { isCapture } from '../wire/capture/reader.ts'

/** As much as tells whether a stream is a capture. */
const TELLING_BYTES = 64

/**
 * Standard input as a capture that is read as it comes, however long it goes on, and kept nowhere; or, where it
 * is no plain capture (compressed, an archive), the same stream from its start, for whoever opens those.
 */
export async function pipedCapture(stdin: Readable): Promise<Input | Readable> {
  const chunks: AsyncIterator<unknown> = stdin[Symbol.asyncIterator]()
  const first: Buffer[] = []
  let isEnded = false
  let failure: unknown = null
  while (!isEnded && Buffer.concat(first).length < TELLING_BYTES) {
    try {
      const next = await chunks.next()
      if (next.done === true) isEnded = true
      else first.push(bytesOf(next.value))
    } catch (error) {
      failure = error
      isEnded = true
    }
  }
  const head = Buffer.concat(first)
  // Nobody asks on where it has ended already.
  const after = async (): Promise<IteratorResult<unknown>> =>
    isEnded ? { done: true, value: null } : chunks.next()
  const all = async function* (problem: (text: string) => void): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head
    try {
      for (let next = await after(); next.done !== true; next = await after()) yield bytesOf(next.value)
      if (failure !== null) throw failure
    } catch (error) {
      problem(`cannot be read further: ${systemReason(error)}`)
    }
  }
  if (!isCapture(head))
    return Readable.from(
      all(() => undefined),
      { objectMode: false },
    )
  return {
    name: STANDARD_INPUT,
    group: STANDARD_INPUT,
    storedSize: null,
    modifiedAt: null,
    head: head.subarray(0, HEAD_BYTES),
    tail: () => null,
    chunks: all,
  }
}

function bytesOf(chunk: unknown): Buffer {
  return chunk instanceof Uint8Array
    ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    : Buffer.from(String(chunk))
}
