import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import type { InterpretedClock } from './interpreted.ts'
import { type Header, readHeader } from './record.ts'
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
  return a.first.time <= b.last.time && b.first.time <= a.last.time
}

interface Stamped extends Stamp {
  readonly text: string
}

/** Null where the end cannot be had without reading everything. */
function endsOf({ input, clock }: NamelessInput): TrailPiece | null {
  const tail = input.tail()
  if (tail === null) return null
  const first = stampsOf(textOf(input.head), clock, 1)[0]
  const last = stampsOf(textOf(tail), clock, Infinity).at(-1)
  if (first === undefined || last === undefined) return null
  return { file: input.name, group: input.group, firstRecord: first.text, first, last, samples: [] }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

function stampsOf(text: string, clock: InterpretedClock, limit: number): Stamped[] {
  const stamps: Stamped[] = []
  for (const line of text.split(/\r?\n/u)) {
    const stamp = stampOf(line, clock)
    if (stamp !== null) stamps.push(stamp)
    if (stamps.length >= limit) break
  }
  return stamps
}

function stampOf(line: string, clock: InterpretedClock): Stamped | null {
  const header = readHeader(line, clock)
  return header === null || !isNumberedByKernel(header)
    ? null
    : { time: header.time, serial: header.serial, text: line }
}

/** auditd numbers its own messages (DAEMON_START …) from a random start. */
function isNumberedByKernel(header: Header): boolean {
  return header.node === null && !header.type.startsWith('DAEMON_')
}

async function sampled({ input, clock }: NamelessInput): Promise<TrailPiece> {
  let first: Stamped | null = null
  let last: Stamped | null = null
  let samples: Stamp[] = []
  let step = 1
  const chunks = input.chunks(() => {})
  for await (const batch of splitLines(chunks, { maxLineBytes: 512 })) {
    for (const line of batch.texts) {
      const stamp = stampOf(line, clock)
      if (stamp === null) continue
      first ??= stamp
      if (last !== null && last.serial === stamp.serial && last.time === stamp.time) continue
      last = stamp
      if (stamp.serial % step !== 0) continue
      samples.push({ time: stamp.time, serial: stamp.serial })
      if (samples.length <= MAX_SAMPLES) continue
      step *= 2
      const kept = step
      samples = samples.filter((sample) => sample.serial % kept === 0)
    }
  }
  const nothing: Stamped = { time: 0, serial: 0, text: '' }
  return {
    file: input.name,
    group: input.group,
    firstRecord: first?.text ?? '',
    first: first ?? nothing,
    last: last ?? nothing,
    samples: samples.toSorted((a, b) => a.time - b.time || a.serial - b.serial),
  }
}
