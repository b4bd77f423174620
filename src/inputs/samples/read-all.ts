import { onTestFinished } from 'vitest'
import type { Input, Skipped } from '../input.ts'
import { type OpenedInputs, type OpenOptions, openInputs } from '../open.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Decode } from '../members.ts'
import { unpackWith } from '../unpack.ts'

export interface WholeInput {
  readonly name: string
  readonly content: Buffer
  readonly problems: string[]
}

/** Everything in an input; checks on the way that no chunk is empty or longer than 1 MiB. */
export async function readInput(input: Input): Promise<WholeInput> {
  const problems: string[] = []
  const chunks: Buffer[] = []
  for await (const chunk of input.chunks((text) => problems.push(text))) {
    if (chunk.length === 0 || chunk.length > 2 ** 20) throw new Error(`a chunk of ${chunk.length} bytes`)
    chunks.push(Buffer.from(chunk))
  }
  return { name: input.name, content: Buffer.concat(chunks), problems }
}

/** Opens for the length of a test. */
export async function openForTest(
  paths: readonly string[],
  options: OpenOptions = {},
): Promise<OpenedInputs> {
  const opened = await openInputs(paths, options)
  onTestFinished(() => {
    opened.close()
  })
  return opened
}

/** Names (below `folder`) and contents of all inputs, and what was skipped. */
export async function readAll(
  folder: string,
  options: OpenOptions = {},
): Promise<{ read: Record<string, string>; problems: string[]; skipped: Skipped[] }> {
  const opened = await openForTest([folder], options)
  const whole: WholeInput[] = []
  for (const input of opened.inputs) whole.push(await readInput(input))
  const short = (name: string): string => name.slice(folder.length + 1)
  return {
    read: Object.fromEntries(whole.map(({ name, content }) => [short(name), content.toString('latin1')])),
    problems: whole.flatMap(({ problems }) => problems),
    skipped: opened.skipped.map(({ file, reason }) => ({ file: short(file), reason })),
  }
}

/** What a decoder makes of packed bytes that come in pieces of a given length. */
export async function decodeAll(
  decode: Decode,
  packed: Uint8Array,
  pieceBytes = 65536,
): Promise<{ content: Buffer; problems: string[] }> {
  const problems: string[] = []
  const chunks: Buffer[] = []
  const open = unpackWith(decode, () => piecesOf(packed, pieceBytes), DEFAULT_LIMITS, { unpackedBytes: 0 })
  for await (const chunk of open((text) => problems.push(text))) chunks.push(Buffer.from(chunk))
  return { content: Buffer.concat(chunks), problems }
}

/** Bytes in pieces that all use the same buffer, as real readers do. */
export async function* piecesOf(
  bytes: Uint8Array,
  pieceBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.alloc(pieceBytes)
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes)
    buffer.set(piece)
    yield buffer.subarray(0, piece.length)
  }
}
