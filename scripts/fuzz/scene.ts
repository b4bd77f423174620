import { stageScene } from '../../src/range/scene.ts'

let files: ReadonlyMap<string, Uint8Array> | null = null

/** A file of the range's scene: `eth0.pcap`, `auth.log`, `audit.log`. Staged once. */
export function sceneFile(path: string): Uint8Array {
  files ??= new Map(stageScene({ seed: 21 }).files.map((file) => [file.path, file.bytes]))
  return files.get(path) ?? new Uint8Array(0)
}

/** Whole lines, from line `from` (zero-based) on. */
export function someLines(path: string, from: number, count: number): Uint8Array {
  const lines = Buffer.from(sceneFile(path)).toString('utf8').split('\n')
  return Buffer.from(`${lines.slice(from, from + count).join('\n')}\n`)
}
