import type { DnsEvent } from '../../event/dns.ts'
import { identifier } from '../../event/identifier.ts'
import { isLoopback } from './address.ts'
import { eventBase, type ProgramLine } from './program-line.ts'

/** What one line of a name server's log says of one look-up. */
export interface DnsSaid {
  /** Who asked; an address. */
  readonly client: string
  /** Address of the server that was asked; empty where the log does not say. */
  readonly resolver: string
  /** As written. */
  readonly name: string
  readonly type: string
  readonly isResponse: boolean
  readonly code: string | null
  readonly answers: readonly string[]
}

export function dnsEvent(line: ProgramLine, said: DnsSaid): DnsEvent {
  const client = isLoopback(said.client) ? line.observer : identifier('ip', said.client)
  return {
    kind: 'dns',
    ...eventBase(line),
    subjects: client === line.observer ? line.subjects : [client],
    query: dnsName(said.name),
    queryType: said.type,
    isResponse: said.isResponse,
    responseCode: said.code,
    answers: [...said.answers],
    srcIp: said.client,
    dstIp: said.resolver,
  }
}

/** Lower case, without the last dot. */
export function dnsName(name: string): string {
  const end = name.length > 1 && name.endsWith('.') ? name.length - 1 : name.length
  return name.slice(0, end).toLowerCase()
}

/** Record types as name servers write them: `A`, `AAAA`, `HTTPS`, `TYPE65`, `type=65`. */
export function isRecordType(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9=-]{0,15}$/u.test(text)
}
