import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SceneFile } from '../../src/range/scene.ts'

/** Everything below an evidence folder, with the times it was last written. */
export function readEvidence(dir: string): SceneFile[] {
  const found: SceneFile[] = []
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const full = join(entry.parentPath, entry.name)
    const path = full.slice(dir.length + 1)
    found.push({ path, bytes: readFileSync(full), modifiedAt: statSync(full).mtimeMs })
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** Writes files below `dir` and gives it back. */
export function writeEvidence(dir: string, files: readonly SceneFile[]): string {
  for (const file of files) {
    const path = join(dir, file.path)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, file.bytes)
    utimesSync(path, file.modifiedAt / 1000, file.modifiedAt / 1000)
  }
  return dir
}
