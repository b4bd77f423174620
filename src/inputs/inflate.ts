import { createInflateRaw, inflateRawSync } from 'node:zlib'
import { ENGINE_CHUNK_BYTES, type EngineEnd, runEngine } from './engine.ts'
import type { Feed } from './feed.ts'

const SMALL_BYTES = 64 * 1024
const MAX_SMALL_OUT_BYTES = 2 ** 20

/**
 * One deflate stream (RFC 1951), which ends by itself: takes from `feed` what belongs to it. Small
 * ones are done in one go, because an engine for each takes ten times as long: archives of many
 * small files, logs that grew by a member per record.
 */
export async function* inflate(
  feed: Feed,
  isProbablySmall: boolean,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, EngineEnd, undefined> {
  const whole = await inflateSmall(feed, isProbablySmall)
  if (whole === null) return yield* runEngine(createInflateRaw({ chunkSize: ENGINE_CHUNK_BYTES }), feed, see)
  see(whole)
  if (whole.length > 0) yield whole
  return 'complete'
}

/** Null, and nothing taken, where the stream does not end soon. */
async function inflateSmall(feed: Feed, isProbablySmall: boolean): Promise<Uint8Array | null> {
  const ahead = await feed.next()
  if (ahead === null) return null
  const isWorthTrying = isProbablySmall || ahead.length < SMALL_BYTES
  const result = isWorthTrying ? inflateOrNull(ahead.subarray(0, SMALL_BYTES)) : null
  feed.unread(ahead.subarray(result?.engine.bytesWritten ?? 0))
  return result?.buffer ?? null
}

interface Inflated {
  readonly buffer: Uint8Array
  readonly engine: { readonly bytesWritten: number }
}

function inflateOrNull(bytes: Uint8Array): Inflated | null {
  try {
    // The types do not know that `info` makes it tell how many bytes it used.
    const result: unknown = inflateRawSync(bytes, {
      info: true,
      chunkSize: 4096,
      maxOutputLength: MAX_SMALL_OUT_BYTES,
    })
    return isInflated(result) ? result : null
  } catch {
    return null
  }
}

function isInflated(result: unknown): result is Inflated {
  return typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result
}
