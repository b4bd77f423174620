import { createHash, type Hash } from 'node:crypto'
import { closeSync, constants, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { createZstdCompress, constants as zlib, type ZstdCompress } from 'node:zlib'
import { once } from 'node:events'
import { padding, tarEnd, tarHeader } from './tar-entry.ts'

/** What stands in the manifest of one member. */
export interface Member {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

const LEVEL = 3
/** A window of 2 MiB: the encoder then holds a few MiB. */
const WINDOW_LOG = 21
/** RFC 8878, 3.1.2: a frame that every decoder passes over. */
const SKIPPABLE_MAGIC = 0x184d2a50
const LARGE_BYTES = 64 * 1024
const BALLAST_SHARE = 800

/**
 * A tar archive in zstd, with checksums, written as `FILE.partial` and renamed when all of it is there: what is cut off in
 * the middle never has the name of a whole one, and lacks the manifest, which goes in last.
 *
 * Whoever opens archives of strangers stops where they grow a thousandfold. A log may be all zeros, by whoever wishes to be
 * overlooked: so each large member has a frame of its own, behind one to be skipped that makes up for the worst.
 */
export class Archive {
  readonly members: Member[] = []
  readonly #file: string
  readonly #partial: string
  readonly #fd: number
  readonly #modifiedAt: number
  #frame: Frame
  #written = 0
  #failure: unknown = null

  /** Throws what the operating system reports where it cannot be written. `modifiedAt` (epoch ms) goes on every member. */
  constructor(file: string, modifiedAt: number) {
    this.#file = file
    this.#partial = `${file}.partial`
    this.#modifiedAt = modifiedAt
    const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
    this.#fd = openFresh(this.#partial, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY)
    this.#frame = this.#begin()
  }

  /** Bytes on disk so far. */
  get storedBytes(): number {
    return this.#written
  }

  /** Adds a file that is in memory. */
  async add(path: string, content: Uint8Array): Promise<void> {
    await this.addStream(path, content.length, [content])
  }

  /**
   * Adds a file of a known size piece by piece. What gives less is filled up with zero bytes (a log that was cut while
   * it was read), what gives more is cut. A piece must not change afterwards.
   */
  async addStream(path: string, size: number, chunks: Iterable<Uint8Array>): Promise<void> {
    if (size > LARGE_BYTES) await this.#nextFrame(Math.ceil(size / BALLAST_SHARE))
    await this.#put(tarHeader(path, size, this.#modifiedAt))
    const hash = createHash('sha256')
    let left = size
    for (const chunk of chunks) {
      const piece = chunk.subarray(0, left)
      left -= piece.length
      await this.#putHashed(hash, piece)
      if (left === 0) break
    }
    for (; left > 0; left -= Math.min(left, ZEROS.length))
      await this.#putHashed(hash, ZEROS.subarray(0, left))
    await this.#put(padding(size))
    this.members.push({ path, bytes: size, sha256: hash.digest('hex') })
  }

  /** Closes the archive and gives it its name. */
  async finish(): Promise<void> {
    await this.#put(tarEnd())
    await this.#frame.end()
    if (this.#failure !== null) throw this.#failure
    fsyncSync(this.#fd)
    closeSync(this.#fd)
    renameSync(this.#partial, this.#file)
  }

  /** Takes away what was written. */
  async discard(): Promise<void> {
    await this.#frame.abandon()
    try {
      closeSync(this.#fd)
    } catch {
      // It was closed when the archive was finished.
    }
    try {
      unlinkSync(this.#partial)
    } catch {
      // It has its name already, or somebody took it away.
    }
  }

  #begin(): Frame {
    return new Frame((chunk) => {
      this.#store(chunk)
    })
  }

  async #nextFrame(ballastBytes: number): Promise<void> {
    await this.#frame.end()
    const head = Buffer.alloc(8)
    head.writeUInt32LE(SKIPPABLE_MAGIC, 0)
    head.writeUInt32LE(ballastBytes, 4)
    this.#store(head)
    this.#store(Buffer.alloc(ballastBytes))
    this.#frame = this.#begin()
  }

  async #putHashed(hash: Hash, piece: Uint8Array): Promise<void> {
    hash.update(piece)
    await this.#put(piece)
  }

  async #put(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== null) throw this.#failure
    await this.#frame.put(bytes)
  }

  #store(chunk: Buffer): void {
    if (this.#failure !== null) return
    try {
      for (let at = 0; at < chunk.length;) at += writeSync(this.#fd, chunk, at)
      this.#written += chunk.length
    } catch (error) {
      // Told with the next piece.
      this.#failure = error
    }
  }
}

/** One zstd frame in the making. */
class Frame {
  readonly #zstd: ZstdCompress
  readonly #ended: Promise<unknown>
  readonly #closed: Promise<unknown>

  constructor(store: (chunk: Buffer) => void) {
    this.#zstd = createZstdCompress({
      params: {
        [zlib.ZSTD_c_compressionLevel]: LEVEL,
        [zlib.ZSTD_c_windowLog]: WINDOW_LOG,
        [zlib.ZSTD_c_checksumFlag]: 1,
      },
    })
    this.#zstd.on('data', store)
    this.#closed = new Promise((resolve) => {
      this.#zstd.once('close', resolve)
    })
    this.#ended = once(this.#zstd, 'end')
    // A frame that is abandoned never ends.
    this.#ended.catch(() => undefined)
  }

  async put(bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0 && !this.#zstd.write(bytes)) await once(this.#zstd, 'drain')
  }

  async end(): Promise<void> {
    this.#zstd.end()
    await this.#ended
  }

  async abandon(): Promise<void> {
    this.#zstd.destroy()
    await this.#closed
  }
}

const ZEROS = Buffer.alloc(64 * 1024)
const MODE = 0o600

/** A partial file of a run that was killed stands in the way of nobody; a link there is not followed. */
function openFresh(path: string, flags: number): number {
  try {
    return openSync(path, flags, MODE)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    unlinkSync(path)
    return openSync(path, flags, MODE)
  }
}
