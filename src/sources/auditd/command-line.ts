import { decoded } from './fields.ts'
import type { AuditRecord } from './record.ts'

const MAX_ARGUMENTS = 4096
const MAX_TOTAL_LENGTH = 65_536
/** ` a0="curl"`, ` a2[1]=2F746D70`, ` a2_len=9000`. */
const ARGUMENT = /(?:^| )a(\d{1,5})(?:\[(\d{1,5})\])?=("[^"]*"|[^ \u001d]*)/gu

/**
 * The arguments an event's EXECVE records carry. A long one comes in numbered pieces over several
 * records, which ausearch prints in reverse. Empty when there are none.
 */
export function argumentsOf(records: readonly AuditRecord[]): string[] {
  const args: string[][] = []
  let length = 0
  for (const record of records) {
    if (record.type !== 'EXECVE') continue
    const text = record.identity.slice(record.fieldsAt)
    for (const [number, piece, value] of record.isInterpreted
      ? interpretedArguments(text)
      : writtenArguments(text)) {
      if (number >= MAX_ARGUMENTS || piece >= MAX_ARGUMENTS || length > MAX_TOTAL_LENGTH) break
      length += value.length
      while (args.length <= number) args.push([])
      const pieces = args[number]
      if (pieces !== undefined) pieces[piece] = value
    }
  }
  return args.map((pieces) => pieces.join(''))
}

/** Argument, piece, text. */
type Part = readonly [number: number, piece: number, value: string]

function* writtenArguments(text: string): Generator<Part> {
  for (const [, number, piece, value] of text.matchAll(ARGUMENT)) {
    yield [Number(number), Number(piece ?? 0), decoded(value, false) ?? '']
  }
}

const INTERPRETED_ARGUMENT = /(?:^| )a(\d{1,5})(?:\[(\d{1,5})\])?=/gu

/** `argc=3 a0=sh a1=-c a2=curl -s x | sh`: an argument ends where the next number or piece begins. */
function* interpretedArguments(text: string): Generator<Part> {
  let open: { number: number; piece: number; from: number } | null = null
  for (const match of text.matchAll(INTERPRETED_ARGUMENT)) {
    const number = Number(match[1])
    const piece = Number(match[2] ?? 0)
    const isNext =
      open === null || (number === open.number ? piece === open.piece + 1 : number === open.number + 1)
    if (!isNext) continue
    if (open !== null) yield [open.number, open.piece, withoutLength(text.slice(open.from, match.index))]
    open = { number, piece, from: match.index + match[0].length }
  }
  if (open !== null) yield [open.number, open.piece, text.slice(open.from).trimEnd()]
}

/** `a2_len=9000` announces a long argument and is none itself. */
function withoutLength(text: string): string {
  const at = text.lastIndexOf(' a')
  return at >= 0 && /^ a\d{1,5}_len=\d{1,10}$/u.test(text.slice(at)) ? text.slice(0, at) : text
}

/** The command line the kernel remembers: NUL separated, at most 128 bytes, and the process can change it. */
export function processTitleOf(records: readonly AuditRecord[]): string[] {
  const record = records.find((record) => record.type === 'PROCTITLE')
  if (record === undefined) return []
  const at = record.identity.indexOf('proctitle=', record.fieldsAt)
  if (at < 0) return []
  const value = record.identity.slice(at + 10).trimEnd()
  if (record.isInterpreted) return value === '(null)' ? [] : value.split(' ')
  const title = decoded(value.split('\u001d', 1)[0], false)
  if (title === null) return []
  const words = title.split('\0')
  while (words.length > 0 && words.at(-1) === '') words.pop()
  return words
}
