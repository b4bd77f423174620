import { spawn } from 'node:child_process'
import { lstatSync, realpathSync } from 'node:fs'

export interface ProgramOutput {
  readonly path: string
  readonly text: string
  readonly isCut: boolean
}

const GROUP_OR_OTHERS_WRITE = 0o022
const MAX_OUTPUT_BYTES = 16 * 2 ** 20

/**
 * Runs one of the machine's own programs where nothing else tells what it does. Only from a place in `paths` where the
 * file and every folder above it belong to root and nobody else may write; with an empty environment and no input, and for
 * `timeoutMs` at most. Null where there is none, or it fails; a string where it may not be run.
 */
export async function runProgram(
  paths: readonly string[],
  args: readonly string[],
  timeoutMs: number,
): Promise<ProgramOutput | string | null> {
  const named = paths.find((one) => realPath(one) !== null)
  const path = named === undefined ? null : realPath(named)
  if (named === undefined || path === null) return null
  if (!isTrusted(path)) return `${path} may be changed by others than root: not run`
  return new Promise((resolve) => {
    const child = spawn(path, args, {
      // One program under many names tells them apart by it.
      argv0: named,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      cwd: '/',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    const chunks: Buffer[] = []
    let length = 0
    let isCut = false
    child.stdout.on('data', (chunk: Buffer) => {
      if (length + chunk.length > MAX_OUTPUT_BYTES) {
        isCut = true
        child.kill('SIGKILL')
        return
      }
      chunks.push(chunk)
      length += chunk.length
    })
    child.once('error', () => {
      resolve(null)
    })
    child.once('close', (code) => {
      const isWhole = code === 0 || isCut
      resolve(isWhole ? { path, text: Buffer.concat(chunks, length).toString('utf8'), isCut } : null)
    })
  })
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

function isTrusted(path: string): boolean {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const stats = lstatSync(at === '' ? '/' : at)
    if (stats.uid !== 0 || (stats.mode & GROUP_OR_OTHERS_WRITE) !== 0) return false
    if (at === '') return true
  }
}
