import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { awsCli, awsWords } from '../../../src/plan/emitters/aws-cli.ts'
import { fileOf, planned, text, texts } from './hostile.ts'

const folder = mkdtempSync(join(tmpdir(), 'davylamp-emitters-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const callFor = (name: string) => ({
  service: 'iam',
  operation: 'put-role-policy',
  region: null,
  input: { RoleName: name, PolicyNames: [name, 'b'], Nested: { Name: name } },
})

describe('aws-cli', () => {
  it('gives the shell exactly the words that were meant', () => {
    fc.assert(
      fc.property(texts, (names) => {
        const { files } = awsCli.emit(
          names.map((name) => planned(name, { aws: { apply: [callFor(name)], revert: [] } })),
          [],
        )
        const script = fileOf(files, 'apply.sh')
        const run = spawnSync(
          'sh',
          [
            '-c',
            `aws() { for word in aws "$@"; do printf '%s\\0' "$word"; done; printf '\\n\\0'; }\n${script}`,
          ],
          { encoding: 'utf8', cwd: folder },
        )
        expect(run.stderr).toBe('')
        const expected = names
          .map((name) => `${(awsWords(callFor(name)) ?? []).map((word) => `${word}\0`).join('')}\n\0`)
          .join('')
        expect(run.stdout).toBe(expected)
        expect(spawnSync('sh', ['-n'], { input: script }).status).toBe(0)
        // Only whole lines: comments, commands, nothing between.
        for (const line of script.split('\n').slice(3)) expect(line).toMatch(/^(?:|#.*|aws .*)$/u)
      }),
      { seed: 21, numRuns: 15 },
    )
  })

  it('lets no value become an option, a file or a web address to aws', () => {
    fc.assert(
      fc.property(text, (name) => {
        const words = awsWords(callFor(name)) ?? []
        const at = words.indexOf('--cli-input-json')
        if (at >= 0) {
          expect(JSON.parse(words[at + 1] ?? '')).toEqual(JSON.parse(JSON.stringify(callFor(name).input)))
          expect(words).toHaveLength(at + 2)
          return
        }
        expect(words.slice(3).filter((word) => word.startsWith('-'))).toEqual([
          '--role-name',
          '--policy-names',
          '--nested',
        ])
        expect(words.some((word) => /^[a-z]+:\/\//u.test(word))).toBe(false)
      }),
      { seed: 22, numRuns: 300 },
    )
  })

  it.each(['eu-central-1; id', '$(id)', 'EU', ''])('refuses the region %j and says so', (region) => {
    const change = planned('x', { aws: { apply: [{ ...callFor('a'), region }], revert: [] } })
    const { files, refused } = awsCli.emit([change], [])
    expect(files).toEqual([])
    expect(refused).toHaveLength(1)
  })
})
