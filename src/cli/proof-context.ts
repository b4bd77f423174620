import type { ReopenedInput } from '../inputs/open.ts'
import { splitLines } from '../inputs/lines.ts'
import type { Proof } from '../story/document.ts'
import { maskSecrets } from '../text/secrets.ts'
import { cutBytes, visible } from '../text/visible.ts'
import type { Composition } from './composition.ts'

/** Lines before and after a line of proof. */
const CONTEXT_LINES = 2
/** More of a line than anybody reads. */
const MAX_LINE_BYTES = 4096
/** As much of a proof as has to stand where it was for the file to be the same. */
const SAME_CHARACTERS = 60
/** `describePacket` folds payload text at this many characters. */
const FOLDED_AT = 110

export interface ContextLine {
  /** One-based; null for a line of a decoded packet. */
  readonly number: number | null
  readonly text: string
  readonly isProof: boolean
}

/** Proofs that stand close together in one file, and what is around them. */
export interface Context {
  readonly proofs: readonly Proof[]
  readonly lines: readonly ContextLine[]
  /** The file is there, and says something else at that place. */
  readonly hasChanged: boolean
}

/** What stands around the proofs of one file, in the order of the file. Text is masked (unless told not to) and visible. */
export async function contextsOf(
  proofs: readonly Proof[],
  reopened: ReopenedInput,
  composition: Composition,
  showSecrets: boolean,
): Promise<Context[]> {
  const show = (text: string): string =>
    cutBytes(visible(showSecrets ? text : maskSecrets(text)), MAX_LINE_BYTES)
  const packets: Context[] = []
  for (const proof of proofs) {
    if (proof.packet === undefined) continue
    const described = await composition.describePacket(reopened.input, proof.packet, proof.offset)
    const payloadAt = described.indexOf('')
    packets.push({
      proofs: [proof],
      lines: unfold(described).map((text, i) => ({
        number: null,
        text: show(text),
        isProof: payloadAt !== -1 && i > payloadAt,
      })),
      hasChanged: described.length === 0,
    })
  }
  const inLines = proofs.filter((proof) => proof.packet === undefined && proof.line !== undefined)
  if (inLines.length === 0) return packets
  const texts = await linesAround(reopened, inLines)
  const places = await textsAt(reopened, inLines)
  return [...packets, ...groupsOf(inLines).map((group) => contextOf(group, { texts, places }, show))]
}

function lineOf(proof: Proof): number {
  return proof.line ?? 1
}

/** Proofs whose surroundings touch. */
function groupsOf(proofs: readonly Proof[]): Proof[][] {
  const groups: Proof[][] = []
  for (const proof of proofs.toSorted((a, b) => lineOf(a) - lineOf(b))) {
    const last = groups.at(-1)?.at(-1)
    if (last !== undefined && lineOf(proof) - lineOf(last) <= 2 * CONTEXT_LINES + 1)
      groups.at(-1)?.push(proof)
    else groups.push([proof])
  }
  return groups
}

/** What stands in the file: lines by number, and the beginning of what stands at an offset. */
interface Standing {
  readonly texts: ReadonlyMap<number, string>
  readonly places: ReadonlyMap<number, string>
}

function contextOf(group: readonly Proof[], standing: Standing, show: (text: string) => string): Context {
  const wanted = new Set(group.map(lineOf))
  const from = Math.min(...wanted) - CONTEXT_LINES
  const to = Math.max(...wanted) + CONTEXT_LINES
  const lines: ContextLine[] = []
  for (let number = from; number <= to; number++) {
    const text = standing.texts.get(number)
    if (text !== undefined) lines.push({ number, text: show(text), isProof: wanted.has(number) })
  }
  return { proofs: group, lines, hasChanged: group.some((proof) => !isStillThere(proof, standing)) }
}

/** A record may begin within a line (a list of JSON objects) and go on over the next: it is looked for at its offset, too. */
function isStillThere(proof: Proof, { texts, places }: Standing): boolean {
  const start = withoutGaps(proof.raw).slice(0, SAME_CHARACTERS)
  const isThere = (now: string): boolean => now.startsWith(start) || start.startsWith(now)
  return [texts.get(lineOf(proof)), places.get(proof.offset)]
    .filter((text) => text !== undefined && text !== '')
    .flatMap((text = '') => [text, maskSecrets(text)])
    .map((text) => withoutGaps(visible(text)))
    .some(isThere)
}

/** A record on many lines is kept on one. */
function withoutGaps(text: string): string {
  return text.replaceAll('\\n', '').replaceAll(/\s/gu, '')
}

/** A proof may be masked: as much is read as a secret in its beginning could be long. */
const PLACE_BYTES = 4096
const NOTHING = Buffer.alloc(0)

/** What stands at the proofs' offsets, as text. */
async function textsAt(reopened: ReopenedInput, proofs: readonly Proof[]): Promise<Map<number, string>> {
  const offsets = [...new Set(proofs.map(({ offset }) => offset))].toSorted((a, b) => a - b)
  const found = new Map(offsets.map((offset) => [offset, NOTHING]))
  const last = (offsets.at(-1) ?? 0) + PLACE_BYTES
  let position = 0
  for await (const chunk of reopened.input.chunks(() => {})) {
    for (const offset of offsets) {
      const from = Math.max(0, offset - position)
      const to = Math.min(chunk.length, offset + PLACE_BYTES - position)
      if (from < to)
        found.set(offset, Buffer.concat([found.get(offset) ?? NOTHING, chunk.subarray(from, to)]))
    }
    position += chunk.length
    if (position >= last) break
  }
  return new Map([...found].map(([offset, bytes]) => [offset, bytes.toString('utf8')]))
}

/** The lines that are wanted, by number; the file is read no further than needed. */
async function linesAround(reopened: ReopenedInput, proofs: readonly Proof[]): Promise<Map<number, string>> {
  const found = new Map<number, string>()
  const wanted = new Set<number>()
  for (const proof of proofs) {
    for (let near = -CONTEXT_LINES; near <= CONTEXT_LINES; near++) wanted.add(lineOf(proof) + near)
  }
  const last = Math.max(...wanted)
  for await (const batch of splitLines(reopened.input.chunks(() => {}))) {
    for (const [i, text] of batch.texts.entries()) {
      if (wanted.has(batch.firstLine + i)) found.set(batch.firstLine + i, text)
    }
    if (batch.firstLine + batch.texts.length > last) break
  }
  return found
}

/** Payload text as it was sent, so that a secret is found that a fold would cut in two. */
function unfold(described: readonly string[]): string[] {
  const lines: string[] = []
  let isFolded = false
  for (const line of described) {
    if (isFolded) lines[lines.length - 1] += line
    else lines.push(line)
    isFolded = line.length >= FOLDED_AT
  }
  return lines
}
