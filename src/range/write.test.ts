import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { stageScene } from './scene.ts'
import { Truth } from './truth.ts'
import { DEFAULT_BATTLE } from './battle/options.ts'
import { stageBattleInto, stageSceneInto, writeScene } from './write.ts'

const dir = mkdtempSync(join(tmpdir(), 'davylamp-range-'))
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
})

it('writes the same whether the scene was held in memory or streamed', () => {
  const scene = stageScene({ seed: 4 })
  writeScene(join(dir, 'held'), scene)
  stageSceneInto(join(dir, 'streamed'), { seed: 4 })
  for (const path of ['truth.json', ...scene.files.map((file) => `evidence/${file.path}`)]) {
    const held = readFileSync(join(dir, 'held', path))
    expect(held.length, path).toBeGreaterThan(100)
    expect(held.equals(readFileSync(join(dir, 'streamed', path))), path).toBe(true)
  }
})

it('writes a battle with its truth and its inventory, old logs compressed', () => {
  const out = join(dir, 'battle')
  const options = { ...DEFAULT_BATTLE, hours: 60, machines: 1, gangs: 1, noise: 0 }
  const truth = stageBattleInto(out, options)
  expect(JSON.parse(readFileSync(join(out, 'truth.json'), 'utf8'))).toEqual(truth)
  expect(readFileSync(join(out, 'inventory.yaml'), 'utf8')).toContain(`- name: ${truth.machines[0]?.name}`)
  const old = truth.evidence?.find(({ path }) => path.endsWith('auth.log.2.gz'))
  const path = join(out, 'evidence', old?.path ?? '')
  expect(gunzipSync(readFileSync(path)).toString('latin1')).toMatch(/^May 12 .*\n$/su)
  expect(statSync(path).mtimeMs).toBe(Math.floor(Date.parse(old?.to ?? '')))
})

it('gives files the time of the stage and a truth that can be read back', () => {
  const scene = stageScene({ seed: 4 })
  writeScene(join(dir, 'times'), scene)
  expect(statSync(join(dir, 'times/evidence/auth.log')).mtimeMs).toBe(scene.files[0]?.modifiedAt)
  const truth: unknown = JSON.parse(readFileSync(join(dir, 'times/truth.json'), 'utf8'))
  expect(Truth.parse(truth)).toEqual(scene.truth)
})
