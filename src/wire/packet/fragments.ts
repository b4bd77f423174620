import { concatBytes } from '../bytes.ts'

/** Bounds of reassembly: packets half arrived, bytes held in all, and how long (ms of packet time) to wait for the rest. */
const MAX_PARTIAL = 512
const MAX_HELD_BYTES = 8_388_608
const MAX_WAIT_MS = 30_000
const MAX_PIECES = 256

interface Piece {
  readonly from: number
  readonly to: number
  readonly bytes: Uint8Array
}

interface Partial {
  readonly firstMs: number
  /** Sorted, not overlapping: what came first stays. */
  readonly pieces: Piece[]
  header: Uint8Array | null
  total: number | null
  heldBytes: number
  packets: number
  wireBytes: number
}

/** A packet put together again: an IP header without fragmentation, then the whole payload. */
export interface Whole {
  readonly bytes: Uint8Array
  readonly headerBytes: number
  readonly packets: number
  readonly wireBytes: number
}

/** IP fragments waiting for the rest (RFC 791, RFC 8200 §4.5; overlaps: first copy wins). */
export class FragmentTable {
  readonly #partials = new Map<string, Partial>()
  #heldBytes = 0

  /**
   * Takes one fragment: `payload` stands at byte `from` of the packet; `header` is the IP header to
   * use if this is its first. Copies what it keeps. The whole packet once nothing is missing, else null.
   */
  add(
    key: string,
    timeMs: number,
    header: Uint8Array,
    payload: Uint8Array,
    from: number,
    isMore: boolean,
  ): Whole | null {
    const partial = this.#partialOf(key, timeMs)
    partial.packets++
    partial.wireBytes += header.length + payload.length
    if (from === 0) partial.header ??= header.slice()
    if (!isMore) partial.total ??= from + payload.length
    this.#insert(partial, payload, from)
    if (this.#heldBytes > MAX_HELD_BYTES || partial.pieces.length > MAX_PIECES) this.#drop(key, partial)
    else if (isWhole(partial)) return this.#finish(key, partial)
    return null
  }

  #partialOf(key: string, timeMs: number): Partial {
    const known = this.#partials.get(key)
    if (known !== undefined && Math.abs(timeMs - known.firstMs) <= MAX_WAIT_MS) return known
    if (known !== undefined) this.#drop(key, known)
    if (this.#partials.size >= MAX_PARTIAL) this.#dropOldest()
    const fresh: Partial = {
      firstMs: timeMs,
      pieces: [],
      header: null,
      total: null,
      heldBytes: 0,
      packets: 0,
      wireBytes: 0,
    }
    this.#partials.set(key, fresh)
    return fresh
  }

  /** Keeps only those parts of the fragment that no earlier one gave. */
  #insert(partial: Partial, payload: Uint8Array, start: number): void {
    const end = start + payload.length
    let from = start
    for (let i = 0; from < end && i <= partial.pieces.length; i++) {
      const next = partial.pieces[i]
      const to = Math.min(end, next?.from ?? end)
      if (from < to) {
        partial.pieces.splice(i, 0, { from, to, bytes: payload.slice(from - start, to - start) })
        partial.heldBytes += to - from
        this.#heldBytes += to - from
        i++
      }
      if (next !== undefined) from = Math.max(from, next.to)
    }
  }

  #finish(key: string, partial: Partial): Whole {
    this.#drop(key, partial)
    const header = partial.header ?? new Uint8Array()
    return {
      bytes: concatBytes(header, ...partial.pieces.map((piece) => piece.bytes)).subarray(
        0,
        header.length + (partial.total ?? 0),
      ),
      headerBytes: header.length,
      packets: partial.packets,
      wireBytes: partial.wireBytes,
    }
  }

  #drop(key: string, partial: Partial): void {
    this.#partials.delete(key)
    this.#heldBytes -= partial.heldBytes
  }

  #dropOldest(): void {
    for (const [key, partial] of this.#partials) {
      this.#drop(key, partial)
      return
    }
  }
}

function isWhole(partial: Partial): boolean {
  if (partial.header === null || partial.total === null) return false
  let reached = 0
  for (const piece of partial.pieces) {
    if (piece.from > reached) return false
    reached = piece.to
  }
  return reached >= partial.total
}
