// POSIX.1-2017 pax interchange format and GNU tar's "old GNU" format.
export const BLOCK_BYTES = 512
const NAME = [0, 100] as const
const SIZE = [124, 12] as const
const TIME = [136, 12] as const
const CHECKSUM = [148, 8] as const
const TYPE = 156
const MAGIC = [257, 6] as const
const PREFIX = [345, 155] as const
const SPARSE_IS_EXTENDED = 482
const SPACE = 32

export interface TarHeader {
  /** As bytes: whoever shows it decides what they mean. */
  readonly path: Buffer
  /** Bytes that follow; null where the field makes no sense. */
  readonly size: number | null
  /** Epoch ms; null where the field makes no sense. */
  readonly modifiedAt: number | null
  readonly type: string
  /** Old GNU sparse files: more map blocks follow the header. */
  readonly isExtended: boolean
}

/** Whether a tar archive starts here. Archives from before 1988 have no magic: then all fields must be in order. */
export function isTar(head: Buffer): boolean {
  if (head.length < BLOCK_BYTES || !hasRightChecksum(head)) return false
  if (hasMagic(head)) return true
  const header = readTarHeader(head)
  return header !== null && header.path.length > 0 && header.size !== null && header.modifiedAt !== null
}

/** Null where the block is no header: its checksum does not fit. */
export function readTarHeader(block: Buffer): TarHeader | null {
  if (block.length < BLOCK_BYTES || !hasRightChecksum(block)) return null
  const seconds = number(block, TIME)
  return {
    path: pathOf(block),
    size: number(block, SIZE),
    modifiedAt: seconds === null || seconds === 0 ? null : seconds * 1000,
    type: String.fromCharCode(block[TYPE] ?? 0),
    isExtended: block[SPARSE_IS_EXTENDED] === 1,
  }
}

export function isZeroBlock(block: Buffer): boolean {
  return block.every((byte) => byte === 0)
}

function hasMagic(block: Buffer): boolean {
  return text(block, MAGIC).toString('latin1').trimEnd() === 'ustar'
}

function pathOf(block: Buffer): Buffer {
  const name = text(block, NAME)
  // GNU's magic is "ustar  \0": there the place of the prefix holds other fields.
  const isPosix = block.toString('latin1', MAGIC[0], MAGIC[0] + MAGIC[1]) === 'ustar\0'
  const prefix = isPosix ? text(block, PREFIX) : Buffer.alloc(0)
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name])
}

/** The sum of all bytes with the checksum field taken as spaces; some old programs summed signed bytes. */
function hasRightChecksum(block: Buffer): boolean {
  const told = number(block, CHECKSUM)
  if (told === null) return false
  let unsigned = 0
  let signed = 0
  for (let i = 0; i < BLOCK_BYTES; i++) {
    const isField = i >= CHECKSUM[0] && i < CHECKSUM[0] + CHECKSUM[1]
    const byte = isField ? SPACE : (block[i] ?? 0)
    unsigned += byte
    signed += byte < 128 ? byte : byte - 256
  }
  return told === unsigned || told === signed
}

function text(block: Buffer, [start, length]: readonly [number, number]): Buffer {
  const field = block.subarray(start, start + length)
  const end = field.indexOf(0)
  return end < 0 ? field : field.subarray(0, end)
}

/** Octal digits between spaces and NULs, or GNU's base 256 where the top bit is set; null for anything else. */
function number(block: Buffer, [start, length]: readonly [number, number]): number | null {
  const first = block[start] ?? 0
  if ((first & 0x80) !== 0) return base256(block.subarray(start, start + length))
  const digits = text(block, [start, length]).toString('latin1').trim()
  if (digits === '') return 0
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : null
}

function base256(field: Buffer): number | null {
  // 0xff starts a negative number: no size or date of evidence.
  if (field[0] === 0xff) return null
  let value = (field[0] ?? 0) & 0x7f
  for (const byte of field.subarray(1)) value = value * 256 + byte
  return Number.isSafeInteger(value) ? value : null
}
