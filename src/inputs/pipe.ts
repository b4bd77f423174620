import { createReadStream, fstatSync, type Stats, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { visible } from '../text/visible.ts'
import { systemReason } from './system-error.ts'

/** The path that stands for standard input. */
export const STANDARD_INPUT = '-'

/** A stream that the user named himself: it can be read once, and may never end, as `cat` may not. */
export interface Pipe {
  readonly name: string
  /** The same for every name of one pipe. */
  readonly identity: string
  /** Epoch ms; null for what is no file. */
  readonly modifiedAt: number | null
  /** Why it cannot be read; null where it can. */
  readonly unreadable: string | null
  open(): Readable
}

/** Standard input; the process's own unless another stream is given. */
export function standardInput(given: Readable | undefined): Pipe {
  const stats = given === undefined ? statsOfStandardInput() : null
  return {
    name: STANDARD_INPUT,
    identity: stats === null ? STANDARD_INPUT : identityOf(stats),
    modifiedAt: stats?.isFile() === true ? stats.mtimeMs : null,
    unreadable: stats?.isDirectory() === true ? 'a folder: give its path instead' : null,
    open: () => given ?? process.stdin,
  }
}

/** The named pipe at a path (`<(zcat x.gz)`, `/dev/stdin`, a fifo), or the stream that is standard input too; null for everything else. */
export function pipeAt(path: string): Pipe | null {
  const stats = statsOrNull(() => statSync(path))
  if (stats === null || stats.isFile() || stats.isDirectory()) return null
  const identity = identityOf(stats)
  const name = visible(path)
  const pipe = { name, identity, modifiedAt: null, unreadable: null }
  if (stats.isFIFO()) return { ...pipe, open: () => createReadStream(path) }
  // A socket or terminal cannot be opened once more by its name.
  const standard = statsOfStandardInput()
  const isStandard = standard !== null && identityOf(standard) === identity
  return isStandard ? { ...pipe, open: () => process.stdin } : null
}

/** What a stream of bytes or text gives until it ends or fails. */
export async function* received(
  stream: Readable,
  problem: (text: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of stream) {
      if (chunk instanceof Uint8Array) yield chunk
      else if (typeof chunk === 'string') yield Buffer.from(chunk)
    }
  } catch (error) {
    problem(`cannot be read further: ${systemReason(error)}`)
  }
}

function statsOfStandardInput(): Stats | null {
  return statsOrNull(() => fstatSync(0))
}

function statsOrNull(look: () => Stats): Stats | null {
  try {
    return look()
  } catch {
    return null
  }
}

function identityOf(stats: Stats): string {
  return `${stats.dev}:${stats.ino}`
}
