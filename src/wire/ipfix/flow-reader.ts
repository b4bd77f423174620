import { MAX_PACKETS, packPacket, WINDOW_MS } from '../behaviour/first-packets.ts'
import { readNumbers, readTime, readTimes } from './arrays.ts'
import { splitCells } from './cells.ts'
import { type Column, type Columns, NEEDED, readHeader } from './columns.ts'

/** A flow as ipfixprobe tells it. What its columns do not say is null. */
export interface IpfixFlow {
  readonly srcIp: string | null
  readonly dstIp: string | null
  readonly srcPort: number | null
  readonly dstPort: number | null
  /** IANA number. */
  readonly protocol: number | null
  /** Epoch ms. */
  readonly start: number | null
  readonly last: number | null
  readonly packetsOut: number | null
  readonly packetsIn: number | null
  readonly bytesOut: number | null
  readonly bytesIn: number | null
  /** Column LABEL of data sets made for training. */
  readonly label: string | null
  /** Its first packets with payload, packed (`packPacket`). */
  readonly packets: Int32Array
}

/** Looked at in one array: with zero-length packets kept (`includezeros`) there may be more than count. */
const MAX_ELEMENTS = 1024
const HEADER = /(?:^|[,\s"])PPI_PKT_LENGTHS(?:$|[,\s"])/iu

/** Whether a line is the header of such a file. */
export function isIpfixHeader(line: string): boolean {
  return line.length < 65_536 && HEADER.test(line)
}

/** Reads the rows of one file. `problem` is what the header lacks, in words for the user, and null where all is there. */
export class IpfixReader {
  readonly problem: string | null
  /** Whether rows can be read at all. */
  readonly isUsable: boolean
  readonly #columns: Columns

  constructor(header: string) {
    this.#columns = readHeader(header)
    const { missing } = this.#columns
    this.isUsable = !NEEDED.some((column) => missing.includes(column))
    const told = missing.filter((column) => column !== 'LABEL')
    this.problem = told.length === 0 ? null : `columns missing: ${told.join(', ')}`
  }

  /** Null where the row makes no sense. */
  row(line: string): IpfixFlow | null {
    if (!this.isUsable) return null
    const cells = splitCells(line)
    const text = (column: Column): string | null => cells[this.#columns.at(column)]?.trim() || null
    const count = (column: Column): number | null => countOf(text(column))
    const time = (column: Column): number | null => {
      const cell = text(column)
      return cell === null ? null : readTime(cell)
    }
    const packets = packetsOf(
      text('PPI_PKT_DIRECTIONS'),
      text('PPI_PKT_FLAGS'),
      text('PPI_PKT_LENGTHS'),
      text('PPI_PKT_TIMES'),
    )
    if (packets === null) return null
    return {
      srcIp: text('SRC_IP'),
      dstIp: text('DST_IP'),
      srcPort: count('SRC_PORT'),
      dstPort: count('DST_PORT'),
      protocol: count('PROTOCOL'),
      start: time('TIME_FIRST'),
      last: time('TIME_LAST'),
      packetsOut: count('PACKETS'),
      packetsIn: count('PACKETS_REV'),
      bytesOut: count('BYTES'),
      bytesIn: count('BYTES_REV'),
      label: text('LABEL'),
      packets,
    }
  }
}

/** The arrays have to be of one length; a flow without packets has empty ones. */
function packetsOf(
  directionCell: string | null,
  flagCell: string | null,
  lengthCell: string | null,
  timeCell: string | null,
): Int32Array | null {
  const directions = readNumbers(directionCell ?? '', MAX_ELEMENTS)
  const flags = readNumbers(flagCell ?? '', MAX_ELEMENTS)
  const lengths = readNumbers(lengthCell ?? '', MAX_ELEMENTS)
  const times = readTimes(timeCell ?? '', MAX_ELEMENTS)
  if (directions === null || flags === null || lengths === null || times === null) return null
  const { length } = directions
  if (flags.length !== length || lengths.length !== length || times.length !== length) return null
  return packAll(directions, flags, lengths, times)
}

/** Packets without payload (exported with `includezeros`) are no messages; what comes after the window is left out. */
function packAll(
  directions: readonly number[],
  flags: readonly number[],
  lengths: readonly number[],
  timesMs: readonly number[],
): Int32Array {
  const packed: number[] = []
  let [firstMs, lastMs] = [0, 0]
  for (const [at, length] of lengths.entries()) {
    if (length <= 0) continue
    const timeMs = timesMs[at] ?? 0
    if (packed.length === 0) firstMs = lastMs = timeMs
    if (packed.length === MAX_PACKETS || timeMs - firstMs > WINDOW_MS) break
    packed.push(packPacket((directions[at] ?? 0) > 0, length, flags[at] ?? 0, timeMs - lastMs))
    lastMs = timeMs
  }
  return Int32Array.from(packed)
}

function countOf(cell: string | null): number | null {
  if (cell === null || !/^\d{1,16}$/u.test(cell)) return null
  return Number(cell)
}
