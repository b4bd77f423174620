import { decoded } from './fields.ts'
import type { AuditRecord } from './record.ts'

const MAX_ARGUMENTS = 4096
const MAX_TOTAL_LENGTH = 65_536
/** ` a0="curl"`, ` a2[1]=2F746D70`, ` a2_len=9000`. */
const ARGUMENT = /(?:^| )a(\d{1,5})(?:\[(\d{1,5})\])?=("[^"]*"|[^ \u001d]*)/gu

/** The arguments an event's EXECVE records carry; long ones are put together from their pieces. Empty when there are none. */
export function argumentsOf(records: readonly AuditRecord[]): string[] {
  const args: string[] = []
  let length = 0
  for (const record of records) {
    if (record.type !== 'EXECVE') continue
    const text = record.identity.slice(record.fieldsAt)
    if (record.isInterpreted) return interpretedArguments(text)
    for (const [, number, piece, value] of text.matchAll(ARGUMENT)) {
      const index = Number(number)
      if (index >= MAX_ARGUMENTS || length > MAX_TOTAL_LENGTH) break
      const part = decoded(value, false) ?? ''
      length += part.length
      while (args.length < index) args.push('')
      args[index] = piece === undefined ? part : (args[index] ?? '') + part
    }
  }
  return args
}

/** `argc=3 a0=sh a1=-c a2=curl -s x | sh`: an argument ends where the next number begins. */
function interpretedArguments(text: string): string[] {
  const args: string[] = []
  let at = text.indexOf('a0=')
  while (at >= 0 && args.length < MAX_ARGUMENTS) {
    const start = text.indexOf('=', at) + 1
    const next = text.indexOf(` a${args.length + 1}=`, start)
    args.push(text.slice(start, next < 0 ? undefined : next).trimEnd())
    at = next < 0 ? -1 : next + 1
  }
  return args
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
