import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { stageScene } from './scene.ts'
import { Truth } from './truth.ts'
import { stageSceneInto, writeScene } from './write.ts'

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

it('gives files the time of the stage and a truth that can be read back', () => {
  const scene = stageScene({ seed: 4 })
  writeScene(join(dir, 'times'), scene)
  expect(statSync(join(dir, 'times/evidence/auth.log')).mtimeMs).toBe(scene.files[0]?.modifiedAt)
  const truth: unknown = JSON.parse(readFileSync(join(dir, 'times/truth.json'), 'utf8'))
  expect(Truth.parse(truth)).toEqual(scene.truth)
})
