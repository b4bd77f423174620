import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SOURCES = import.meta.dirname

/** Programs of our own that are harmless and look like what hides. Whoever makes them stops them. */
export class StandIns {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'stand-in-'))
  readonly #children: ChildProcess[] = []

  /** Null where there is no compiler. */
  static make(): StandIns | null {
    const made = new StandIns()
    try {
      compile('-o', join(made.folder, 'stand-in'), join(SOURCES, 'stand-in.c'))
      compile('-shared', '-fPIC', '-o', join(made.folder, 'hide.so'), join(SOURCES, 'hide.c'), '-ldl')
      return made
    } catch {
      made.stop()
      return null
    }
  }

  /** Starts a copy under a name in the folder; resolves when it is at work. */
  async start(
    path: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ pid: number; path: string }> {
    const program = join(this.folder, path)
    mkdirSync(join(program, '..'), { recursive: true })
    copyFileSync(join(this.folder, 'stand-in'), program)
    const child = spawn(program, {
      env: { STAND_IN_SHARE: '0.6', STAND_IN_SECONDS: '240', ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    this.#children.push(child)
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve)
      child.once('error', reject)
    })
    return { pid: child.pid ?? 0, path: program }
  }

  /** Ends what was started. */
  rest(): void {
    for (const child of this.#children.splice(0)) child.kill('SIGKILL')
  }

  stop(): void {
    this.rest()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function compile(...args: readonly string[]): void {
  execFileSync('cc', ['-O1', ...args], { stdio: 'ignore' })
}
