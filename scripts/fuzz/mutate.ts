import type { Random } from '../../src/range/random.ts'

/** An input never grows beyond this: long enough to show what takes more than linear time. */
export const MAX_BYTES = 2_000_000
const INTERESTING = [
  0, 1, 7, 8, 9, 10, 13, 27, 32, 34, 39, 47, 58, 61, 91, 92, 93, 123, 125, 127, 128, 192, 255,
]
const NUMBERS = [
  0, 1, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
]
const WRITTEN = [
  '0',
  '-1',
  '00',
  '1e999',
  '4294967295',
  '18446744073709551616',
  '9'.repeat(40),
  'NaN',
  '0x',
  '999999999999',
]
const STRANGE = [
  '\0',
  '\u202e',
  '\u001b[2J',
  '\ufeff',
  '\ud800',
  '<script>',
  '`$(id)`',
  '=1+1',
  '{',
  '[',
  '"',
  "'",
  '\\',
  '\n',
  '\r\n',
  '%s',
]

type Mutation = (bytes: Buffer, random: Random, others: Others) => Buffer

/** What else there is to take pieces from. */
export interface Others {
  readonly samples: readonly Uint8Array[]
  readonly words: readonly string[]
}

/** One to many changes to a sample. */
export function mutate(sample: Uint8Array, random: Random, others: Others): Buffer {
  let bytes: Buffer = Buffer.from(sample)
  const changes = random.chance(0.5) ? random.integer(1, 4) : random.integer(4, 40)
  for (let change = 0; change < changes; change++) bytes = random.pick(MUTATIONS)(bytes, random, others)
  return bytes.length > MAX_BYTES ? bytes.subarray(0, MAX_BYTES) : bytes
}

/** Anything at all, with the target's words strewn in. */
export function anything(random: Random, { words }: Others): Buffer {
  const parts: Uint8Array[] = []
  for (let count = random.integer(0, 20); count > 0; count--)
    parts.push(
      random.chance(0.6) && words.length > 0 ? wordOf(random, words) : random.bytes(random.integer(0, 60)),
    )
  return Buffer.concat(parts)
}

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  flip,
  flip,
  setByte,
  setNumber,
  remove,
  remove,
  duplicate,
  repeat,
  insertRandom,
  insertWord,
  insertWord,
  cut,
  splice,
  swapLines,
  rewriteNumber,
  rewriteQuoted,
  nest,
]

function flip(bytes: Buffer, random: Random): Buffer {
  const at = place(bytes, random)
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(0, 7))
  return bytes
}

function setByte(bytes: Buffer, random: Random): Buffer {
  const at = place(bytes, random)
  if (at < bytes.length) bytes[at] = INTERESTING[random.integer(0, INTERESTING.length - 1)] ?? 0
  return bytes
}

/** A binary number of 2, 4 or 8 bytes, either byte order. */
function setNumber(bytes: Buffer, random: Random): Buffer {
  const size = 2 ** random.integer(1, 3)
  if (bytes.length < size) return bytes
  const at = random.integer(0, bytes.length - size)
  const value = NUMBERS[random.integer(0, NUMBERS.length - 1)] ?? 0
  if (size === 2) bytes.writeUInt16LE(value & 0xffff, at)
  else if (size === 4) bytes.writeUInt32LE(value, at)
  else bytes.writeBigUInt64LE(BigInt(value) * (random.chance(0.3) ? 0x1_0000_0000n : 1n), at)
  if (random.chance(0.4)) bytes.subarray(at, at + size).reverse()
  return bytes
}

function remove(bytes: Buffer, random: Random): Buffer {
  const [from, to] = span(bytes, random)
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
}

function duplicate(bytes: Buffer, random: Random): Buffer {
  const [from, to] = span(bytes, random)
  return insert(bytes, place(bytes, random), bytes.subarray(from, to))
}

/** A piece again and again: what grows faster than its input shows here. */
function repeat(bytes: Buffer, random: Random): Buffer {
  const [from, to] = span(bytes, random)
  if (to === from) return bytes
  const most = Math.max(1, Math.floor(random.chance(0.05) ? 500_000 / (to - from) : 2000 / (to - from)))
  return insert(bytes, from, repeated(bytes.subarray(from, to), random.integer(1, most)))
}

function insertRandom(bytes: Buffer, random: Random): Buffer {
  return insert(bytes, place(bytes, random), random.bytes(random.integer(1, 40)))
}

function insertWord(bytes: Buffer, random: Random, { words }: Others): Buffer {
  const strange = STRANGE[random.integer(0, STRANGE.length - 1)] ?? ''
  const word = words.length > 0 && random.chance(0.7) ? wordOf(random, words) : Buffer.from(strange)
  const times = random.chance(0.03) ? random.integer(1, 20_000) : 1
  return insert(bytes, place(bytes, random), repeated(word, times))
}

function cut(bytes: Buffer, random: Random): Buffer {
  return random.chance(0.3) ? bytes.subarray(0, random.integer(0, bytes.length)) : bytes
}

function splice(bytes: Buffer, random: Random, { samples }: Others): Buffer {
  const other = samples[random.integer(0, samples.length - 1)] ?? bytes
  const from = random.integer(0, other.length)
  return insert(bytes, place(bytes, random), other.subarray(from, Math.min(other.length, from + 4000)))
}

function swapLines(bytes: Buffer, random: Random): Buffer {
  if (bytes.length > 200_000) return bytes
  const lines = bytes.toString('latin1').split('\n')
  const [a, b] = [random.integer(0, lines.length - 1), random.integer(0, lines.length - 1)]
  const held = lines[a] ?? ''
  lines[a] = lines[b] ?? ''
  lines[b] = held
  return Buffer.from(lines.join('\n'), 'latin1')
}

/** A number written in digits becomes another. */
function rewriteNumber(bytes: Buffer, random: Random): Buffer {
  const start = place(bytes, random)
  let from = start
  while (from < bytes.length && from < start + 2000 && !isDigit(bytes[from] ?? 0)) from++
  let to = from
  while (to < bytes.length && isDigit(bytes[to] ?? 0)) to++
  const value = random.chance(0.5)
    ? (WRITTEN[random.integer(0, WRITTEN.length - 1)] ?? '')
    : String(random.uint32())
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(value), bytes.subarray(to)])
}

/** What stands between two double quotes becomes something else. */
function rewriteQuoted(bytes: Buffer, random: Random, { words }: Others): Buffer {
  const open = bytes.indexOf(34, place(bytes, random))
  const close = open < 0 ? -1 : bytes.indexOf(34, open + 1)
  if (close < 0) return bytes
  const value =
    words.length > 0 && random.chance(0.5) ? wordOf(random, words) : random.bytes(random.integer(0, 30))
  return Buffer.concat([bytes.subarray(0, open + 1), value, bytes.subarray(close)])
}

function nest(bytes: Buffer, random: Random): Buffer {
  if (random.chance(0.7)) return bytes
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['(', ')'],
    ['- ', ''],
    ['"', '"'],
  ])
  const depth = random.chance(0.2) ? 20_000 : random.integer(1, 200)
  const at = place(bytes, random)
  const end = random.chance(0.5) ? repeated(Buffer.from(close), depth) : Buffer.alloc(0)
  return Buffer.concat([bytes.subarray(0, at), repeated(Buffer.from(open), depth), end, bytes.subarray(at)])
}

function insert(bytes: Buffer, at: number, piece: Uint8Array): Buffer {
  if (bytes.length + piece.length > MAX_BYTES) return bytes
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
}

function repeated(piece: Uint8Array, times: number): Buffer {
  const most = Math.max(1, Math.min(times, Math.floor(MAX_BYTES / Math.max(1, piece.length))))
  return Buffer.alloc(piece.length * most, piece)
}

function wordOf(random: Random, words: readonly string[]): Buffer {
  return Buffer.from(words[random.integer(0, words.length - 1)] ?? '', 'utf8')
}

/** Anywhere; the beginning, where headers are, more often. */
function place(bytes: Buffer, random: Random): number {
  return random.integer(0, random.chance(0.25) ? Math.min(bytes.length, 64) : bytes.length)
}

function span(bytes: Buffer, random: Random): [number, number] {
  const from = place(bytes, random)
  const length = random.chance(0.8) ? random.integer(1, 64) : random.integer(1, 4096)
  return [from, Math.min(bytes.length, from + length)]
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57
}
