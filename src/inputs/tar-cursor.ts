import { formatNumber } from '../text/units.ts'
import { type Bytes, PartBytes } from './bytes.ts'
import { ByteWindow } from './byte-window.ts'
import type { Feed } from './feed.ts'
import type { Spool, Spooled } from './spool.ts'
import type { TarCursor } from './tar.ts'

/** A tar archive whose members can be taken out, to be read at any time later. */
export interface TarContents extends TarCursor {
  content(size: number): Promise<Spooled>
}

/** An archive that lies open: members are regions of it. */
export class OpenTar implements TarContents {
  readonly #bytes: Bytes
  readonly #window: ByteWindow
  #position = 0

  constructor(bytes: Bytes) {
    this.#bytes = bytes
    this.#window = new ByteWindow(bytes)
  }

  get position(): number {
    return this.#position
  }

  async exactly(length: number): Promise<Buffer> {
    const bytes = Buffer.from(this.#window.at(this.#position, length))
    this.#position += bytes.length
    return bytes
  }

  async skip(length: number): Promise<boolean> {
    const end = this.#position + length
    this.#position = Math.min(end, this.#bytes.size)
    return end <= this.#bytes.size
  }

  async content(size: number): Promise<Spooled> {
    const bytes = new PartBytes(this.#bytes, this.#position, size)
    return { bytes, damage: shortness(bytes.size, size) }
  }
}

/** An archive inside a stream: members are kept aside as they come by. */
export class StreamedTar implements TarContents {
  readonly #feed: Feed
  readonly #spool: Spool

  constructor(feed: Feed, spool: Spool) {
    this.#feed = feed
    this.#spool = spool
  }

  get position(): number {
    return this.#feed.position
  }

  exactly(length: number): Promise<Buffer> {
    return this.#feed.exactly(length)
  }

  skip(length: number): Promise<boolean> {
    return this.#feed.skip(length)
  }

  async content(size: number): Promise<Spooled> {
    const { bytes, damage } = await this.#spool.store(this.#feed.take(size))
    return { bytes, damage: damage ?? shortness(bytes.size, size) }
  }
}

function shortness(there: number, told: number): string | null {
  return there < told
    ? `the archive breaks off in it, after ${formatNumber(there)} of ${formatNumber(told)} bytes`
    : null
}
