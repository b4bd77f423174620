import { formatBytes, formatNumber } from '../text/units.ts'
import type { OpenStream } from './bytes.ts'
import { Feed } from './feed.ts'
import { gunzip } from './gzip.ts'
import type { InputLimits } from './limits.ts'
import type { Damage, Decode } from './members.ts'
import { unzstd } from './zstd.ts'

type Problem = (text: string) => void

export type Compression = 'gzip' | 'zstd'

const DECODERS: Readonly<Record<Compression, Decode>> = { gzip: gunzip, zstd: unzstd }
/** The longest piece that a decoder can have been given when it stumbled. */
const MAX_CHUNK_BYTES = 2 ** 20
const CAREFUL_BYTES = 64

/** What one file given by the user has unpacked to, over all its streams; reading a stream again counts once. */
export interface UnpackBudget {
  unpackedBytes: number
}

/** The stream inside a compressed stream, cut off with a problem where it turns out to be a bomb. */
export function unpack(
  kind: Compression,
  packed: OpenStream,
  limits: InputLimits,
  budget: UnpackBudget,
): OpenStream {
  return unpackWith(DECODERS[kind], packed, limits, budget)
}

export function unpackWith(
  decode: Decode,
  packed: OpenStream,
  limits: InputLimits,
  budget: UnpackBudget,
): OpenStream {
  let counted = 0
  const bombReason = (out: number, taken: number): string | null => {
    budget.unpackedBytes += Math.max(0, out - counted)
    counted = Math.max(counted, out)
    return reasonToStop(out, taken, limits, budget)
  }
  return (problem) => unpacked(decode, packed, bombReason, problem)
}

/** Why to stop after `out` bytes made of `taken` bytes; null to go on. */
type BombReason = (out: number, taken: number) => string | null

interface Pass {
  readonly damage: Damage | null
  readonly out: number
  readonly taken: number
}

/**
 * Where a decoder stumbles over damage it keeps what it had in hand. Then all is decoded once more,
 * in tiny pieces around that place, for the bytes just before it.
 */
async function* unpacked(
  decode: Decode,
  packed: OpenStream,
  bombReason: BombReason,
  problem: Problem,
): AsyncGenerator<Uint8Array, void, undefined> {
  const first = yield* onePass(decode, packed(problem), 0, bombReason, problem)
  if (first.damage === null) return
  if (!first.damage.isBroken) {
    problem(first.damage.text)
    return
  }
  const careful = carefully(packed(ignore), first.taken - MAX_CHUNK_BYTES)
  const second = yield* onePass(decode, careful, first.out, bombReason, ignore)
  problem((second.damage ?? first.damage).text)
}

/** Decodes from the start, leaving out the first `skip` bytes. */
async function* onePass(
  decode: Decode,
  packed: AsyncGenerator<Uint8Array, void, undefined>,
  skip: number,
  bombReason: BombReason,
  problem: Problem,
): AsyncGenerator<Uint8Array, Pass, undefined> {
  const feed = new Feed(packed)
  const unpacked = decode(feed, problem)
  let out = 0
  try {
    for (;;) {
      const step = await unpacked.next()
      if (step.done === true) return { damage: step.value, out, taken: feed.position }
      const fresh = step.value.subarray(Math.max(0, skip - out))
      out += step.value.length
      const bomb = bombReason(out, feed.position)
      if (bomb !== null) return { damage: { text: bomb, isBroken: false }, out, taken: feed.position }
      if (fresh.length > 0) yield fresh
    }
  } finally {
    await unpacked.return(null)
    await feed.close()
  }
}

async function* carefully(
  stream: AsyncGenerator<Uint8Array, void, undefined>,
  from: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let position = 0
  for await (const chunk of stream) {
    const step = position + chunk.length > from ? CAREFUL_BYTES : chunk.length
    position += chunk.length
    for (let at = 0; at < chunk.length; at += step) yield chunk.subarray(at, at + step)
  }
}

function ignore(): void {
  // The first pass has told it.
}

function reasonToStop(out: number, taken: number, limits: InputLimits, budget: UnpackBudget): string | null {
  if (out > limits.freeUnpackedBytes && out > taken * limits.maxRatio)
    return `unpacks to more than ${formatNumber(limits.maxRatio)} times its size: cut off after ${formatBytes(out)}`
  if (budget.unpackedBytes > limits.maxUnpackedBytes)
    return `cut off: everything in this file together unpacks to more than ${formatBytes(limits.maxUnpackedBytes)}`
  return null
}
