import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import { headLines, linesOf } from '../head-lines.ts'
import type { InterpretedClock } from './interpreted.ts'
import { readHeader } from './record.ts'
import type { Stamp, TrailPiece } from './trail.ts'

const MAX_SAMPLES = 4096

export interface NamelessInput {
  readonly input: Input
  readonly clock: InterpretedClock
}

/**
 * The first and last stamps of inputs that name no machine, with samples for those whose times
 * overlap. Only these, and compressed ones, are read through for it.
 */
export async function piecesOf(nameless: readonly NamelessInput[]): Promise<TrailPiece[]> {
  const pieces: TrailPiece[] = []
  for (const one of nameless) pieces.push(endsOf(one) ?? (await sampled(one)))
  if (pieces.length < 2) return pieces
  for (const [index, one] of nameless.entries()) {
    const piece = pieces[index]
    if (piece === undefined || piece.samples.length > 0) continue
    if (pieces.some((other) => other !== piece && sharesTime(other, piece)))
      pieces[index] = await sampled(one)
  }
  return pieces
}

function sharesTime(a: TrailPiece, b: TrailPiece): boolean {
  return a.from <= b.to && b.from <= a.to
}

/** Null where the end cannot be had without reading everything. */
function endsOf({ input, clock }: NamelessInput): TrailPiece | null {
  const tail = input.tail()
  if (tail === null) return null
  const sketch = new Sketch()
  for (const line of headLines(input.head)) sketch.add(line, clock)
  for (const line of linesOf(tail)) sketch.add(line, clock)
  return sketch.isEmpty ? null : sketch.piece(input, [])
}

async function sampled({ input, clock }: NamelessInput): Promise<TrailPiece> {
  const sketch = new Sketch()
  const chunks = input.chunks(() => {})
  for await (const batch of splitLines(chunks, { maxLineBytes: 4096 })) {
    for (const line of batch.texts) sketch.add(line, clock)
  }
  return sketch.piece(input, sketch.samples)
}

/** Gathers what tells of an input while its lines go by. */
class Sketch {
  samples: Stamp[] = []
  #firstRecord: string | null = null
  #from = 0
  #to = 0
  #first: Stamp | null = null
  #last: Stamp | null = null
  /** Serial numbers that are multiples of it are kept. */
  #step = 1

  get isEmpty(): boolean {
    return this.#firstRecord === null
  }

  add(line: string, clock: InterpretedClock): void {
    const header = readHeader(line, clock)
    if (header === null || header.node !== null) return
    const { time, serial } = header
    if (this.#firstRecord === null) {
      this.#firstRecord = line
      this.#from = time
    }
    this.#to = time
    // auditd numbers its own messages from a random start.
    if (header.type.startsWith('DAEMON_')) return
    if (this.#last?.serial === serial && this.#last.time === time) return
    this.#last = { time, serial }
    this.#first ??= this.#last
    if (serial % this.#step === 0) this.#keep(this.#last)
  }

  piece(input: Input, samples: readonly Stamp[]): TrailPiece {
    return {
      file: input.name,
      group: input.group,
      firstRecord: this.#firstRecord ?? '',
      from: this.#from,
      to: this.#to,
      firstSerial: this.#first?.serial ?? null,
      lastSerial: this.#last?.serial ?? null,
      samples: samples.toSorted((a, b) => a.time - b.time || a.serial - b.serial),
    }
  }

  #keep(stamp: Stamp): void {
    this.samples.push(stamp)
    if (this.samples.length <= MAX_SAMPLES) return
    this.#step *= 2
    this.samples = this.samples.filter((sample) => sample.serial % this.#step === 0)
  }
}
