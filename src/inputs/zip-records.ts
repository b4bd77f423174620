// APPNOTE.TXT 6.3.10, sections 4.3 to 4.5
export const LOCAL_BYTES = 30
export const CENTRAL_BYTES = 46
export const END_BYTES = 22
export const LOCATOR_BYTES = 20
export const END64_BYTES = 56
export const MAX_COMMENT_BYTES = 0xffff
export const LOCAL = Buffer.from('PK\x03\x04', 'latin1')
export const CENTRAL = Buffer.from('PK\x01\x02', 'latin1')
export const DESCRIPTOR = Buffer.from('PK\x07\x08', 'latin1')
export const END = Buffer.from('PK\x05\x06', 'latin1')
const END64 = Buffer.from('PK\x06\x06', 'latin1')
const LOCATOR = Buffer.from('PK\x06\x07', 'latin1')

const IS_ENCRYPTED = 1
const HAS_DESCRIPTOR = 8
const UNIX = 3
const FILE_TYPE = 0xf000
const SYMBOLIC_LINK = 0xa000
const EXTRA_ZIP64 = 0x0001
const EXTRA_UNIX_TIME = 0x5455
const MAX_32 = 0xffffffff

/** A member as a header of the archive describes it; the description may be wrong. */
export interface ZipRecord {
  readonly path: Buffer
  readonly method: number
  readonly isEncrypted: boolean
  readonly isLink: boolean
  /** Local headers only: sizes and sum follow the content. */
  readonly isOpenEnded: boolean
  readonly crc32: number
  readonly packedSize: number
  readonly size: number
  /** Where its local header is. */
  readonly headerAt: number
  /** Epoch ms; DOS times have no zone and are taken as UTC. */
  readonly modifiedAt: number | null
}

export function isZip(head: Buffer): boolean {
  const start = head.subarray(0, 4)
  if (start.equals(DESCRIPTOR)) return head.subarray(4, 8).equals(LOCAL)
  return start.equals(LOCAL) || start.equals(END)
}

/** A central directory header, its name and extra field behind it; null where it is none. */
export function readCentral(bytes: Buffer): ZipRecord | null {
  if (bytes.length < CENTRAL_BYTES || !bytes.subarray(0, 4).equals(CENTRAL)) return null
  const nameEnd = CENTRAL_BYTES + bytes.readUInt16LE(28)
  const extra = bytes.subarray(nameEnd, nameEnd + bytes.readUInt16LE(30))
  const isUnix = bytes.readUInt8(5) === UNIX
  const large = zip64Of(extra, [bytes.readUInt32LE(24), bytes.readUInt32LE(20), bytes.readUInt32LE(42)])
  return {
    ...sharedOf(bytes, 8),
    path: bytes.subarray(CENTRAL_BYTES, nameEnd),
    isLink: isUnix && (bytes.readUInt16LE(40) & FILE_TYPE) === SYMBOLIC_LINK,
    modifiedAt: unixTimeOf(extra) ?? dosTime(bytes.readUInt16LE(12), bytes.readUInt16LE(14)),
    size: large[0] ?? 0,
    packedSize: large[1] ?? 0,
    headerAt: large[2] ?? 0,
  }
}

/** A local header, its name and extra field behind it; null where it is none. */
export function readLocal(bytes: Buffer, headerAt: number): ZipRecord | null {
  if (bytes.length < LOCAL_BYTES || !bytes.subarray(0, 4).equals(LOCAL)) return null
  const nameEnd = LOCAL_BYTES + bytes.readUInt16LE(26)
  const extra = bytes.subarray(nameEnd, nameEnd + bytes.readUInt16LE(28))
  const large = zip64Of(extra, [bytes.readUInt32LE(22), bytes.readUInt32LE(18)])
  return {
    ...sharedOf(bytes, 6),
    path: bytes.subarray(LOCAL_BYTES, nameEnd),
    isLink: false,
    modifiedAt: unixTimeOf(extra) ?? dosTime(bytes.readUInt16LE(10), bytes.readUInt16LE(12)),
    size: large[0] ?? 0,
    packedSize: large[1] ?? 0,
    headerAt,
  }
}

/** Length of a header with what belongs to it; the caller has made sure of the fixed part. */
export function centralLength(bytes: Buffer): number {
  return CENTRAL_BYTES + bytes.readUInt16LE(28) + bytes.readUInt16LE(30) + bytes.readUInt16LE(32)
}

export function localLength(bytes: Buffer): number {
  return LOCAL_BYTES + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)
}

/** Flags, method and checksum stand in the same order in both headers. */
function sharedOf(
  bytes: Buffer,
  flagsAt: number,
): Pick<ZipRecord, 'isEncrypted' | 'isOpenEnded' | 'method' | 'crc32'> {
  const flags = bytes.readUInt16LE(flagsAt)
  return {
    isEncrypted: (flags & IS_ENCRYPTED) !== 0,
    isOpenEnded: (flags & HAS_DESCRIPTOR) !== 0,
    method: bytes.readUInt16LE(flagsAt + 2),
    crc32: bytes.readUInt32LE(flagsAt + 8),
  }
}

/** Where the directory is, as its end record says. */
export interface ZipDirectoryPlace {
  readonly entries: number
  readonly size: number
  readonly offset: number
}

export function readEnd(bytes: Buffer): ZipDirectoryPlace {
  return { entries: bytes.readUInt16LE(10), size: bytes.readUInt32LE(12), offset: bytes.readUInt32LE(16) }
}

/** Where the locator says that the zip64 end record is; null where it is no locator. */
export function readLocator(bytes: Buffer): number | null {
  const isLocator = bytes.length >= LOCATOR_BYTES && bytes.subarray(0, 4).equals(LOCATOR)
  return isLocator ? safe(bytes.readBigUInt64LE(8)) : null
}

export function readEnd64(bytes: Buffer): ZipDirectoryPlace | null {
  if (bytes.length < END64_BYTES || !bytes.subarray(0, 4).equals(END64)) return null
  const [entries, size, offset] = [32, 40, 48].map((at) => safe(bytes.readBigUInt64LE(at)))
  return { entries: entries ?? 0, size: size ?? 0, offset: offset ?? 0 }
}

function safe(value: bigint): number {
  return Number(value > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : value)
}

function extraOf(extra: Buffer, id: number): Buffer | null {
  for (let position = 0; position + 4 <= extra.length;) {
    const end = position + 4 + extra.readUInt16LE(position + 2)
    if (extra.readUInt16LE(position) === id) return extra.subarray(position + 4, end)
    position = end
  }
  return null
}

/** Values that do not fit 32 bits stand in the zip64 field, in the order given, and only those. */
function zip64Of(extra: Buffer, values: readonly number[]): number[] {
  const field = extraOf(extra, EXTRA_ZIP64)
  let position = 0
  return values.map((value) => {
    if (value !== MAX_32 || field === null || position + 8 > field.length) return value
    position += 8
    return safe(field.readBigUInt64LE(position - 8))
  })
}

function unixTimeOf(extra: Buffer): number | null {
  const field = extraOf(extra, EXTRA_UNIX_TIME)
  if (field === null || field.length < 5 || (field.readUInt8(0) & 1) === 0) return null
  return field.readUInt32LE(1) * 1000
}

function dosTime(time: number, date: number): number | null {
  if (date === 0) return null
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31]
  return Date.UTC(year, month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2)
}
