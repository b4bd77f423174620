import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import type { Budget } from '../budget.ts'
import { FileHash } from '../file-hash.ts'
import type { Mounts } from './mounts.ts'

const MAX_EXE_BYTES = 128 * 2 ** 20

/** SHA-256 of programs, each file once, as far as the budget goes: what is odd or busy is worth more of it. */
export class ExeHashes {
  readonly #budget: Budget
  readonly #mounts: Mounts
  readonly #known = new Map<string, string | null>()
  readonly #hash = new FileHash()
  /** Programs that were too much. */
  leftOut = 0

  constructor(budget: Budget, mounts: Mounts) {
    this.#budget = budget
    this.#mounts = mounts
  }

  /** Read through the process, so that it is the very program also where its file is gone; null where it cannot be. */
  of(pid: number, path: string, isWanted: boolean): string | null {
    if (this.#mounts.isRemote(path)) return null
    try {
      const fd = openSync(`/proc/${pid}/exe`, constants.O_RDONLY | constants.O_NONBLOCK)
      try {
        return this.#hashOf(fd, isWanted)
      } finally {
        closeSync(fd)
      }
    } catch {
      return null
    }
  }

  #hashOf(fd: number, isWanted: boolean): string | null {
    const { dev, ino, size, mtimeMs } = fstatSync(fd)
    const key = `${dev}:${ino}:${size}:${mtimeMs}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const mayRead = size <= MAX_EXE_BYTES && !this.#budget.isSpent(isWanted ? 1000 : 4000)
    if (!mayRead || !this.#budget.takeHash(isWanted ? 0 : size)) {
      this.leftOut++
      return null
    }
    const digest = this.#hash.of(fd, MAX_EXE_BYTES)
    this.#known.set(key, digest)
    return digest
  }
}
