import { encodePcap } from '../../src/wire/encode/index.ts'
import { BlockWriter } from './block-writer.ts'
import { TEMPLATE_MS, type TemplatePacket } from './template.ts'

/** Copies that go on at once. */
const AT_ONCE = 16
const START_MS = Date.UTC(2026, 4, 12)

export interface Merged {
  readonly packets: number
  readonly bytes: number
  readonly copies: number
}

/** Writes copies of the template into one capture, in the order of time, each with addresses of its own. */
export function writeMerged(file: string, template: readonly TemplatePacket[], minPackets: number): Merged {
  const copies = Math.ceil(minPackets / template.length)
  const out = new BlockWriter(file)
  out.add(encodePcap([]))
  const stepMs = TEMPLATE_MS / AT_ONCE
  let oldest = 0
  const next = new Int32Array(copies)
  // Time goes on in slices, within which the copies take turns: nearly in order, as several queues of a card are.
  for (let nowMs = 0; oldest < copies; nowMs += SLICE_MS) {
    const newest = Math.min(copies - 1, Math.floor(nowMs / stepMs))
    for (let copy = oldest; copy <= newest; copy++) {
      const startMs = copy * stepMs
      let at = next[copy] ?? 0
      for (; at < template.length; at++) {
        const packet = template[at]
        if (packet === undefined || startMs + packet.atMs >= nowMs + SLICE_MS) break
        writeCopy(out, packet, START_MS + startMs + packet.atMs, copy)
      }
      next[copy] = at
    }
    while (oldest < copies && next[oldest] === template.length) oldest++
  }
  return { packets: copies * template.length, bytes: out.close(), copies }
}

const SLICE_MS = 5

/** The frame with addresses of this copy. */
function writeCopy(out: BlockWriter, packet: TemplatePacket, timeMs: number, copy: number): void {
  const { frame, addressAt, isIpv6 } = packet
  const { block, at } = out.frame({ timeMs, bytes: frame })
  if (addressAt < 0) return
  moveAddress(block, at + addressAt, copy)
  moveAddress(block, at + addressAt + (isIpv6 ? 16 : 4), copy)
}

/** Adds to one 16-bit word of an address what it takes from the next: its checksums stay right (one's complement). */
function moveAddress(block: Buffer, at: number, copy: number): void {
  const by = (copy * 7_919) % 65_535
  block.writeUInt16BE((block.readUInt16BE(at) + by) % 65_535, at)
  block.writeUInt16BE((block.readUInt16BE(at + 2) + 65_535 - by) % 65_535, at + 2)
}
