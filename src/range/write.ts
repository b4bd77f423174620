import { appendFileSync, closeSync, mkdirSync, openSync, utimesSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { playBattle } from './battle/battle.ts'
import type { BattleOptions } from './battle/options.ts'
import type { ByteSink } from './evidence/evidence-file.ts'
import { playScene, type Scene, type SceneOptions } from './scene.ts'
import type { StagedTruth, Truth } from './truth.ts'

const EVIDENCE_FOLDER = 'evidence'
const TRUTH_FILE = 'truth.json'
const INVENTORY_FILE = 'inventory.yaml'

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

/** A battle, straight to disk; beside its truth stands `inventory.yaml`, what the owner knows. */
export function stageBattleInto(dir: string, options: BattleOptions): Truth {
  const folder = join(dir, EVIDENCE_FOLDER)
  mkdirSync(folder, { recursive: true })
  const { truth, inventory } = playBattle(options, (path) => sinkAt(join(folder, path)))
  for (const { path, to } of truth.evidence ?? []) setModified(join(folder, path), Date.parse(to))
  writeFileSync(join(dir, INVENTORY_FILE), inventory)
  writeTruth(dir, truth)
  return truth
}

/**
 * Opens a file for each chunk: a large battle writes more of them than a process may hold open. What is named
 * `.gz` becomes one gzip member for each chunk, which together are a gzip file (RFC 1952 §2.2).
 */
function sinkAt(path: string): ByteSink {
  mkdirSync(dirname(path), { recursive: true })
  const isCompressed = path.endsWith('.gz')
  writeFileSync(path, isCompressed ? gzipSync('') : '')
  return (chunk) => {
    appendFileSync(path, isCompressed ? gzipSync(chunk) : chunk)
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
