import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVIDENCE_KINDS } from '../../src/range/battle/options.ts'
import type { SceneFile } from '../../src/range/scene.ts'
import type { Truth } from '../../src/range/truth.ts'
import { SqliteCase } from '../../src/store/sqlite/sqlite-case.ts'
import type { Investigation } from '../../src/story/document.ts'
import { davylamp } from '../cli/run.ts'
import { investigate } from '../detection/evidence/investigate.ts'
import { stageBattle } from './battle-evidence.ts'
import { LAYOUTS } from './battle-layouts.ts'
import { losePackets, loseLines, truncate } from './battle-losses.ts'
import { gistOf, type Rightness, rightnessOf } from './battle-story.ts'
import { writeEvidence } from './files.ts'

/** Two machines, one of which gangs fight over; small enough to be read thirty times. */
const BATTLE = { seed: 9, hours: 3, machines: 2, gangs: 3, pack: 'first' } as const
const LOST = 0.2
const RIGHT_SHARE = 0.9
/** What coverage says is missing where nobody wrote a kind of evidence down. */
const MISSED: Readonly<Record<string, string>> = { capture: 'network', sshd: 'login', auditd: 'process' }
/** Kinds that tell the same: both have to be gone before something is missing. */
const DOUBLES: Readonly<Record<string, readonly string[]>> = {
  capture: ['vpc-flow'],
  sshd: ['journald'],
  auditd: ['shell-history'],
}

const battle = stageBattle(BATTLE)
let whole: Investigation

async function read(files: readonly SceneFile[], inventory: string): Promise<Investigation> {
  const evidence = files.map(({ path, bytes, modifiedAt }) => ({ path, content: bytes, modifiedAt }))
  return (await investigate(evidence, { inventory })).story
}

/** What is claimed is right, and nobody is accused on a machine that nobody entered. */
function expectRight(stories: readonly { story: Investigation; truth?: Truth }[]): void {
  const judged = stories.map(({ story, truth = battle.truth }) => rightnessOf(story, truth))
  const sum = (of: (one: Rightness) => number): number => judged.reduce((total, one) => total + of(one), 0)
  expect(sum(({ falseIncidents }) => falseIncidents)).toBe(0)
  expect(sum(({ right }) => right)).toBeGreaterThanOrEqual(RIGHT_SHARE * sum(({ claims }) => claims))
}

beforeAll(async () => {
  whole = await read(battle.files, battle.inventory)
})

describe('the evidence of a battle', () => {
  it('is told as it was', () => {
    expectRight([{ story: whole }])
    expect(whole.incidents.flatMap(({ changes }) => changes).length).toBeGreaterThan(0)
  })

  it.each(Object.entries(LAYOUTS))('tells the same story: %s', async (_title, layOut) => {
    const story = await read(await layOut(battle.files), battle.inventory)
    expect(gistOf(story)).toEqual(gistOf(whole))
  })
})

describe('what is left of it', () => {
  it.each([
    ['a fifth of all lines lost', loseLines(battle.files, LOST, 'lines')],
    ['a fifth of all packets lost', losePackets(battle.files, LOST, 'packets')],
  ])('tells nothing wrong: %s', async (_title, files) => {
    expectRight([{ story: await read(files, battle.inventory) }])
  })

  it('is read where every file is cut in the middle', async () => {
    const story = await read(truncate(battle.files, 0.5), battle.inventory)
    expect(rightnessOf(story, battle.truth).falseIncidents).toBe(0)
    expect(story.incidents.length).toBeGreaterThan(0)
  })

  it('tells nothing wrong without any one kind of evidence', async () => {
    const stories = []
    for (const kind of EVIDENCE_KINDS) {
      const { files, truth, inventory } = stageBattle({ ...BATTLE, without: [kind] })
      stories.push({ story: await read(files, inventory), truth })
    }
    expectRight(stories)
  }, 180_000)

  it.each(Object.entries(MISSED))('says what is missing without %s: %s', async (kind, missed) => {
    const { files, inventory } = stageBattle({ ...BATTLE, without: [kind, ...(DOUBLES[kind] ?? [])] })
    const { coverage } = await read(files, inventory)
    const missing = coverage.filter((entry) => entry.kind === missed && entry.from === null)
    expect(missing.map(({ note }) => note)).toContainEqual(expect.stringContaining('not in evidence'))
  })
})

describe('the case of a battle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'davylamp-battle-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('does not grow when it is read twice', async () => {
    const evidence = writeEvidence(join(folder, 'evidence'), battle.files)
    writeFileSync(join(folder, 'inventory.yaml'), battle.inventory)
    const args = [evidence, '--inventory', join(folder, 'inventory.yaml'), '--case', join(folder, 'case')]
    const sizes: unknown[] = []
    for (let run = 0; run < 2; run++) {
      const { exitCode } = await davylamp(['investigate', ...args, '--format', 'json'])
      expect(exitCode).toBe(10)
      const store = new SqliteCase(join(folder, 'case', 'case.sqlite'))
      sizes.push(await store.size())
      await store.close()
    }
    expect(sizes[1]).toEqual(sizes[0])
  })
})
