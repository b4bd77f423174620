import { readAddress } from './address.ts'
import { type DnsSaid, dnsEvent, isRecordType } from './dns-line.ts'
import type { Dialect, Emit } from './dialect.ts'
import type { ProgramLine } from './program-line.ts'

/**
 * Reads a line of BIND's category `queries`, perhaps with the category and the severity before it:
 *
 *     client @0x7f2c08 192.0.2.5#53211 (example.com): view internal: query: example.com IN A +E(0)K (192.0.2.53)
 *
 * The name in brackets and the view are whatever they are: the question is read behind `query: `.
 */
export function parseNamedMessage(text: string): DnsSaid | null {
  const at = text.startsWith('client ') ? 0 : text.indexOf('client ')
  // `queries: info: `, `info: ` and nothing else may stand before it.
  if (at < 0 || at > 32) return null
  const from = text.startsWith('@', at + 7) ? text.indexOf(' ', at + 7) + 1 : at + 7
  if (from === 0) return null
  const peerEnd = endOfPeer(text, from)
  const client = readAddress(text.slice(from, peerEnd))
  const query = text.lastIndexOf(': query: ')
  if (client === null || query < peerEnd - 1) return null
  const [name = '', family = '', type = '', ...rest] = text.slice(query + 9).split(' ', 8)
  if (name === '' || !/^(?:IN|CH|HS|ANY|NONE|CLASS\d+)$/u.test(family) || !isRecordType(type)) return null
  const last = rest.find((word) => word.startsWith('(') && word.endsWith(')'))
  const resolver = last === undefined ? null : readAddress(last.slice(1, -1))
  return { client, resolver: resolver ?? '', name, type, isResponse: false, code: null, answers: [] }
}

/** `192.0.2.5#53211`, before a blank, or the colon of older versions. */
function endOfPeer(text: string, start: number): number {
  const space = text.indexOf(' ', start)
  const end = space < 0 ? text.length : space
  return text.charCodeAt(end - 1) === 58 ? end - 1 : end
}

export class NamedReader implements Dialect {
  take(line: ProgramLine, emit: Emit): boolean {
    const said = parseNamedMessage(line.message)
    if (said === null) return false
    emit(dnsEvent(line, said))
    return true
  }
}
