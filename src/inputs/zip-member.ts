import { crc32 } from 'node:zlib'
import { formatNumber } from '../text/units.ts'
import { type Bytes, type OpenStream, PartBytes, streamOf } from './bytes.ts'
import { inflate } from './inflate.ts'
import type { InputLimits } from './limits.ts'
import { type Decode, MemberTally } from './members.ts'
import { type UnpackBudget, unpackWith } from './unpack.ts'
import type { ZipMember } from './zip.ts'
import { unzstd } from './zstd.ts'

const STORED = 0
const METHODS: Readonly<Record<number, string>> = {
  1: 'Shrink',
  6: 'Implode',
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  95: 'xz',
  98: 'PPMd',
  99: 'AES encryption',
}

const inflateMember: Decode = async function* (feed) {
  const tally = new MemberTally('deflate')
  const end = yield* inflate(feed, false, (chunk) => {
    tally.outBytes += chunk.length
  })
  return end === 'complete' ? null : tally.damage(end)
}

const DECODERS: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  [8, inflateMember],
  [20, unzstd],
  [93, unzstd],
])

/** Why the member is not read, in words for the user; null where it can be. */
export function whyNotRead(member: ZipMember): string | null {
  if (member.unreadable !== null) return member.unreadable
  if (member.isEncrypted) return 'encrypted: not read'
  if (member.method === STORED || DECODERS.has(member.method)) return null
  return `packed with ${METHODS[member.method] ?? `method ${member.method}`}: not read`
}

/** The member's bytes where it is stored as it is; null where it has to be unpacked. */
export function storedBytes(archive: Bytes, member: ZipMember): Bytes | null {
  return member.method === STORED ? new PartBytes(archive, member.start, member.packedSize) : null
}

/** The member's content, its size and checksum compared at the end. */
export function openMember(
  archive: Bytes,
  member: ZipMember,
  limits: InputLimits,
  budget: UnpackBudget,
): OpenStream {
  const packed = streamOf(new PartBytes(archive, member.start, member.packedSize))
  const decode = DECODERS.get(member.method)
  const open = decode === undefined ? packed : unpackWith(decode, packed, limits, budget)
  // Only the two: 100,000 members may be kept.
  return checked(open, { size: member.size, crc32: member.crc32 })
}

function checked(open: OpenStream, told: Pick<ZipMember, 'size' | 'crc32'>): OpenStream {
  return async function* (problem) {
    let sum = 0
    let length = 0
    let isHurt = false
    const stream = open((text) => {
      isHurt = true
      problem(text)
    })
    for await (const chunk of stream) {
      sum = crc32(chunk, sum)
      length += chunk.length
      yield chunk
    }
    if (isHurt) return
    if (told.size !== null && length !== told.size)
      problem(`has ${formatNumber(length)} bytes where the zip archive says ${formatNumber(told.size)}`)
    else if (told.crc32 !== null && sum !== told.crc32)
      problem('its checksum in the zip archive does not fit its content: something in it was changed')
  }
}
