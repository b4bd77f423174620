import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { type Scene, stageScene } from '../../src/range/scene.ts'
import { Truth } from '../../src/range/truth.ts'
import { SqliteCase } from '../../src/store/sqlite/sqlite-case.ts'
import { Investigation } from '../../src/story/document.ts'
import { parseTime } from '../../src/text/time.ts'
import { readEvidence, writeEvidence } from './files.ts'
import { variations } from './variations.ts'

const root = resolve(import.meta.dirname, '..', '..')
const example = join(root, 'examples', 'one-gang')
const inventory = join(example, 'inventory.yaml')
const temporary = mkdtempSync(join(tmpdir(), 'davylamp-scene-'))
afterAll(() => rmSync(temporary, { recursive: true, force: true }))

interface Run {
  readonly story: Investigation
  readonly exitCode: number
  readonly stderr: string
}

async function investigate(paths: readonly string[], ...options: readonly string[]): Promise<Run> {
  const args = [join(root, 'bin', 'davylamp.mjs'), 'investigate', ...paths, '--format', 'json', ...options]
  const run = await promisify(execFile)(process.execPath, args, { cwd: temporary, maxBuffer: 1 << 28 }).then(
    (done) => ({ ...done, code: 0 }),
    (failed: { stdout: string; stderr: string; code: number }) => failed,
  )
  return { story: Investigation.parse(JSON.parse(run.stdout)), exitCode: run.code, stderr: run.stderr }
}

/** The story without where its proofs lie: what must be the same however the evidence is laid out. */
function gist(story: Investigation): unknown {
  return {
    incidents: story.incidents.map((incident) => ({
      ...incident,
      aliases: [],
      wayIn:
        incident.wayIn === null
          ? null
          : { ...incident.wayIn, evidence: incident.wayIn.evidence.map((proof) => proof.raw) },
      occupants: incident.occupants.map((one) => ({
        ...one,
        wayIn: one.wayIn?.time ?? null,
        artefacts: one.artefacts.map(({ type, value }) => ({ type, value })),
      })),
      reach: incident.reach.map(({ what, kind }) => ({ what, kind })),
      changes: incident.changes.map((one) => ({ ...one, evidence: one.evidence.map((proof) => proof.raw) })),
      tenures: incident.tenures.map((one) => ({ ...one, evidence: one.evidence.map((proof) => proof.raw) })),
      findings: incident.findings.map((one) => ({
        ...one,
        evidence: one.evidence.map((proof) => proof.raw),
      })),
      summary: incident.summary.map((one) => one.text),
      sentences: incident.sentences.map((one) => [one.time, one.text]),
    })),
    pressure: story.pressure,
    assets: story.assets.map(({ id, names, status, reason }) => ({ id, names, status, reason })),
    coverage: story.coverage,
  }
}

let number = 0
function lay(files: Scene['files']): string {
  return writeEvidence(join(temporary, `evidence-${number++}`), files)
}

const truth = Truth.parse(JSON.parse(readFileSync(join(example, 'truth.json'), 'utf8')))
const shipped = await investigate([join(example, 'evidence')], '--inventory', inventory, '--no-case')

describe('the example', () => {
  it('is one incident on one machine, known by all its names', () => {
    expect(shipped.exitCode).toBe(10)
    expect(shipped.story.incidents).toHaveLength(1)
    expect(shipped.story.incidents[0]?.asset.names).toEqual(expect.arrayContaining(['web-1', '10.0.3.17']))
    expect(shipped.story.incidents[0]).toMatchObject({ severity: 'critical', status: 'ongoing' })
  })

  it('tells way in, foothold, mining and money in this order', () => {
    const { sentences = [] } = shipped.story.incidents[0] ?? {}
    const order = [/password/u, /fetched from/u, /mines Monero/u, /has cost/u].map((what) =>
      sentences.findIndex((one) => what.test(one.text)),
    )
    expect(order).not.toContain(-1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    const times = sentences.map((sentence) => parseTime(sentence.time ?? ''))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  it('has a proof under every sentence of the timeline, and under every finding', () => {
    const [incident] = shipped.story.incidents
    expect(incident?.sentences.filter((one) => one.evidence.length === 0)).toEqual([])
    expect(incident?.findings.filter((one) => one.evidence.length === 0)).toEqual([])
  })

  it('is what truly happened', () => {
    const [incident] = shipped.story.incidents
    const [machine] = truth.machines
    const [tenure] = machine?.tenures ?? []
    expect(incident?.wayIn?.srcIp).toBe(machine?.wayIn?.srcIp)
    expect(incident?.wayIn?.user).toBe(machine?.wayIn?.user)
    expect(
      Math.abs(parseTime(incident?.wayIn?.time ?? '') - parseTime(machine?.wayIn?.time ?? '')),
    ).toBeLessThan(2000)
    expect(
      Math.abs(parseTime(incident?.tenures[0]?.start ?? '') - parseTime(tenure?.start ?? '')),
    ).toBeLessThan(15_000)
    expect(incident?.tenures[0]?.sharesAccepted).toBe(tenure?.mining?.sharesAccepted)
    const { hashrate } = incident?.tenures[0] ?? {}
    const { hashrate: trueHashrate = 0, sharesAccepted: shares = 0 } = tenure?.mining ?? {}
    expect(Math.abs((hashrate ?? 0) - trueHashrate)).toBeLessThan((2 * trueHashrate) / Math.sqrt(shares))
  })

  it('names what it skipped, and leaves the exit code to the findings', () => {
    expect(shipped.story.skipped.map((one) => one.file.split('/').at(-1))).toEqual(['notes.txt'])
    expect(shipped.stderr).toContain('notes.txt: skipped: not a format I know')
  })
})

describe('the same evidence', () => {
  const files = readEvidence(join(example, 'evidence'))

  it.each(Object.entries(variations))('tells the same story: %s', async (_title, vary) => {
    const { story } = await investigate([lay(await vary(files))], '--inventory', inventory, '--no-case')
    expect(gist(story)).toEqual(gist(shipped.story))
  })

  it('tells the same story with its files named one by one, last first', async () => {
    const paths = files.map((file) => join(example, 'evidence', file.path)).toReversed()
    const { story } = await investigate(paths, '--inventory', inventory, '--no-case')
    expect(gist(story)).toEqual(gist(shipped.story))
  })

  it('does not make the case grow when it is read twice', async () => {
    const folder = join(temporary, 'case')
    const sizes: unknown[] = []
    for (let run = 0; run < 2; run++) {
      await investigate([join(example, 'evidence')], '--inventory', inventory, '--case', folder)
      const store = new SqliteCase(join(folder, 'case.sqlite'))
      sizes.push(await store.size())
      await store.close()
    }
    expect(sizes[1]).toEqual(sizes[0])
  })
})

describe('other days on the same machine', () => {
  it.each([2, 5, 8, 21])('the battle of seed %i is told as it was', async (seed) => {
    const scene = stageScene({ seed })
    const { story } = await investigate([lay(scene.files)], '--no-case')
    const [machine] = scene.truth.machines
    expect(story.incidents).toHaveLength(1)
    expect(story.incidents[0]?.wayIn).toMatchObject({
      srcIp: machine?.wayIn?.srcIp,
      user: machine?.wayIn?.user,
    })
    expect(story.incidents[0]?.tenures[0]?.sharesAccepted).toBe(machine?.tenures[0]?.mining?.sharesAccepted)
    expect(story.incidents[0]?.asset.names).toEqual(expect.arrayContaining(['web-1', '10.0.3.17']))
  })

  it.each([1, 3, 13])('a day without intruders is silent (seed %i)', async (seed) => {
    const { story, exitCode } = await investigate([lay(stageScene({ seed, quiet: true }).files)], '--no-case')
    expect(story.incidents).toEqual([])
    expect(exitCode).toBe(0)
  })

  it.each([1, 3, 13])('guessing that fails is pressure, no incident (seed %i)', async (seed) => {
    const { story, exitCode } = await investigate(
      [lay(stageScene({ seed, failedGuessing: true }).files)],
      '--no-case',
    )
    expect(story.incidents).toEqual([])
    expect(story.pressure.length).toBeGreaterThan(0)
    expect(exitCode).toBe(0)
  })
})
