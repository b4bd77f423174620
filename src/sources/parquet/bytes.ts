import type { Input } from '../../inputs/input.ts'

/** The file as the decoder wants it. */
export interface ParquetBytes {
  readonly byteLength: number
  slice(start: number, end?: number): ArrayBuffer
}

/** More than a delivery of flow logs has (75 MB), and than a column chunk of any. */
const MAX_HELD_BYTES = 128 << 20

/** Memory for files that can only be read from start to end, over all inputs. */
export class HeldFiles {
  #left = 2 * MAX_HELD_BYTES

  /** Null where there is no room. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  giveBack(bytes: number): void {
    this.#left += bytes
  }
}

export function isParquet(head: Uint8Array): boolean {
  return head.length > 4 && head[0] === 0x50 && head[1] === 0x41 && head[2] === 0x52 && head[3] === 0x31
}

/** A file on disk, read piece by piece; null for what is packed. Throws what the operating system reports. */
export function bytesOnDisk(input: Input): ParquetBytes | null {
  const whole = input.whole?.() ?? null
  if (whole === null) return null
  return {
    byteLength: whole.size,
    slice(start, end = whole.size) {
      const into = new Uint8Array(lengthOf(start, end, whole.size))
      const count = whole.read(into, start)
      if (count < into.length) throw new Error('the file became shorter')
      return into.buffer
    },
  }
}

/** A packed file, held in memory; null where there is no room for it. */
export async function bytesInMemory(
  chunks: AsyncIterable<Uint8Array>,
  held: HeldFiles,
): Promise<(ParquetBytes & { release(): void }) | null> {
  const parts: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    if (size + chunk.length > MAX_HELD_BYTES || !held.take(chunk.length)) {
      held.giveBack(size)
      return null
    }
    parts.push(Buffer.from(chunk))
    size += chunk.length
  }
  const bytes = Uint8Array.from(Buffer.concat(parts))
  return {
    byteLength: size,
    slice(start, end = size) {
      lengthOf(start, end, size)
      return bytes.buffer.slice(start, end)
    },
    release: () => held.giveBack(size),
  }
}

function lengthOf(start: number, end: number, size: number): number {
  const isInside = start >= 0 && end >= start && end <= size
  if (!isInside) throw new Error('a part lies outside the file')
  if (end - start > MAX_HELD_BYTES) throw new Error('a part is larger than 128 MiB')
  return end - start
}
