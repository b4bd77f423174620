import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs'

/** linux/fcntl.h, the same on every architecture that Node runs on: a handle that opens nothing yet. */
const O_PATH = 0o10_000_000
const HANDLE = O_PATH | constants.O_NOFOLLOW
/** Never waits for a writer, never becomes the terminal of this process. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY
const MAX_LINKS = 40

/** A thing in the tree, held by a handle: what is asked about it later is asked about the very same thing. */
export interface Held {
  readonly handle: number
  readonly stats: Stats
  /** From the root of the tree, links resolved. */
  readonly path: string
}

/**
 * The files below one root, and nothing else. Every step of a path is taken by hand from a held folder
 * (`/proc/self/fd/N/name`, what `openat` is elsewhere), links are read and resolved inside of the root, and a file is
 * opened through the handle that was looked at: nobody who changes the tree meanwhile can lead a step out of it, or
 * have a pipe, a device or an endless file opened.
 */
export class Tree {
  readonly root: string
  readonly #root: number

  /** Throws what the operating system reports where the root is no folder. */
  constructor(root: string) {
    this.root = root
    this.#root = openSync(root, O_PATH | constants.O_DIRECTORY)
  }

  close(): void {
    closeSync(this.#root)
  }

  /** Holds what is at a path while `look` looks at it; null where there is nothing, `EACCES` and the like are thrown. */
  with<T>(path: string, look: (held: Held) => T): T | null {
    const held = this.#find(path)
    if (held === null) return null
    try {
      return look(held)
    } finally {
      if (held.handle !== this.#root) closeSync(held.handle)
    }
  }

  /** At most `maxBytes` of a regular file, from its start or its end; null where there is none. */
  read(path: string, maxBytes: number, from: 'start' | 'end' = 'start'): FileContent | null {
    return this.with(path, (held) => readHeld(held, maxBytes, from))
  }

  #find(path: string): Held | null {
    const todo = path
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .toReversed()
    const folders: { handle: number; name: string }[] = []
    let links = 0
    const top = (): number => folders.at(-1)?.handle ?? this.#root
    const leave = (): void => {
      const folder = folders.pop()
      if (folder !== undefined) closeSync(folder.handle)
    }
    try {
      for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
        if (part === '..') {
          leave()
          continue
        }
        const handle = openSync(`/proc/self/fd/${top()}/${part}`, HANDLE)
        const stats = fstatSync(handle)
        if (!stats.isSymbolicLink()) {
          folders.push({ handle, name: part })
          if (todo.length > 0 && !stats.isDirectory()) return null
          continue
        }
        closeSync(handle)
        if (++links > MAX_LINKS) return null
        const target = readlinkSync(`/proc/self/fd/${top()}/${part}`)
        if (target.startsWith('/')) while (folders.length > 0) leave()
        todo.push(
          ...target
            .split('/')
            .filter((one) => one !== '' && one !== '.')
            .toReversed(),
        )
      }
      const found = folders.pop()
      const handle = found?.handle ?? this.#root
      const names = [...folders.map(({ name }) => name), ...(found === undefined ? [] : [found.name])]
      return { handle, stats: fstatSync(handle), path: `/${names.join('/')}` }
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    } finally {
      while (folders.length > 0) leave()
    }
  }
}

export interface FileContent {
  readonly bytes: Buffer
  readonly stats: Stats
  readonly path: string
  /** There was more than was asked for. */
  readonly isCut: boolean
}

export function readHeld(held: Held, maxBytes: number, from: 'start' | 'end' = 'start'): FileContent | null {
  if (!held.stats.isFile()) return null
  const fd = openHeld(held)
  try {
    const start = from === 'end' ? Math.max(0, held.stats.size - maxBytes) : 0
    const { bytes, isCut } = readOpen(fd, start, maxBytes)
    return { bytes, stats: held.stats, path: held.path, isCut: isCut || start > 0 }
  } finally {
    closeSync(fd)
  }
}

/** The file behind a handle, for reading. Only for what was seen to be a regular file. */
export function openHeld(held: Held): number {
  return openSync(`/proc/self/fd/${held.handle}`, READ)
}

const CHUNK_BYTES = 64 * 1024

/** What a descriptor gives from `start` on; files of the kernel say a size of 0 and end where they like. */
export function readOpen(fd: number, start: number, maxBytes: number): { bytes: Buffer; isCut: boolean } {
  const chunks: Buffer[] = []
  let length = 0
  while (length < maxBytes) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, maxBytes - length))
    const count = readSync(fd, chunk, 0, chunk.length, start + length)
    if (count === 0) return { bytes: Buffer.concat(chunks, length), isCut: false }
    chunks.push(chunk.subarray(0, count))
    length += count
  }
  const isCut = readSync(fd, Buffer.allocUnsafe(1), 0, 1, start + length) > 0
  return { bytes: Buffer.concat(chunks, length), isCut }
}

/** A handle on an entry of a held folder, by its bytes, and what it is; throws what the operating system reports. */
export function holdEntry(folder: Held, name: string): Held {
  const place = entryPlace(folder.handle, name)
  const handle = openSync(place, HANDLE)
  const slash = folder.path.endsWith('/') ? '' : '/'
  return { handle, stats: fstatSync(handle), path: `${folder.path}${slash}${entryName(name)}` }
}

export function statEntry(folder: Held, name: string): Stats {
  return lstatSync(entryPlace(folder.handle, name))
}

function entryPlace(handle: number, name: string): string | Buffer {
  const place = `/proc/self/fd/${handle}/${name}`
  return ASCII.test(name) ? place : Buffer.from(place, 'latin1')
}

const ASCII = /^[\x01-\x7f]*$/u

/** A name, given a character for each byte, as text. */
export function entryName(name: string): string {
  return ASCII.test(name) ? name : Buffer.from(name, 'latin1').toString('utf8')
}

/**
 * Whether the kernel refuses to write to it whoever asks (chattr +i): the question alone is answered with EPERM
 * then, and with EACCES or EROFS where it is a matter of rights or of the disk. Nothing is opened.
 */
export function isImmutable(held: Held): boolean {
  try {
    accessSync(`/proc/self/fd/${held.handle}`, constants.W_OK)
    return false
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

export function isMissing(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENXIO' || code === 'ESRCH'
}
