import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const IP = ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip'].find((path) => existsSync(path)) ?? 'ip'
const root = resolve(import.meta.dirname, '../..')

export const MINER_IP = '192.0.2.1'
export const POOL_IP = '192.0.2.2'
export const MINER_LINK = 'lamp0'

function ip(...args: readonly string[]): boolean {
  return spawnSync(IP, args, { stdio: 'ignore' }).status === 0
}

/** Two machines and the cable between them, apart from every network of this computer. Null where that is not permitted. */
export class Cable {
  readonly #miner = `lamp-m-${process.pid}`
  readonly #pool = `lamp-p-${process.pid}`

  static lay(): Cable | null {
    const cable = new Cable()
    if (process.platform === 'linux' && cable.#isLaid()) return cable
    cable.remove()
    return null
  }

  #isLaid(): boolean {
    const [miner, pool] = [this.#miner, this.#pool]
    return (
      ip('netns', 'add', miner) &&
      ip('netns', 'add', pool) &&
      ip('link', 'add', MINER_LINK, 'netns', miner, 'type', 'veth', 'peer', 'name', 'lamp1', 'netns', pool) &&
      ip('-n', miner, 'addr', 'add', `${MINER_IP}/24`, 'dev', MINER_LINK) &&
      ip('-n', pool, 'addr', 'add', `${POOL_IP}/24`, 'dev', 'lamp1') &&
      ip('-n', miner, 'link', 'set', MINER_LINK, 'up') &&
      ip('-n', pool, 'link', 'set', 'lamp1', 'up')
    )
  }

  remove(): void {
    ip('netns', 'del', this.#miner)
    ip('netns', 'del', this.#pool)
  }

  davylamp(...args: readonly string[]): Program {
    return new Program(IP, [
      'netns',
      'exec',
      this.#miner,
      process.execPath,
      join(root, 'bin/davylamp.mjs'),
      ...args,
    ])
  }

  /** One of the stand-ins, at the miner's or the pool's end. */
  standIn(end: 'miner' | 'pool', ...args: readonly string[]): Program {
    return this.run(end, join(root, 'test/wire/stand-ins', `${end}.ts`), ...args)
  }

  /** A script of our own at one end. */
  run(end: 'miner' | 'pool', script: string, ...args: readonly string[]): Program {
    const name = end === 'miner' ? this.#miner : this.#pool
    return new Program(IP, ['netns', 'exec', name, process.execPath, script, ...args])
  }
}

/** A program that runs beside the test, and what it has said so far. */
export class Program {
  stdout = ''
  stderr = ''
  exitCode: number | null = null
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  #wake: () => void = () => undefined

  constructor(program: string, args: readonly string[], identity: { uid?: number; gid?: number } = {}) {
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...identity })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
      this.#wake()
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
      this.#wake()
    })
    this.#ended = this.#end()
  }

  /** Waits until it has said what is waited for, or has ended. */
  async until(isSaid: () => boolean): Promise<void> {
    while (!isSaid() && this.exitCode === null) await new Promise<void>((wake) => (this.#wake = wake))
  }

  async #end(): Promise<void> {
    const [code]: unknown[] = await once(this.#child, 'close')
    this.exitCode = typeof code === 'number' ? code : -1
    this.#wake()
  }

  stop(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async ended(): Promise<this> {
    await this.#ended
    return this
  }
}
