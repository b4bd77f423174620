import type { InflateRaw, ZstdDecompress } from 'node:zlib'
import type { Feed } from './feed.ts'

/** How a compressed member went: to its end, out of bytes before it, or into bytes that make no sense. */
export type EngineEnd = 'complete' | 'cut' | 'broken'

/** Output per native call, and so the most that a corrupt place can cost before it. */
export const ENGINE_CHUNK_BYTES = 128 * 1024

/**
 * Runs one member of a compressed stream through a fresh zlib engine: takes from `feed` what belongs
 * to the member and no more, shows the output to `see` and yields it.
 */
export async function* runEngine(
  engine: InflateRaw | ZstdDecompress,
  feed: Feed,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, EngineEnd, undefined> {
  // A field, because the pump sets it while this function waits.
  const state = { isFeedEmpty: false }
  const closed = new Promise<void>((resolve) => {
    engine.once('close', resolve)
  })
  const pump = pumpInto(engine, feed, closed, state).catch((error: unknown) => {
    engine.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  try {
    for await (const chunk of engine) {
      if (!(chunk instanceof Uint8Array)) continue
      see(chunk)
      yield chunk
    }
    await pump
    return 'complete'
  } catch {
    return state.isFeedEmpty ? 'cut' : 'broken'
  } finally {
    engine.destroy()
  }
}

async function pumpInto(
  engine: InflateRaw | ZstdDecompress,
  feed: Feed,
  closed: Promise<void>,
  state: { isFeedEmpty: boolean },
): Promise<void> {
  while (!engine.destroyed) {
    const chunk = await feed.next()
    if (chunk === null) {
      state.isFeedEmpty = true
      engine.end()
      return
    }
    const before = engine.bytesWritten
    const written = new Promise<void>((resolve) => {
      engine.write(chunk, () => {
        resolve()
      })
    })
    // A destroyed engine may never call back.
    await Promise.race([written, closed])
    const used = engine.bytesWritten - before
    if (used === chunk.length) continue
    // It left bytes over: its member is complete (or broken, and then nobody reads on).
    feed.unread(chunk.subarray(used))
    return
  }
}
