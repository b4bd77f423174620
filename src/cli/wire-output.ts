import { once } from 'node:events'
import type { ConversationDocument } from '../conversations/schema.ts'
import type { Skipped } from '../inputs/input.ts'
import { formatTime } from '../text/time.ts'

export const WIRE_SCHEMA = 'davylamp.wire/1'

/** Written at once up to so many characters. */
const BLOCK = 65_536

/** Where conversations are printed as they come: nothing but JSON. */
export interface ConversationWriter {
  write(document: ConversationDocument): void
  /** Waits where whoever reads is slower than we are. */
  drained(): Promise<void> | void
  end(skipped: readonly Skipped[]): void
}

/** One object a line. `isPrompt`: each line leaves at once, for whoever watches. */
export function lineWriter(out: NodeJS.WriteStream, isPrompt: boolean): ConversationWriter {
  const block = new Block(out)
  return {
    write(document) {
      block.add(`${JSON.stringify(document)}\n`)
      if (isPrompt) block.flush()
    },
    drained: () => block.drained(),
    end: () => block.flush(),
  }
}

/** One object with everything in it, written as it comes. */
export function documentWriter(out: NodeJS.WriteStream, now: number): ConversationWriter {
  const block = new Block(out)
  const head = { schema: WIRE_SCHEMA, generatedAt: formatTime(now) }
  let count = 0
  const separator = (): string => {
    if (count++ > 0) return ',\n'
    return `${JSON.stringify(head).slice(0, -1)},"conversations":[\n`
  }
  return {
    write: (document) => block.add(separator() + JSON.stringify(document)),
    drained: () => block.drained(),
    end(skipped) {
      if (count === 0) block.add(separator())
      block.add(`\n],"skipped":${JSON.stringify(skipped)}}\n`)
      block.flush()
    },
  }
}

/** Small pieces written together. */
class Block {
  readonly #out: NodeJS.WriteStream
  #text = ''
  #isFull = false

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  add(text: string): void {
    this.#text += text
    if (this.#text.length >= BLOCK) this.flush()
  }

  flush(): void {
    if (this.#text === '') return
    this.#isFull = !this.#out.write(this.#text)
    this.#text = ''
  }

  async drained(): Promise<void> {
    if (!this.#isFull) return
    this.#isFull = false
    if (this.#out.writableNeedDrain) await once(this.#out, 'drain')
  }
}
