import { createZstdDecompress } from 'node:zlib'
import { ENGINE_CHUNK_BYTES, runEngine } from './engine.ts'
import { Feed } from './feed.ts'
import { type Decode, type ReadMember, readMembers } from './members.ts'
import { ZstdFrameWalk } from './zstd-frame.ts'

// RFC 8878
const MAGIC_BYTES = 4
/** 150 µs each. */
const MAX_TINY_FRAMES = 50_000
const FRAME = 0xfd2fb528
const SKIPPABLE = 0x184d2a50
const SKIPPABLE_MASK = 0xfffffff0

export function isZstd(head: Buffer): boolean {
  return head.length >= MAGIC_BYTES && kindOf(head.readUInt32LE(0)) !== 'foreign'
}

function kindOf(magic: number): 'frame' | 'skippable' | 'foreign' {
  if (magic === FRAME) return 'frame'
  return (magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE ? 'skippable' : 'foreign'
}

/** All frames of a zstd stream; skippable frames and foreign bytes behind it are passed over. */
export const unzstd: Decode = (feed, problem) =>
  readMembers('zstd', MAX_TINY_FRAMES, readFrame, feed, problem)

const readFrame: ReadMember = async function* (feed, tally) {
  const magic = await feed.exactly(MAGIC_BYTES)
  if (magic.length === 0) return 'end'
  if (magic.length < MAGIC_BYTES) return tally.damage('cut')
  const kind = kindOf(magic.readUInt32LE(0))
  if (kind === 'foreign') return tally.foreign()
  if (kind === 'skippable') return (await skipFrame(feed)) ? 'more' : tally.damage('cut')
  feed.unread(magic)
  const walk = new ZstdFrameWalk()
  const engine = createZstdDecompress({ chunkSize: ENGINE_CHUNK_BYTES })
  const end = yield* runEngine(engine, new Feed(frameBytes(feed, walk)), (chunk) => {
    tally.outBytes += chunk.length
  })
  return end === 'complete' ? 'more' : tally.damage(walk.isOver ? 'broken' : end)
}

async function* frameBytes(feed: Feed, walk: ZstdFrameWalk): AsyncGenerator<Uint8Array, void, undefined> {
  while (!walk.isOver) {
    const chunk = await feed.next()
    if (chunk === null) return
    const length = walk.take(chunk)
    feed.unread(chunk.subarray(length))
    yield chunk.subarray(0, length)
  }
}

async function skipFrame(feed: Feed): Promise<boolean> {
  const size = await feed.exactly(4)
  if (size.length < 4) return false
  return feed.skip(size.readUInt32LE(0))
}
