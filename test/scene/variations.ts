import { gzipSync, zstdCompressSync } from 'node:zlib'
import { makeTar } from '../../src/inputs/samples/make-tar.ts'
import { Random } from '../../src/range/random.ts'
import type { SceneFile } from '../../src/range/scene.ts'
import { concatBytes } from '../../src/wire/encode/index.ts'
import { makeZip } from '../../src/inputs/samples/make-zip.ts'

/** The same evidence, laid out otherwise: the story it tells must not change. */
export type Variation = (files: readonly SceneFile[]) => Promise<SceneFile[]> | SceneFile[]

const PCAP_MAGIC = 0xa1b2c3d4
export const PCAP_HEADER_BYTES = 24
const PCAP_RECORD_BYTES = 16
const NEWLINE = 0x0a
const PARTS = 3

/** By title, for `it.each(Object.entries(variations))`. */
export const variations: Readonly<Record<string, Variation>> = {
  'names shuffled': (files) => shuffleNames(files, 'shuffle'),
  'logs split at line ends': (files) => splitLogs(files, PARTS),
  'capture split between packets': (files) => splitCaptures(files, PARTS),
  'every file given twice': doubled,
  'gzip each': (files) => files.map((file) => renamed(file, '.gz', gzipSync(file.bytes))),
  'zstd each': (files) => files.map((file) => renamed(file, '.zst', zstdCompressSync(file.bytes))),
  'one tar': (files) => [archive('evidence.tar', files, tarOf(files))],
  'one tar.gz': (files) => [archive('evidence.tar.gz', files, gzipSync(tarOf(files)))],
  'one tar.zst': (files) => [archive('evidence.tar.zst', files, zstdCompressSync(tarOf(files)))],
  'one zip': (files) => [
    archive('evidence.zip', files, makeZip(files.map(({ path, bytes }) => ({ path, content: bytes })))),
  ],
}

/** Other names in another order, which tell nothing of what is inside. */
export function shuffleNames(files: readonly SceneFile[], seed: string): SceneFile[] {
  const random = new Random(seed)
  return files
    .map((file) => ({ ...file, path: `${random.hex(10)}.dat` }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** Each text file in so many pieces, cut at line ends; an event of several lines may be torn. */
export function splitLogs(files: readonly SceneFile[], parts: number): SceneFile[] {
  return files.flatMap((file) => {
    if (isCapture(file.bytes)) return [file]
    const cuts = cutsNear(file.bytes.length, parts, (at) => file.bytes.indexOf(NEWLINE, at) + 1)
    return piecesOf(file, cuts).map((bytes, i) => renamed(file, `.${i + 1}`, bytes))
  })
}

/** Each classic capture in so many captures. */
export function splitCaptures(files: readonly SceneFile[], parts: number): SceneFile[] {
  return files.flatMap((file) => {
    if (!isCapture(file.bytes)) return [file]
    const header = file.bytes.subarray(0, PCAP_HEADER_BYTES)
    const starts = packetStarts(file.bytes)
    const cuts = cutsNear(file.bytes.length, parts, (at) => starts.find((start) => start >= at) ?? 0)
    return piecesOf(file, cuts).map((piece, i) =>
      renamed(file, String(i), i === 0 ? piece : concatBytes(header, piece)),
    )
  })
}

export function doubled(files: readonly SceneFile[]): SceneFile[] {
  return files.flatMap((file) => [file, { ...file, path: `copy/${file.path}` }])
}

function tarOf(files: readonly SceneFile[]): Uint8Array {
  return makeTar(
    files.map(({ path, bytes, modifiedAt }) => ({
      path,
      content: bytes,
      mtime: Math.floor(modifiedAt / 1000),
    })),
  )
}

export function isCapture(bytes: Uint8Array): boolean {
  if (bytes.length < PCAP_HEADER_BYTES) return false
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === PCAP_MAGIC
}

export function packetStarts(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const starts: number[] = []
  for (let at = PCAP_HEADER_BYTES; at < bytes.length;) {
    starts.push(at)
    at += PCAP_RECORD_BYTES + view.getUint32(at + 8, true)
  }
  return starts
}

/** Cuts near equal shares; `boundary` gives the next allowed place at or after one (0 = none). */
function cutsNear(length: number, parts: number, boundary: (at: number) => number): number[] {
  const shares = Array.from({ length: parts - 1 }, (_, i) => Math.floor(((i + 1) * length) / parts))
  return [...new Set(shares.map((at) => boundary(at)).filter((at) => at > 0 && at < length))]
}

function piecesOf(file: SceneFile, cuts: readonly number[]): Uint8Array[] {
  const edges = [0, ...cuts, file.bytes.length]
  return edges.slice(1).map((end, i) => file.bytes.subarray(edges[i] ?? 0, end))
}

function renamed(file: SceneFile, suffix: string, bytes: Uint8Array): SceneFile {
  return { ...file, path: `${file.path}${suffix}`, bytes }
}

function archive(path: string, files: readonly SceneFile[], bytes: Uint8Array): SceneFile {
  return { path, bytes, modifiedAt: Math.max(...files.map((file) => file.modifiedAt)) }
}
