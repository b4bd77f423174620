import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeZip } from '../../src/inputs/samples/make-zip.ts'
import { davylamp, evidence, workFolder } from './run.ts'

const folder = workFolder()
const launcher = resolve(import.meta.dirname, '..', '..', 'bin', 'davylamp.mjs')

describe('exit code', () => {
  it('is 0 where everything can be read and is left out', async () => {
    const office = join(folder, 'notes.docx')
    writeFileSync(
      office,
      makeZip([
        { path: '[Content_Types].xml', content: '<Types/>' },
        { path: '_rels/.rels', content: '<Relationships/>' },
        { path: 'word/document.xml', content: 'x' },
      ]),
    )
    const run = await davylamp(['investigate', office, '--no-case'])
    expect(run.exitCode).toBe(0)
    expect(run.stderr).toContain('an Office document')
  })

  it('is 1 where nothing that was given is there', async () => {
    const run = await davylamp(['investigate', join(folder, 'missing.log'), '--no-case'])
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toMatch(/^davylamp: cannot read /u)
  })

  it.skipIf(!existsSync('/dev/full'))('is 1, with one line, where the output cannot be written', async () => {
    const command = `${process.execPath} ${launcher} events ${evidence} > /dev/full`
    const run = await new Promise<{ code: unknown; stderr: string }>((done) => {
      execFile('sh', ['-c', command], (error, _stdout, stderr) => done({ code: error?.code, stderr }))
    })
    expect(run.code).toBe(1)
    expect(run.stderr.trimEnd().split('\n').at(-1)).toMatch(/^davylamp: cannot write the output: /u)
    expect(run.stderr).not.toContain('    at ')
  })
})
