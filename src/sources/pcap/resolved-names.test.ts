import { describe, expect, it } from 'vitest'
import type { DnsMessage } from '../../wire/dns/message.ts'
import { ResolvedNames } from './resolved-names.ts'

const START = 1_747_019_640_000
const HOUR = 3_600_000

function answer(query: string, answers: readonly string[], part: Partial<DnsMessage> = {}): DnsMessage {
  return {
    id: 1,
    isResponse: true,
    responseCode: 'NOERROR',
    query,
    queryType: 'A',
    answers,
    ttlSeconds: 300,
    ...part,
  }
}

/** Answers to one client, each an hour after the one before. */
function names(messages: readonly DnsMessage[], limit?: number): ResolvedNames {
  const resolved = new ResolvedNames(limit)
  for (const [at, message] of messages.entries()) {
    const timeMs = START + at * HOUR
    resolved.observe({
      message,
      clientIp: '10.0.0.5',
      resolverIp: '10.0.0.2',
      timeMs,
      isTimed: true,
      packet: 1,
      offset: 0,
    })
  }
  return resolved
}

describe('names looked up before', () => {
  it.each<[string, readonly DnsMessage[], number, string | null]>([
    ['an address', [answer('pool.example', ['192.0.2.1'])], 0, 'pool.example'],
    [
      'beyond its time to live, as programs hold on to it',
      [answer('pool.example', ['192.0.2.1'])],
      1,
      'pool.example',
    ],
    ['long after it', [answer('pool.example', ['192.0.2.1'])], 2, null],
    [
      'within a long time to live',
      [answer('pool.example', ['192.0.2.1'], { ttlSeconds: 86_400 })],
      20,
      'pool.example',
    ],
    ['before it', [answer('pool.example', ['192.0.2.1'])], -0.01, null],
    ['a chain in one answer', [answer('own.example', ['eu.pool.example', '192.0.2.1'])], 0, 'own.example'],
    [
      'a chain over two answers',
      [answer('own.example', ['eu.pool.example']), answer('eu.pool.example', ['192.0.2.1'])],
      1,
      'own.example',
    ],
    [
      'the newest of two names',
      [answer('a.example', ['192.0.2.1']), answer('b.example', ['192.0.2.1'])],
      1.5,
      'b.example',
    ],
    [
      'looked up again and again: known since the first time',
      [answer('a.example', ['192.0.2.1']), answer('a.example', ['192.0.2.1'])],
      0.5,
      'a.example',
    ],
    ['a question', [answer('pool.example', ['192.0.2.1'], { isResponse: false })], 0, null],
    [
      'the name of an address',
      [answer('1.2.0.192.in-addr.arpa', ['192.0.2.1'], { queryType: 'PTR' })],
      0,
      null,
    ],
    [
      'a loop',
      [answer('a.example', ['b.example']), answer('b.example', ['a.example', '192.0.2.1'])],
      1,
      'a.example',
    ],
  ])('%s', (_, messages, hours, expected) => {
    expect(names(messages).nameOf('10.0.0.5', '192.0.2.1', START + hours * HOUR)).toBe(expected)
  })

  it('are those of the client itself', () => {
    expect(names([answer('a.example', ['192.0.2.1'])]).nameOf('10.0.0.6', '192.0.2.1', START)).toBeNull()
  })

  it('are bounded', () => {
    const resolved = names(
      Array.from({ length: 50 }, (_, i) => answer(`${i}.example`, [`192.0.2.${i}`], { ttlSeconds: 1e6 })),
      10,
    )
    const known = Array.from({ length: 50 }, (_, i) =>
      resolved.nameOf('10.0.0.5', `192.0.2.${i}`, START + 50 * HOUR),
    )
    expect(known.filter((name) => name !== null)).toHaveLength(10)
  })
})
