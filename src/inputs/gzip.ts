import { crc32 } from 'node:zlib'
import type { Feed } from './feed.ts'
import { inflate } from './inflate.ts'
import { type Decode, type ReadMember, readMembers } from './members.ts'

// RFC 1952
const HEADER_BYTES = 10
const TRAILER_BYTES = 8
const DEFLATE = 8
const HAS_HEADER_CRC = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16
const MAX_TEXT_BYTES = 64 * 1024
/** 15 µs each. */
const MAX_TINY_MEMBERS = 1_000_000
const NOTHING = Buffer.alloc(0)

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === DEFLATE
}

/** When the packed file was last written (epoch ms), from the header; null where it does not say. */
export function gzipTime(head: Buffer): number | null {
  const seconds = head.length >= HEADER_BYTES ? head.readUInt32LE(4) : 0
  return seconds === 0 ? null : seconds * 1000
}

/** All members of a gzip stream; zero padding and other bytes behind it are passed over. */
export const gunzip: Decode = (feed, problem) =>
  readMembers('gzip', MAX_TINY_MEMBERS, readMember, feed, problem)

const readMember: ReadMember = async function* (feed, tally, problem) {
  const header = await readHeader(feed)
  if (header === 'cut') return tally.damage('cut')
  if (header === 'foreign') return tally.foreign()
  if (header !== 'member') return 'end'
  const sum = { crc: 0, length: 0 }
  const see = (chunk: Uint8Array): void => {
    sum.crc = crc32(chunk, sum.crc)
    sum.length += chunk.length
    tally.outBytes += chunk.length
  }
  const end = yield* inflate(feed, tally.wasTiny, see)
  const trailer = end === 'complete' ? await feed.exactly(TRAILER_BYTES) : NOTHING
  if (trailer.length < TRAILER_BYTES) return tally.damage(end === 'complete' ? 'cut' : end)
  const isRight = trailer.readUInt32LE(0) === sum.crc && trailer.readUInt32LE(4) === sum.length % 2 ** 32
  if (!isRight) problem(tally.wrongSum())
  return 'more'
}

async function readHeader(feed: Feed): Promise<'member' | 'end' | 'cut' | 'foreign'> {
  const fixed = await feed.exactly(HEADER_BYTES)
  if (fixed.length === 0) return 'end'
  if (fixed[0] === 0) return 'end' // zero padding
  if (!isGzip(fixed) && (fixed.length === HEADER_BYTES || fixed[0] !== 0x1f)) return 'foreign'
  if (fixed.length < HEADER_BYTES) return 'cut'
  const flags = fixed[3] ?? 0
  if ((flags & HAS_EXTRA) !== 0) {
    const length = await feed.exactly(2)
    if (length.length < 2) return 'cut'
    await feed.exactly(length.readUInt16LE(0))
  }
  if ((flags & HAS_NAME) !== 0 && !(await passText(feed))) return 'cut'
  if ((flags & HAS_COMMENT) !== 0 && !(await passText(feed))) return 'cut'
  if ((flags & HAS_HEADER_CRC) !== 0) await feed.exactly(2)
  return 'member'
}

/** Passes over a text that ends with NUL; false where none comes. */
async function passText(feed: Feed): Promise<boolean> {
  for (let passed = 0; passed <= MAX_TEXT_BYTES;) {
    const chunk = await feed.next()
    if (chunk === null) return false
    const end = chunk.indexOf(0)
    if (end >= 0) {
      feed.unread(chunk.subarray(end + 1))
      return true
    }
    passed += chunk.length
  }
  return false
}
