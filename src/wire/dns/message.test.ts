import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, uint16s } from '../bytes.ts'
import { dnsMessage, dnsOverTcp } from '../encode/index.ts'
import { DnsConnection } from './connection.ts'
import { decodeDns, dnsText } from './message.ts'

const question = { id: 7, name: 'pool.Example', type: 'A' }

function raw(body: readonly number[], flags = 0x8180, answers = 0): Uint8Array {
  return concatBytes(uint16s(7, flags, 1, answers, 0, 0), Uint8Array.from(body))
}

describe('DNS messages', () => {
  it.each<[string, Parameters<typeof dnsMessage>[0], string]>([
    ['a query', question, 'A? pool.example'],
    [
      'an answer',
      { ...question, isResponse: true, answers: [{ name: 'pool.Example', type: 'A', value: '192.0.2.1' }] },
      'A? pool.example → 192.0.2.1',
    ],
    [
      'a chain of names',
      {
        ...question,
        type: 'AAAA',
        isResponse: true,
        answers: [
          { name: 'pool.Example', type: 'CNAME', value: 'eu.pool.example' },
          { name: 'eu.pool.example', type: 'AAAA', value: '2001:db8::1' },
          { name: 'eu.pool.example', type: 'TXT', value: 'not an address' },
        ],
      },
      'AAAA? pool.example → eu.pool.example, 2001:db8::1',
    ],
    ['no such name', { ...question, isResponse: true, responseCode: 3 }, 'A? pool.example → NXDOMAIN'],
    ['a type without a name', { ...question, type: 'TYPE65280' }, 'TYPE65280? pool.example'],
    ['the root', { ...question, name: '', type: 'NS' }, 'NS? .'],
    ['odd bytes in a name', { ...question, name: 'a b\\c\u0007' }, 'A? a\\032b\\092c\\007'],
  ])('%s', (_, fields, expected) => {
    const message = decodeDns(dnsMessage(fields))
    expect(message === null ? null : dnsText(message)).toBe(expected)
  })

  it.each<[string, Uint8Array]>([
    ['too short', new Uint8Array(12)],
    ['a pointer to itself', raw([0xc0, 12, 0, 1, 0, 1])],
    ['a pointer forward', raw([0xc0, 20, 0, 1, 0, 1, 0, 0, 0])],
    ['a pointer into the header', raw([0xc0, 2, 0, 1, 0, 1])],
    ['a label without its bytes', raw([63, 97, 98, 99, 0, 1])],
    ['an endless name', raw(Array.from({ length: 600 }, (_, i) => (i % 2 === 0 ? 1 : 97)))],
    ['a reserved label type', raw([0x40, 97, 0, 0, 1, 0, 1])],
    ['an update', raw([0, 0, 1, 0, 1], 0x2800)],
    ['text', new TextEncoder().encode('{"id":1,"method":"login","params":{}}')],
  ])('is none: %s', (_, bytes) => {
    expect(decodeDns(bytes)).toBeNull()
  })

  it('keeps the answers before a broken one', () => {
    const whole = dnsMessage({
      ...question,
      isResponse: true,
      answers: ['192.0.2.1', '192.0.2.2'].map((value) => ({ name: 'pool.Example', type: 'A', value })),
    })
    expect(decodeDns(whole.subarray(0, whole.length - 2))?.answers).toEqual(['192.0.2.1'])
  })

  it('never throw on any bytes', () => {
    const base = dnsMessage({
      ...question,
      isResponse: true,
      answers: [{ name: 'a.example', type: 'CNAME', value: 'b.example' }],
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 10 }), (edits) => {
        const bytes = base.slice()
        for (const [at, value] of edits) bytes[at % bytes.length] = value
        const message = decodeDns(bytes)
        if (message !== null) expect(dnsText(message)).toMatch(/^[\u0020-\u007e→]*$/u)
      }),
      { seed: 15, numRuns: 1_000 },
    )
  })
})

describe('DNS over TCP', () => {
  const stream = concatBytes(
    dnsOverTcp(dnsMessage(question)),
    dnsOverTcp(dnsMessage({ ...question, type: 'AAAA' })),
  )

  it.each([1, 3, 1_000])('is read in pieces of %i', (size) => {
    const told: string[] = []
    const connection = new DnsConnection((message) => told.push(dnsText(message)))
    for (let at = 0; at < stream.length; at += size)
      connection.feed(true, stream.subarray(at, at + size), 0, 1, 0)
    expect(told).toEqual(['A? pool.example', 'AAAA? pool.example'])
  })

  it('gives a direction up where bytes are missing', () => {
    const told: string[] = []
    const connection = new DnsConnection((message) => told.push(dnsText(message)))
    connection.feed(true, stream.subarray(0, 10), 0, 1, 0)
    connection.gap(true)
    connection.feed(true, stream, 0, 1, 0)
    connection.feed(false, stream, 0, 1, 0)
    expect(told).toHaveLength(2)
  })
})
