import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  endOfString,
  endOfValue,
  findElement,
  findMember,
  firstKey,
  nextKey,
  stringAt,
  textOf,
  valueAfter,
  valueAt,
} from './json-bytes.ts'
import { Message } from './message.ts'

const encoder = new TextEncoder()

function membersOf(bytes: Uint8Array): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  const to = bytes.length
  for (let key = firstKey(bytes, 0, to); key >= 0;) {
    const keyEnd = endOfString(bytes, key, to)
    const value = valueAfter(bytes, keyEnd, to)
    members[String(JSON.parse(textOf(bytes, key, keyEnd + 1)))] = valueAt(bytes, value, to)
    key = nextKey(bytes, endOfValue(bytes, value, to), to)
  }
  return members
}

describe('members', () => {
  it('are those that JSON.parse gives', () => {
    const safeKey = fc.string({ maxLength: 8 }).filter((key) => key !== '__proto__')
    fc.assert(
      fc.property(
        fc.dictionary(safeKey, fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true }),
        fc.constantFrom(0, 1, 2),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent)
          expect(membersOf(encoder.encode(text))).toEqual(JSON.parse(text))
        },
      ),
      { numRuns: 400, seed: 20260504 },
    )
  })

  it('of an array are those that JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 6 }), (items) => {
        const bytes = encoder.encode(JSON.stringify(items))
        const found = items.map((_item, index) =>
          valueAt(bytes, findElement(bytes, 0, bytes.length, index), bytes.length),
        )
        expect(found).toEqual(JSON.parse(JSON.stringify(items)))
        expect(findElement(bytes, 0, bytes.length, items.length)).toBe(-1)
      }),
      { numRuns: 200, seed: 20260505 },
    )
  })

  it.each(['', '{', '{"a"', '{"a":', '{"a":1', '[', '{"a" 1}', '{a:1}', '{"a":"x', '{"a\\'])(
    'of %s end without harm',
    (text) => {
      const bytes = encoder.encode(text)
      expect(new Message().read(bytes, 0, bytes.length)).toBe(false)
      expect(findMember(bytes, 0, bytes.length, 'zz')).toBe(-1)
      expect(findElement(bytes, 0, bytes.length, 7)).toBe(-1)
      expect(stringAt(bytes, findMember(bytes, 0, bytes.length, 'a'), bytes.length)).toBe(null)
    },
  )
})

describe('message', () => {
  it.each([
    ['{"id":7,"result":true}', 7, 'accepted'],
    ['{"id":-7,"result":true,"error":null}', -7, 'accepted'],
    ['{"id":"auth","result":{"status":"OK"},"error":null}', 'auth', 'accepted'],
    ['{"id":null,"result":"ok"}', null, 'accepted'],
    ['{"id":1,"result":{"status":"OK","job":{}}}', 1, 'other'],
    ['{"id":1,"result":{"status":"KEEPALIVED"}}', 1, 'other'],
    ['{"id":1,"result":false}', 1, 'refused'],
    ['{"id":1,"result":null,"error":[21,"Stale",null]}', 1, 'refused'],
    ['{"id":1,"error":{"code":-1,"message":"Low difficulty share"}}', 1, 'refused'],
    ['{"id":1,"result":true,"error":false}', 1, 'accepted'],
    ['{"id":1,"result":[1]}', 1, 'other'],
    ['{"id":1,"result":null,"error":null}', 1, 'other'],
    ['{"id":{"a":1},"result":true}', null, 'accepted'],
  ])('%s', (text, id, outcome) => {
    const bytes = encoder.encode(text)
    const message = new Message()
    expect(message.read(bytes, 0, bytes.length)).toBe(true)
    expect(message.isReply()).toBe(true)
    expect(message.messageId()).toBe(id)
    expect(message.outcome()).toBe(outcome)
  })
})
