import { closeSync, mkdirSync, openSync, utimesSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { playScene, type Scene, type SceneOptions } from './scene.ts'
import type { StagedTruth, Truth } from './truth.ts'

const EVIDENCE_FOLDER = 'evidence'
const TRUTH_FILE = 'truth.json'

/** Writes `DIR/evidence/…`, each file with the time it was last written on the stage, and `DIR/truth.json`. */
export function writeScene(dir: string, scene: Scene): void {
  for (const file of scene.files) {
    const path = join(dir, EVIDENCE_FOLDER, file.path)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, file.bytes)
    setModified(path, file.modifiedAt)
  }
  writeTruth(dir, scene.truth)
}

/** The same without holding the files in memory: for scenes of hundreds of megabytes. */
export function stageSceneInto(dir: string, options: SceneOptions): StagedTruth {
  const handles: number[] = []
  mkdirSync(join(dir, EVIDENCE_FOLDER), { recursive: true })
  try {
    const { truth, modifiedAt } = playScene(options, (path) => {
      const handle = openSync(join(dir, EVIDENCE_FOLDER, path), 'w')
      handles.push(handle)
      return (chunk) => {
        writeWhole(handle, chunk)
      }
    })
    for (const [path, timeMs] of Object.entries(modifiedAt))
      setModified(join(dir, EVIDENCE_FOLDER, path), timeMs)
    writeTruth(dir, truth)
    return truth
  } finally {
    for (const handle of handles) closeSync(handle)
  }
}

/** As it stands in `truth.json`. */
export function truthText(truth: Truth): string {
  return `${JSON.stringify(truth, null, 2)}\n`
}

function writeTruth(dir: string, truth: Truth): void {
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, TRUTH_FILE), truthText(truth))
}

function writeWhole(handle: number, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.length;) at += writeSync(handle, chunk, at)
}

function setModified(path: string, timeMs: number): void {
  utimesSync(path, timeMs / 1000, timeMs / 1000)
}
