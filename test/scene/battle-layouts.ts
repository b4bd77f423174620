import { gzipSync, zstdCompressSync } from 'node:zlib'
import { Random } from '../../src/range/random.ts'
import type { SceneFile } from '../../src/range/scene.ts'
import { doubled, isCapture, splitCaptures, splitLogs, type Variation, variations } from './variations.ts'

const PARTS = 3

/**
 * The evidence of a battle, laid out otherwise. Folders stay, since some files name their machine in no other way; so do
 * names of compressed files and of documents that are one piece.
 */
export const LAYOUTS: Readonly<Record<string, Variation>> = {
  'folders in another order': foldersRenamed,
  'logs split at line ends': (files) =>
    files.flatMap((file) => (isLog(file) ? splitLogs([file], PARTS) : [file])),
  'captures split between packets': (files) => splitCaptures(files, PARTS),
  'every file given twice': doubled,
  'gzip each': (files) => eachPlain(files, '.gz', (bytes) => gzipSync(bytes)),
  'zstd each': (files) => eachPlain(files, '.zst', (bytes) => zstdCompressSync(bytes)),
  'one tar.gz': (files) => variations['one tar.gz']?.(files) ?? [],
}

/** Every machine's folder under a name that says nothing and sorts otherwise. */
function foldersRenamed(files: readonly SceneFile[]): SceneFile[] {
  const random = new Random('folders')
  const names = new Map<string, string>()
  return files
    .map((file) => {
      const [folder = '', ...rest] = file.path.split('/')
      const name = names.get(folder) ?? random.hex(8)
      names.set(folder, name)
      return { ...file, path: [name, ...rest].join('/') }
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function isLog(file: SceneFile): boolean {
  return !isCapture(file.bytes) && /(?:\.log|journal\.json)(?:\.\d+)?$/u.test(file.path)
}

function eachPlain(
  files: readonly SceneFile[],
  suffix: string,
  pack: (bytes: Uint8Array) => Uint8Array,
): SceneFile[] {
  return files.map((file) =>
    file.path.endsWith('.gz') ? file : { ...file, path: `${file.path}${suffix}`, bytes: pack(file.bytes) },
  )
}
