import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { hclString } from '../../../src/plan/emitters/hcl.ts'
import { terraform } from '../../../src/plan/emitters/terraform.ts'
import { HOSTILE, fileOf, has, planned, text } from './hostile.ts'

const folder = mkdtempSync(join(tmpdir(), 'davylamp-emitters-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Decodes a quoted template by the rules of HCL's native syntax; throws where something would be evaluated. */
function decode(literal: string): string {
  expect(literal.startsWith('"') && literal.endsWith('"')).toBe(true)
  const body = literal.slice(1, -1)
  let out = ''
  for (let i = 0; i < body.length; i += 1) {
    const char = body[i] ?? ''
    const pair = body.slice(i, i + 3)
    if (pair === '$${' || pair === '%%{') {
      out += pair.slice(1)
      i += 2
    } else if (char === '\\') {
      const next = body[i + 1] ?? ''
      const size = next === 'u' ? 4 : next === 'U' ? 8 : 0
      if (size > 0) out += String.fromCodePoint(Number.parseInt(body.slice(i + 2, i + 2 + size), 16))
      else out += { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }[next] ?? ''
      i += 1 + size
    } else {
      if (char === '"' || char === '\n' || ((char === '$' || char === '%') && body[i + 1] === '{'))
        throw new Error(`not escaped: ${body}`)
      out += char
    }
  }
  return out
}

const partsOf = (names: readonly string[]) =>
  names.map((name) =>
    planned(name, {
      terraform: [
        {
          mode: 'resource',
          type: 'aws_iam_role_policy',
          name,
          importId: name,
          attributes: { name, list: [name, 'x'], tags: { map: { [name]: name } } },
          previous: { name },
          blocks: [{ type: 'inner', attributes: { name } }],
        },
      ],
    }),
  )

const bones = (file: string): string =>
  file
    .replaceAll(/^#.*$/gmu, '#')
    .replaceAll(/"(?:[^"\\]|\\.)*"/gu, '""')
    .replaceAll(/^ {2}to = .*$/gmu, '  to =')

describe('terraform', () => {
  it('writes every string so that it comes back, and nothing in it is evaluated', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(decode(hclString(value))).toBe(value.toWellFormed())
        expect(hclString(value)).toMatch(/^[\x20-\x7e]*$/u)
      }),
      { seed: 23, numRuns: 500 },
    )
  })

  it('has the same bones whatever is in it', () => {
    fc.assert(
      fc.property(text, (name) => {
        const hostile = fileOf(terraform.emit(partsOf([name]), []).files, 'davylamp.tf')
        const plain = fileOf(terraform.emit(partsOf(['plain']), []).files, 'davylamp.tf')
        expect(bones(hostile)).toBe(bones(plain))
      }),
      { seed: 24, numRuns: 300 },
    )
  })

  const isThere = has('terraform', 'version')
  it.skipIf(!isThere)('is read by terraform itself (skipped where there is none)', () => {
    const rc = join(folder, 'terraformrc')
    writeFileSync(rc, '')
    const env = { ...process.env, TF_CLI_CONFIG_FILE: rc, CHECKPOINT_DISABLE: '1' }
    const { files } = terraform.emit(partsOf(HOSTILE), [])
    for (const { text: body } of files) {
      const run = spawnSync('terraform', ['fmt', '-no-color', '-'], { input: body, encoding: 'utf8', env })
      expect(run.stderr).toBe('')
      expect(run.status).toBe(0)
    }
    const values = HOSTILE.map((value) => value.toWellFormed())
    const console_ = spawnSync('terraform', ['console'], {
      input: `jsonencode([${values.map(hclString).join(', ')}])\n`,
      encoding: 'utf8',
      cwd: folder,
      env,
    })
    const shown = console_.stdout.trim().split('\n').at(-1) ?? ''
    expect(JSON.parse(JSON.parse(shown) as string)).toEqual(values.map((value) => value.normalize('NFC')))
  })
})
