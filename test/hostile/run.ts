import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { Investigation } from '../../src/story/document.ts'

const root = resolve(import.meta.dirname, '..', '..')
export const LAUNCHER: string = join(root, 'bin', 'davylamp.mjs')
const MIB = 2 ** 20

/** What the command may take of memory on hostile input; measured it takes 100 to 300 MB. */
export const MAX_RSS_BYTES: number = 450 * MIB

export interface Run {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** The most memory it had, in bytes. */
  readonly maxRssBytes: number
}

export interface RunOptions {
  /** Goes to standard input. */
  readonly stdin?: string | Uint8Array | Readable
  /** Called as soon as the command writes to standard error. */
  readonly onStderr?: () => void
}

/** Runs the command as its users do, in a process of its own. */
export async function davylamp(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const folder = temporaryFolder()
  const memory = join(folder, 'memory')
  const child = spawn(process.execPath, ['--import', memoryHook(memory), LAUNCHER, ...args], { cwd: folder })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  child.stderr.once('data', () => options.onStderr?.())
  // It need not read what it is given.
  child.stdin.on('error', () => {})
  feed(child.stdin, options.stdin)
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return {
    exitCode,
    stdout: Buffer.concat(stdout).toString('utf8'),
    stderr: Buffer.concat(stderr).toString('utf8'),
    maxRssBytes: existsSync(memory) ? Number(readFileSync(memory, 'utf8')) : Number.NaN,
  }
}

export interface Told extends Run {
  readonly story: Investigation
  /** `name: reason` and `name: problem`, the names without the folder of the evidence. */
  readonly skipped: readonly string[]
  readonly problems: readonly string[]
}

/** `davylamp investigate … --format json`, its output checked against the contract. */
export async function investigate(paths: readonly string[], options: RunOptions = {}): Promise<Told> {
  const run = await davylamp(['investigate', ...paths, '--format', 'json', '--no-case'], options)
  if (run.stdout === '') throw new Error(`no output, exit code ${run.exitCode}: ${run.stderr}`)
  const story = Investigation.parse(JSON.parse(run.stdout))
  const prefix = `${paths[0] ?? ''}/`
  const short = (file: string): string => (file.startsWith(prefix) ? file.slice(prefix.length) : file)
  return {
    ...run,
    story,
    skipped: story.skipped.map(({ file, reason }) => `${short(file)}: ${reason}`),
    problems: story.inputs.flatMap(({ file, problems }) => problems.map((text) => `${short(file)}: ${text}`)),
  }
}

/** A folder of its own for the test that asks, with these files in it. */
export function evidence(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'davylamp-hostile-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

function feed(stdin: NodeJS.WritableStream, content: RunOptions['stdin']): void {
  if (content === undefined) stdin.end()
  else if (typeof content === 'string' || content instanceof Uint8Array) stdin.end(content)
  else content.pipe(stdin)
}

/**
 * Leaves the peak of the process's memory in a file when it ends. Linux hands `maxRSS` down from the
 * process that started it, so its own high-water mark is asked for first.
 */
function memoryHook(file: string): string {
  const code = `
    import { readFileSync, writeFileSync } from 'node:fs'
    process.on('exit', () => {
      let bytes = process.resourceUsage().maxRSS * 1024
      try {
        bytes = Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024
      } catch {}
      writeFileSync(${JSON.stringify(file)}, String(bytes))
    })`
  return `data:text/javascript,${encodeURIComponent(code)}`
}
