import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Score } from '../../src/score/document.ts'
import { davylamp, evidence, example, inventory, workFolder } from './run.ts'

const folder = workFolder()
const truth = join(example, 'truth.json')
const handMade = join(folder, 'truth.json')

function writeTruth(machine: object): void {
  const machines = [{ name: 'WEB-1.corp.example', addresses: ['10.0.3.17'], ...machine }]
  writeFileSync(handMade, JSON.stringify({ schema: 'https://davylamp.dev/schemas/truth/v1', machines }))
}

async function investigated(): Promise<string> {
  const args = ['investigate', evidence, '--inventory', inventory, '--no-case', '--format', 'json']
  return (await davylamp(args)).stdout
}

describe('range score', () => {
  it('finds the example told as it was', async () => {
    const { stdout, stderr, exitCode } = await davylamp(['range', 'score', '-', truth, '--format', 'json'], {
      stdin: await investigated(),
    })
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    const score = Score.parse(JSON.parse(stdout))
    expect(score).toMatchObject({ handsF1: null, occupantPurity: 1, wayIn: 1, falseIncidents: 0 })
    expect(score.tenureIoU).toBeGreaterThan(0.9)
    expect(score.costError).toBeLessThan(0.1)
  })

  it('takes truth made by hand, by any name of the machine', async () => {
    const got = join(folder, 'got.json')
    writeFileSync(got, await investigated())
    const { tenures } = JSON.parse(readFileSync(truth, 'utf8')).machines[0]
    writeTruth({ tenures })
    const right = await davylamp(['range', 'score', got, handMade])
    expect(right.stdout).toMatch(/^ {2}tenures +0\.99\d +IoU; 1 true, 1 claimed, 1 matched$/mu)
    writeTruth({})
    const wrong = await davylamp(['range', 'score', got, handMade])
    expect(wrong.stdout).toMatch(/^ {2}false incidents +1 /mu)
    expect(wrong.stdout).toMatch(/^ {2}WEB-1\.corp\.example {2}1 false incident · tenures 0\.000$/mu)
  })

  it('says that a folder is none of its files', async () => {
    const { stderr, exitCode } = await davylamp(['range', 'score', folder, truth])
    expect(stderr).toContain(`cannot read ${folder}: it is a folder`)
    expect(exitCode).toBeGreaterThan(0)
  })

  it.each<[string, object, RegExp]>([
    [
      'a time that is none',
      { tenures: [{ occupant: 'a', start: 'noon', end: '2026-05-12T03:09:55Z' }] },
      /truth\.json: machines\[0\]\.tenures\[0\]\.start: not an RFC 3339 time/u,
    ],
    [
      'a number for a name',
      { wayIn: { kind: 7, time: '2026-05-12T03:09:55Z' } },
      /machines\[0\]\.wayIn\.kind: .*expected string/u,
    ],
  ])('says where the truth is wrong: %s', async (_, machine, message) => {
    writeTruth(machine)
    const got = join(folder, 'empty.json')
    writeFileSync(got, '{"schema":"https://davylamp.dev/schemas/investigation/v1","incidents":[]}')
    const { stdout, stderr, exitCode } = await davylamp(['range', 'score', got, handMade])
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(message)
  })

  it.each([
    ['a file that is not there', [join(folder, 'none.json'), truth], /cannot read .*none\.json: /u],
    ['no JSON', [join(evidence, 'notes.txt'), truth], /notes\.txt: no JSON/u],
    [
      'the two the wrong way round',
      [truth, truth],
      /schema: [^]*investigation\/v1[^]*GOT\.json TRUTH\.json/u,
    ],
  ])('ends with 2: %s', async (_, files, message) => {
    const { stderr, exitCode } = await davylamp(['range', 'score', ...files])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(message)
  })
})
