import type { TextPiece } from '../rule.ts'
import { DASHES, plainText } from './text-pattern.ts'

/** Text that is going to be encoded: `latin1` once it holds bytes (after a UTF-16 modifier). */
export interface Encodable {
  readonly text: string
  readonly encoding: 'utf8' | 'latin1'
}

type Utf16 = 'wide' | 'utf16le' | 'utf16be' | 'utf16'

/** The bytes of a text in UTF-16, one character per byte. `utf16` is little endian behind a byte order mark. */
export function toUtf16({ text, encoding }: Encodable, modifier: Utf16): Encodable {
  if (encoding === 'latin1') return { text, encoding }
  const bytes = Buffer.from(text, 'utf16le')
  if (modifier === 'utf16be') bytes.swap16()
  const mark = modifier === 'utf16' ? '\u00ff\u00fe' : ''
  return { text: mark + bytes.toString('latin1'), encoding: 'latin1' }
}

export function toBase64({ text, encoding }: Encodable): string {
  return Buffer.from(text, encoding).toString('base64')
}

/** Cut off at each end because neighbours have a part in it, by shift and by what is left over. */
const STARTS = [0, 2, 3] as const
const ENDS = [0, 3, 2] as const

/** What of a text shows in Base64 wherever it stands in what was encoded: one form for each shift by 0–2 bytes. */
export function toBase64Offsets({ text, encoding }: Encodable): string[] {
  const bytes = Buffer.from(text, encoding)
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift, ' '), bytes]).toString('base64')
    const end = ENDS[(bytes.length + shift) % 3] ?? 0
    return encoded.slice(STARTS[shift] ?? 0, encoded.length - end)
  })
}

/** The most spellings one value may have before it is encoded. */
const MAX_SPELLINGS = 625

/** Every spelling of a pattern whose only wild cards are dashes; null where it has others, or too many. */
export function spellings(pieces: readonly TextPiece[]): string[] | null {
  const plain = plainText(pieces)
  if (plain !== null) return [plain]
  let all = ['']
  for (const piece of pieces) {
    if (typeof piece === 'string') all = all.map((one) => one + piece)
    else if ('wild' in piece && piece.wild === 'dash')
      all = all.flatMap((one) => Array.from(DASHES, (dash) => one + dash))
    else return null
    if (all.length > MAX_SPELLINGS) return null
  }
  return all
}
