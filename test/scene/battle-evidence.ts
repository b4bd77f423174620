import { gzipSync } from 'node:zlib'
import { playBattle } from '../../src/range/battle/battle.ts'
import { type BattleOptions, DEFAULT_BATTLE } from '../../src/range/battle/options.ts'
import type { SceneFile } from '../../src/range/scene.ts'
import type { Truth } from '../../src/range/truth.ts'

/** A battle in memory: what `davylamp range` would write. */
export interface StagedBattle {
  readonly files: readonly SceneFile[]
  readonly truth: Truth
  readonly inventory: string
}

export function stageBattle(options: Partial<BattleOptions>): StagedBattle {
  const chunks = new Map<string, Uint8Array[]>()
  const { truth, inventory } = playBattle({ ...DEFAULT_BATTLE, ...options }, (path) => {
    const own: Uint8Array[] = []
    chunks.set(path, own)
    return (chunk) => {
      own.push(chunk)
    }
  })
  const endOf = new Map((truth.evidence ?? []).map(({ path, to }) => [path, Date.parse(to)]))
  const files = Array.from(chunks, ([path, own]) => {
    const bytes = Buffer.concat(own)
    const stored = path.endsWith('.gz') ? gzipSync(bytes) : bytes
    return { path, bytes: stored, modifiedAt: endOf.get(path) ?? DEFAULT_BATTLE.startMs }
  })
  return { files, truth, inventory }
}
