import { formatNumber } from '../text/units.ts'
import { ByteWindow } from './byte-window.ts'
import { type Bytes, readAt } from './bytes.ts'
import * as records from './zip-records.ts'

/** A regular file in the archive. */
export interface ZipMember {
  readonly path: Buffer
  readonly method: number
  readonly isEncrypted: boolean
  readonly modifiedAt: number | null
  /** Its packed bytes. */
  readonly start: number
  readonly packedSize: number
  /** What it should unpack to; null where nobody says. */
  readonly size: number | null
  readonly crc32: number | null
  /** Why it cannot be read; null where it can. */
  readonly unreadable: string | null
}

type Problem = (text: string) => void

/** The regular files of a zip archive, at most `maxMembers`, by its directory, or by what stands before each file where it has none. */
export function listZip(bytes: Bytes, maxMembers: number, problem: Problem): ZipMember[] {
  const place = findDirectory(bytes)
  if (place === null) {
    const members = salvage(bytes, maxMembers)
    const count = formatNumber(members.length)
    problem(`the zip archive has no directory at its end (cut off?): found ${count} members without it`)
    return members
  }
  return readDirectory(bytes, place, maxMembers, problem)
}

interface Directory extends records.ZipDirectoryPlace {
  /** Bytes in front of the archive proper, which its offsets do not count. */
  readonly shift: number
}

function findDirectory(bytes: Bytes): Directory | null {
  const tailBytes = records.END_BYTES + records.MAX_COMMENT_BYTES
  const tailAt = Math.max(0, bytes.size - tailBytes)
  const tail = readAt(bytes, tailAt, tailBytes)
  for (let at = tail.length - records.END_BYTES; at >= 0; at--) {
    at = tail.lastIndexOf(records.END, at)
    if (at < 0) return null
    const place = placeAt(bytes, tail.subarray(at), tailAt + at)
    if (place !== null) return place
  }
  return null
}

function placeAt(bytes: Bytes, end: Buffer, endAt: number): Directory | null {
  const locatorAt = endAt - records.LOCATOR_BYTES
  const end64At = locatorAt < 0 ? null : records.readLocator(readAt(bytes, locatorAt, records.LOCATOR_BYTES))
  if (end64At !== null) {
    const place = records.readEnd64(readAt(bytes, end64At, records.END64_BYTES))
    if (place !== null && place.offset + place.size <= end64At) return { ...place, shift: 0 }
  }
  const place = records.readEnd(end)
  const shift = endAt - place.size - place.offset
  return shift < 0 ? null : { ...place, shift: end64At === null ? shift : 0 }
}

function readDirectory(bytes: Bytes, place: Directory, maxMembers: number, problem: Problem): ZipMember[] {
  const window = new ByteWindow(bytes)
  const found: records.ZipRecord[] = []
  let at = place.offset + place.shift
  for (let read = 0; read < place.entries && found.length <= maxMembers; read++) {
    const fixed = window.at(at, records.CENTRAL_BYTES)
    const length = fixed.length < records.CENTRAL_BYTES ? 0 : records.centralLength(fixed)
    const record = length === 0 ? null : records.readCentral(window.at(at, length))
    if (record === null) {
      problem(
        `the zip archive's directory is damaged after ${formatNumber(read)} of ${formatNumber(place.entries)} entries`,
      )
      break
    }
    at += length
    if (isFile(record))
      found.push({ ...record, path: Buffer.from(record.path), headerAt: record.headerAt + place.shift })
  }
  return membersOf(found, new ByteWindow(bytes))
}

function isFile(record: records.ZipRecord): boolean {
  return !record.isLink && record.path.at(-1) !== 0x2f
}

/** In the order of the directory. A member that reaches into another is a trick to unpack the same bytes again and again. */
function membersOf(found: readonly records.ZipRecord[], window: ByteWindow): ZipMember[] {
  const starts = found.map((record) => record.headerAt).toSorted((a, b) => a - b)
  const next = new Map<number, number>()
  starts.forEach((start, i) =>
    next.set(start, Math.min(next.get(start) ?? Infinity, starts[i + 1] ?? Infinity)),
  )
  return found.map((record) => {
    const header = window.at(record.headerAt, records.LOCAL_BYTES)
    const isThere = records.readLocal(header, record.headerAt) !== null
    const start = isThere ? record.headerAt + records.localLength(header) : 0
    const end = start + record.packedSize
    const isOverlapping = end > (next.get(record.headerAt) ?? Infinity)
    const unreadable = isThere
      ? isOverlapping
        ? 'overlaps another member of the zip archive: not read'
        : null
      : 'the zip archive has no such member where its directory says'
    return { ...record, start, unreadable }
  })
}

/** Members one after the other by their local headers, for archives that lost their directory. */
function salvage(bytes: Bytes, maxMembers: number): ZipMember[] {
  const window = new ByteWindow(bytes)
  const members: ZipMember[] = []
  let at = window.find([records.LOCAL], 4, 0)
  while (at >= 0 && members.length <= maxMembers) {
    const fixed = window.at(at, records.LOCAL_BYTES)
    if (fixed.length < records.LOCAL_BYTES) break
    const length = records.localLength(fixed)
    const record = records.readLocal(window.at(at, length), at)
    if (record === null) break
    const path = Buffer.from(record.path)
    const start = at + length
    const isKnown = !record.isOpenEnded
    const end = isKnown ? start + record.packedSize : endOfOpenEnded(window, bytes, start)
    if (isFile(record)) {
      const told = isKnown ? {} : { size: null, crc32: null }
      members.push({ ...record, ...told, path, start, packedSize: end - start, unreadable: null })
    }
    at = window.find([records.LOCAL, records.CENTRAL], 4, end)
    if (at >= 0 && window.at(at, 4).equals(records.CENTRAL)) break
  }
  return members
}

function endOfOpenEnded(window: ByteWindow, bytes: Bytes, start: number): number {
  const end = window.find([records.DESCRIPTOR, records.LOCAL, records.CENTRAL], 4, start)
  return end < 0 ? bytes.size : end
}
