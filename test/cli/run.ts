import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..')
const launcher = join(root, 'bin', 'davylamp.mjs')

export const example = join(root, 'examples', 'one-gang')
export const evidence = join(example, 'evidence')
export const inventory = join(example, 'inventory.yaml')

export interface Run {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
}

/** A folder of its own for the tests of one file, taken away afterwards. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'davylamp-cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The real command, as somebody starts it; never rejects for an exit code. */
export function davylamp(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [launcher, ...args],
      {
        cwd: options.cwd ?? tmpdir(),
        env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...options.env },
        maxBuffer: 1 << 28,
      },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        done({ stdout, stderr, exitCode })
      },
    )
    child.stdin?.end(options.stdin ?? '')
  })
}
