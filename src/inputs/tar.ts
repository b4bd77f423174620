import { formatBytes, formatNumber } from '../text/units.ts'
import { BLOCK_BYTES, isZeroBlock, readTarHeader, type TarHeader } from './tar-header.ts'
import { type PaxRecords, readPax } from './tar-pax.ts'

/** Where a tar archive is read from: a place that only moves forward. */
export interface TarCursor {
  readonly position: number
  /** The next `length` bytes (at most 1 MiB), fewer at the end. */
  exactly(length: number): Promise<Buffer>
  /** False if the archive ends before. */
  skip(length: number): Promise<boolean>
}

/** A regular file in the archive. The reader of the archive takes its content from the cursor, or not. */
export interface TarMember {
  readonly path: Buffer
  readonly size: number
  readonly modifiedAt: number | null
  /** Why it cannot be read (sparse, encrypted …); null where it can. */
  readonly unreadable: string | null
}

const MAX_EXTENSION_BYTES = 2 ** 20
const REGULAR = new Set(['0', '\0', '7'])
/** Links, devices, folders, pipes: nothing behind their header, whatever the size says. */
const WITHOUT_CONTENT = new Set(['1', '2', '3', '4', '5', '6'])
/** GNU's folder listings and volume labels. */
const NO_FILE = new Set(['D', 'V', 'N'])
const UNREADABLE: Readonly<Record<string, string>> = {
  S: 'a sparse file in a tar archive: not read',
  M: 'the rest of a file from another tape or volume: not read',
}

/**
 * The regular files of a tar archive. After each, `cursor` stands at its content, and the caller may
 * take it, whole or in part; reading goes on behind it. Damaged places are passed over and told.
 */
export async function* readTar(
  cursor: TarCursor,
  problem: (text: string) => void,
): AsyncGenerator<TarMember, void, undefined> {
  let pax: PaxRecords = {}
  const global: PaxRecords = {}
  for (;;) {
    const header = await nextHeader(cursor, problem)
    if (header === null) return
    const size = WITHOUT_CONTENT.has(header.type) ? 0 : (known(pax.size) ?? header.size)
    if (size === null) {
      problem(
        `a header at byte ${formatNumber(cursor.position - BLOCK_BYTES)} of the tar archive has no valid size`,
      )
      pax = {}
      continue
    }
    const end = cursor.position + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES
    if (header.type === 'x' || header.type === 'X')
      Object.assign(pax, readPax(await extension(cursor, size, problem)))
    else if (header.type === 'g') Object.assign(global, readPax(await extension(cursor, size, problem)))
    else if (header.type === 'L') Object.assign(pax, longName(await extension(cursor, size, problem)))
    else if (header.type !== 'K') {
      const member = memberOf(header, { ...global, ...pax }, size)
      pax = {}
      if (member !== null) yield member
    }
    if (!(await passTo(cursor, end))) {
      problem(breaksOff(cursor))
      return
    }
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || !Number.isSafeInteger(value) ? null : value
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value
}

/** GNU's way to say a path that is longer than its field. */
function longName(bytes: Buffer): PaxRecords {
  const end = bytes.indexOf(0)
  const path = end < 0 ? bytes : bytes.subarray(0, end)
  return path.length === 0 ? {} : { path }
}

async function extension(cursor: TarCursor, size: number, problem: (text: string) => void): Promise<Buffer> {
  if (size > MAX_EXTENSION_BYTES) {
    problem(`a name or attribute of ${formatBytes(size)} in the tar archive was passed over`)
    return Buffer.alloc(0)
  }
  return cursor.exactly(size)
}

function memberOf(header: TarHeader, pax: PaxRecords, size: number): TarMember | null {
  const path = pax.path ?? header.path
  if (WITHOUT_CONTENT.has(header.type) || NO_FILE.has(header.type)) return null
  // Archives from before POSIX mark folders by the slash alone.
  if (REGULAR.has(header.type) && path.at(-1) === 0x2f) return null
  const unreadable = pax.isSparse === true ? UNREADABLE['S'] : UNREADABLE[header.type]
  return {
    path,
    size,
    modifiedAt: finite(pax.modifiedAt) ?? header.modifiedAt,
    unreadable: unreadable ?? null,
  }
}

async function passTo(cursor: TarCursor, end: number): Promise<boolean> {
  return cursor.position >= end || cursor.skip(end - cursor.position)
}

function breaksOff(cursor: TarCursor): string {
  return `the tar archive breaks off after ${formatNumber(cursor.position)} bytes`
}

/** The next header; null at the end. Blocks that are none are passed over: a damaged size leads to them. */
async function nextHeader(cursor: TarCursor, problem: (text: string) => void): Promise<TarHeader | null> {
  let lostAt = -1
  for (;;) {
    const block = await cursor.exactly(BLOCK_BYTES)
    const header = readTarHeader(block)
    const isEnd = block.length < BLOCK_BYTES || (lostAt < 0 && header === null && isZeroBlock(block))
    if (lostAt >= 0 && (isEnd || header !== null)) {
      const lost = cursor.position - block.length - lostAt
      problem(
        `${formatNumber(lost)} bytes from byte ${formatNumber(lostAt)} of the tar archive are damaged: passed over`,
      )
    }
    if (header !== null)
      return header.isExtended && header.type === 'S' ? passSparseMap(cursor, header) : header
    if (isEnd) {
      if (lostAt < 0 && !isZeroBlock(block)) problem(breaksOff(cursor))
      return null
    }
    if (lostAt < 0) lostAt = cursor.position - BLOCK_BYTES
  }
}

async function passSparseMap(cursor: TarCursor, header: TarHeader): Promise<TarHeader> {
  for (;;) {
    const block = await cursor.exactly(BLOCK_BYTES)
    if (block.length < BLOCK_BYTES || block[504] !== 1) return header
  }
}
