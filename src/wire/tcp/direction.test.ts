import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_GAP_MS, MAX_HELD_BYTES, TcpDirection } from './direction.ts'

/** Writes what is read into one text; `|` marks a gap. */
function recorded(limit = 1_000_000) {
  let text = ''
  const packets: number[] = []
  const total = { bytes: 0, limit, refused: 0 }
  const direction = new TcpDirection(
    {
      feed: (_, data, __, packet) => {
        text += new TextDecoder('latin1').decode(data)
        packets.push(packet)
      },
      gap: () => {
        text += '|'
      },
    },
    true,
    total,
  )
  return { direction, total, packets, text: () => text }
}

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

/** `seq:text`, `syn:seq`, `ack:seq`, `wait:ms`, `cut:seq:text:missing` */
function play(steps: readonly string[]) {
  const { direction, total, text } = recorded()
  let timeMs = 0
  for (const [i, step] of steps.entries()) {
    const [word = '', ...rest] = step.split(':')
    if (word === 'syn') direction.start(Number(rest[0]) + 1)
    else if (word === 'ack') direction.acknowledge(Number(rest[0]))
    else if (word === 'wait') timeMs += Number(rest[0])
    else if (word === 'cut') {
      const data = bytes(rest[1] ?? '')
      direction.segment(Number(rest[0]), data, data.length + Number(rest[2]), timeMs, i, 0)
    } else {
      const data = bytes(rest.join(':').replace('\\0', '\0'))
      direction.segment(Number(word), data, data.length, timeMs, i, 0)
    }
  }
  const read = text()
  direction.finish()
  direction.drop()
  expect(total.bytes).toBe(0)
  return { read, all: text() }
}

describe('one direction of a connection', () => {
  it.each<[string, readonly string[], string]>([
    ['in order', ['syn:99', '100:abc', '103:def'], 'abcdef'],
    ['out of order', ['syn:99', '103:def', '100:abc'], 'abcdef'],
    ['backwards', ['syn:99', '106:g', '103:def', '100:abc'], 'abcdefg'],
    ['retransmitted', ['syn:99', '100:abc', '100:abc', '103:d'], 'abcd'],
    ['retransmitted in larger pieces', ['syn:99', '100:abc', '103:d', '100:abcdef'], 'abcdef'],
    ['overlap behind: first copy wins', ['syn:99', '100:abcd', '102:XXef'], 'abcdef'],
    ['overlap ahead: first copy wins', ['syn:99', '102:cd', '100:ab', '100:XXXXe'], 'abcde'],
    ['held copies: first wins', ['syn:99', '102:cd', '101:XYZe', '100:a'], 'aXcde'],
    ['held piece inside a longer one', ['syn:99', '103:d', '102:XXXf', '100:ab'], 'abXdXf'],
    ['filled from both sides', ['syn:99', '104:e', '101:bcdef', '100:a'], 'abcdef'],
    ['one byte at a time, shuffled', ['syn:99', '102:c', '100:a', '104:e', '101:b', '103:d'], 'abcde'],
    ['sequence wrap', ['syn:4294967293', '4294967294:ab', '0:cd', '2:e'], 'abcde'],
    ['out of order across the wrap', ['syn:4294967293', '0:cd', '2:e', '4294967294:ab'], 'abcde'],
    ['no SYN: the first segment starts', ['500:abc', '503:d'], 'abcd'],
    ['no SYN: what came before it is left out', ['500:abc', '497:xyz', '503:d'], 'abcd'],
    ['a keep-alive is no data', ['syn:99', '100:abc', '102:\\0', '103:d'], 'abcd'],
    ['a keep-alive does not start a stream', ['99:\\0', '100:abc'], 'abc'],
    ['a gap that was acknowledged', ['syn:99', '100:abc', '106:ghi', 'ack:109'], 'abc|ghi'],
    ['a gap known to be acknowledged before', ['syn:99', '100:abc', 'ack:106', '106:ghi'], 'abc|ghi'],
    ['a gap not yet acknowledged', ['syn:99', '100:abc', 'ack:103', '106:ghi'], 'abc'],
    [
      'a gap that nothing closes',
      ['syn:99', '100:abc', '106:ghi', `wait:${MAX_GAP_MS + 1}`, '109:j'],
      'abc|ghij',
    ],
    ['cut by the snap length', ['syn:99', 'cut:100:abc:5', '108:ij'], 'abc|ij'],
    ['cut, then retransmitted whole', ['syn:99', 'cut:100:abc:5', '100:abcdefgh', '108:ij'], 'abc|ij'],
    ['a stray far away is ignored', ['syn:99', '100:abc', '2000000000:zzz', '103:d'], 'abcd'],
    [
      'a stray just out of reach does not break the stream',
      ['syn:99', '100:abc', '50000000:zzz', '103:d'],
      'abcd',
    ],
  ])('%s', (_, steps, expected) => {
    expect(play(steps).read).toBe(expected)
  })

  it('hands on what is held when the connection ends', () => {
    expect(play(['syn:99', '100:abc', '106:ghi', '112:m']).all).toBe('abc|ghi|m')
  })

  it('moves to where the strays are when they go on', () => {
    const strays = Array.from({ length: 9 }, (_, i) => `${2_000_000_000 + i}:${i}`)
    expect(play(['syn:99', '100:abc', ...strays]).read).toBe('abc|78')
  })

  it('names the packet that carried each piece', () => {
    const { direction, packets } = recorded()
    direction.start(100)
    direction.segment(103, bytes('d'), 1, 0, 7, 0)
    direction.segment(100, bytes('abc'), 3, 0, 8, 0)
    expect(packets).toEqual([8, 7])
  })

  it('gives a gap up before it holds too much', () => {
    const { direction, total, text } = recorded()
    direction.start(100)
    for (let i = 0; i < 1_000; i++) direction.segment(200 + i * 1_000, new Uint8Array(1_000), 1_000, 0, 0, 0)
    expect(total.bytes).toBeLessThanOrEqual(MAX_HELD_BYTES)
    expect(text().startsWith('|')).toBe(true)
  })

  it('gives a gap up when all connections together hold too much', () => {
    const { direction, total } = recorded(500)
    direction.start(100)
    for (let i = 0; i < 10; i++) direction.segment(200 + i * 100, new Uint8Array(100), 100, 0, 0, 0)
    expect(total.bytes).toBeLessThanOrEqual(500)
  })

  it('puts any cut and shuffle of a stream together again', () => {
    const stream = Array.from({ length: 200 }, (_, i) => String.fromCharCode(33 + (i % 90))).join('')
    const piece = fc.tuple(fc.nat(199), fc.integer({ min: 1, max: 40 }))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(0xffffffff), (pieces, isn) => {
        const { direction, total, text } = recorded()
        direction.start(isn + 1)
        for (const [at, length] of pieces) {
          const data = bytes(stream.slice(at, at + length))
          direction.segment((isn + 1 + at) >>> 0, data, data.length, 0, 0, 0)
        }
        for (let at = 0; at < 200; at += 10) {
          const data = bytes(stream.slice(at, at + 10))
          direction.segment((isn + 1 + at) >>> 0, data, data.length, 0, 0, 0)
        }
        expect(text()).toBe(stream)
        expect(total.bytes).toBe(0)
      }),
      { seed: 13, numRuns: 500 },
    )
  })

  it('takes any numbers without growing', () => {
    const segment = fc.tuple(fc.nat(0xffffffff), fc.nat(300), fc.nat(300))
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 100 }), (segments) => {
        const { direction, total } = recorded(10_000)
        for (const [seq, length, missing] of segments) {
          direction.segment(seq, new Uint8Array(length), length + missing, 0, 0, 0)
          direction.acknowledge(seq - missing)
        }
        expect(total.bytes).toBeGreaterThanOrEqual(0)
        expect(total.bytes).toBeLessThanOrEqual(10_000)
        direction.drop()
        expect(total.bytes).toBe(0)
      }),
      { seed: 14, numRuns: 300 },
    )
  })
})

describe('a repeat', () => {
  it.each<[string, number, number, boolean]>([
    ['all of it', 1, 5, true],
    ['its end', 3, 3, true],
    ['with something new', 3, 4, false],
    ['the next', 6, 1, false],
    ['behind a gap', 100, 1, false],
    ['from far away', -0x2000000, 5, false],
    ['nothing', 6, 0, true],
  ])('%s', (_, seq, length, isRepeat) => {
    const { direction, text } = recorded()
    expect(direction.isRepeat(seq, length)).toBe(false)
    direction.start(1)
    direction.segment(1, bytes('hello'), 5, 0, 0, 0)
    expect(direction.isRepeat(seq, length)).toBe(isRepeat)
    const before = text()
    direction.segment(seq, bytes('x'.repeat(length)), length, 0, 0, 0)
    if (isRepeat) expect(text()).toBe(before)
  })
})
