import { gunzipSync, gzipSync } from 'node:zlib'
import { Random } from '../../src/range/random.ts'
import type { SceneFile } from '../../src/range/scene.ts'
import { concatBytes } from '../../src/wire/encode/index.ts'
import { isCapture, PCAP_HEADER_BYTES, packetStarts } from './variations.ts'

/** Evidence of which a part is lost, by the same dice for the same seed. */

const NEWLINE = 0x0a

/** Each log without this share of its lines, as a forwarder that drops under load leaves it; documents of one piece stay. */
export function loseLines(files: readonly SceneFile[], share: number, seed: string): SceneFile[] {
  return files.map((file) => {
    if (isCapture(file.bytes)) return file
    const random = new Random(`${seed} ${file.path}`)
    if (!file.path.endsWith('.gz')) return { ...file, bytes: thinned(file, file.bytes, random, share) }
    return { ...file, bytes: gzipSync(thinned(file, gunzipSync(file.bytes), random, share)) }
  })
}

/** Each capture without this share of its packets, as a recorder that cannot keep up leaves it. */
export function losePackets(files: readonly SceneFile[], share: number, seed: string): SceneFile[] {
  return files.map((file) => {
    if (!isCapture(file.bytes)) return file
    const random = new Random(`${seed} ${file.path}`)
    const starts = packetStarts(file.bytes)
    const packets = starts.map((start, i) => file.bytes.subarray(start, starts[i + 1]))
    const kept = packets.filter(() => !random.chance(share))
    return { ...file, bytes: concatBytes(file.bytes.subarray(0, PCAP_HEADER_BYTES), ...kept) }
  })
}

/** Each file cut off where it stands, in the middle of whatever is there. */
export function truncate(files: readonly SceneFile[], share: number): SceneFile[] {
  return files.map((file) => ({
    ...file,
    bytes: file.bytes.subarray(0, Math.ceil(file.bytes.length * share)),
  }))
}

function thinned(file: SceneFile, bytes: Uint8Array, random: Random, share: number): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  if (isCloudTrail(text)) return Buffer.from(withFewerRecords(text, random, share), 'latin1')
  if (isOneDocument(file.path, text)) return bytes
  const lines = text.split(String.fromCodePoint(NEWLINE))
  // The first line of tables is their header, without which nothing in them can be read.
  const kept = lines.filter((line, i) => i === 0 || line === '' || !random.chance(share))
  return Buffer.from(kept.join('\n'), 'latin1')
}

function isCloudTrail(text: string): boolean {
  return text.startsWith('{"Records":')
}

function withFewerRecords(text: string, random: Random, share: number): string {
  const { Records: records } = JSON.parse(text) as { Records: unknown[] }
  return JSON.stringify({ Records: records.filter(() => !random.chance(share)) })
}

function isOneDocument(path: string, text: string): boolean {
  return /\/(?:sadf|prometheus)-/u.test(path) && text.startsWith('{')
}
