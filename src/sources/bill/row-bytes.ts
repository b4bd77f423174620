import type { Cells } from './charges.ts'
import { type Role, ROLES } from './columns.ts'

const MAX_CELL_CHARS = 4096

/** Makes of cells what a row of text would have been; the row is good until the next one. */
export class RowBytes {
  #bytes: Buffer = Buffer.allocUnsafe(1 << 16)
  readonly #starts = new Int32Array(ROLES.length)
  readonly #ends = new Int32Array(ROLES.length)

  row(cells: Readonly<Partial<Record<Role, string>>>): Cells & { bytes: Buffer; length: number } {
    let length = 0
    for (const [index, role] of ROLES.entries()) {
      const text = cells[role]
      if (text === undefined) {
        this.#starts[index] = -1
        this.#ends[index] = -1
        continue
      }
      if (length + MAX_CELL_CHARS * 3 > this.#bytes.length) {
        const bigger = Buffer.allocUnsafe(this.#bytes.length * 2)
        this.#bytes.copy(bigger, 0, 0, length)
        this.#bytes = bigger
      }
      this.#starts[index] = length
      length += this.#bytes.write(text.slice(0, MAX_CELL_CHARS), length)
      this.#ends[index] = length
      this.#bytes[length++] = 0
    }
    return { bytes: this.#bytes, starts: this.#starts, ends: this.#ends, length }
  }
}
