import type { LineBatch } from '../../inputs/lines.ts'

/** One JSON object of the output, and where it began. */
export interface JsonObject {
  readonly text: string
  readonly line: number
  readonly offset: number
}

const RECORD_SEPARATOR = 0x1e
const OPEN = 0x7b
const MAX_PRETTY_CHARS = 1 << 20

/**
 * Finds the objects in `json` (one a line), `json-seq` (RFC 7464: behind a record separator), `json-sse`
 * (behind `data: `) and `json-pretty` (over several lines, braces at their margins). Anything else comes
 * out as it is, to be counted as bad.
 */
export class ObjectFinder {
  #pretty: string[] = []
  #length = 0
  #line = 0
  #offset = 0

  find({ texts, offsets, firstLine }: LineBatch): JsonObject[] {
    const objects: JsonObject[] = []
    for (let index = 0; index < texts.length; index++) {
      const found = this.#take(texts[index] ?? '', firstLine + index, offsets[index] ?? 0)
      if (found !== null) objects.push(found)
    }
    return objects
  }

  /** What was begun and not ended. */
  end(): JsonObject | null {
    return this.#pretty.length === 0 ? null : this.#give()
  }

  #take(line: string, number: number, offset: number): JsonObject | null {
    const text = bare(line)
    if (this.#pretty.length === 0) {
      if (text === '') return null
      if (text !== '{') return { text, line: number, offset }
      this.#line = number
      this.#offset = offset
    }
    this.#pretty.push(text)
    this.#length += text.length + 1
    return text === '}' || this.#length > MAX_PRETTY_CHARS ? this.#give() : null
  }

  #give(): JsonObject {
    const text = this.#pretty.join('\n')
    this.#pretty = []
    this.#length = 0
    return { text, line: this.#line, offset: this.#offset }
  }
}

/** Without what some formats put before an object. */
export function bare(line: string): string {
  const first = line.charCodeAt(0)
  if (first === OPEN) return line
  if (first === RECORD_SEPARATOR) return line.slice(1)
  return line.startsWith('data: ') ? line.slice(6) : line
}
