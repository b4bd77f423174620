import { readAddress } from './address.ts'
import { type DnsSaid, dnsEvent, isRecordType } from './dns-line.ts'
import type { Dialect, Emit } from './dialect.ts'
import type { ProgramLine } from './program-line.ts'

/**
 * Reads `[1234:0] info: 192.0.2.5 example.com. A IN` (`log-queries`), the same with `NOERROR 0.012 0 56` behind it
 * (`log-replies`), and both with `query:` or `reply:` for `info:` (`log-tag-queryreply`).
 */
export function parseUnboundMessage(text: string): DnsSaid | null {
  const start = text.startsWith('[') ? text.indexOf('] ') + 2 : 0
  const words = text.slice(start).split(' ', 8)
  const [tag = '', peer = '', name = '', type = '', family = '', code = ''] = words
  if (tag !== 'info:' && tag !== 'query:' && tag !== 'reply:') return null
  const client = readAddress(peer)
  if (client === null || name === '' || !isRecordType(type) || !/^(?:IN|CH|HS|ANY|CLASS\d+)$/u.test(family))
    return null
  const isResponse = tag !== 'query:' && /^[A-Z]{3,12}$/u.test(code)
  return { client, resolver: '', name, type, isResponse, code: isResponse ? code : null, answers: [] }
}

export class UnboundReader implements Dialect {
  take(line: ProgramLine, emit: Emit): boolean {
    const said = parseUnboundMessage(line.message)
    if (said === null) return false
    emit(dnsEvent(line, said))
    return true
  }
}
