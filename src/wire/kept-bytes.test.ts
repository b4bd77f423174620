import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HeldTotal, KeptBytes } from './kept-bytes.ts'
import { StratumDialogue } from './stratum/dialogue.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('kept bytes', () => {
  it('come back as they were put in', () => {
    const kept = new KeptBytes({ bytes: 0, limit: 10_000, refused: 0 })
    for (const part of ['xab', 'xcdef', 'x']) kept.append(bytes(part), 1, part.length)
    kept.push(0x67)
    const { bytes: taken, length } = kept.take()
    expect(Buffer.from(taken.subarray(0, length)).toString()).toBe('abcdefg')
  })

  it('are refused where all together would be too many, and let go', () => {
    const total = { bytes: 0, limit: 2000, refused: 0 }
    const [one, other] = [new KeptBytes(total), new KeptBytes(total)]
    expect(one.append(new Uint8Array(700), 0, 700)).toBe(true)
    expect(other.append(new Uint8Array(700), 0, 700)).toBe(false)
    expect(other.length).toBe(0)
    one.clear()
    expect(other.append(new Uint8Array(700), 0, 700)).toBe(true)
    other.take()
    expect(total).toEqual({ bytes: 0, limit: 2000, refused: 1 })
  })
})

describe('many dialogues with one bound', () => {
  const login = `{"id":1,"method":"login","params":{"login":"4${'A'.repeat(94)}","pass":"x","agent":"XMRig/6.21.0"}}`
  const endless = `{"id":1,"method":"mining.subscribe","params":["${'x'.repeat(1300)}`
  const more = bytes('x'.repeat(1400))

  it('keep no more than that of lines that do not end, and go on reading others', () => {
    const total: HeldTotal = { bytes: 0, limit: 100_000, refused: 0 }
    const dialogues = Array.from({ length: 200 }, () => new StratumDialogue(total))
    for (let round = 0; round < 20; round++) {
      for (const dialogue of dialogues) dialogue.feed(true, round === 0 ? bytes(endless) : more, round, 1, 0)
      expect(total.bytes).toBeLessThanOrEqual(total.limit)
    }
    expect(total.refused).toBeGreaterThan(0)
    const miner = new StratumDialogue(total)
    miner.feed(true, bytes(`${login}\n`), 0, 1, 0)
    expect(miner.verdict).toBe('mining')
    for (const dialogue of dialogues) dialogue.drop()
    expect(total.bytes).toBe(0)
  })

  it('give back all they kept, whatever they were fed', () => {
    const scrap = fc.constantFrom(
      login,
      endless,
      '\n',
      'POST /json_rpc HTTP/1.1\r\ncontent-length: 900\r\n\r\n',
      '{"a":',
      'x',
    )
    const step = fc.record({ text: scrap, fromInitiator: fc.boolean(), isGap: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 20_000 }), (steps, limit) => {
        const total = { bytes: 0, limit, refused: 0 }
        const dialogue = new StratumDialogue(total)
        for (const { text, fromInitiator, isGap } of steps) {
          if (isGap) dialogue.gap(fromInitiator)
          dialogue.feed(fromInitiator, bytes(text), 0, 1, 0)
          expect(total.bytes).toBeLessThanOrEqual(limit)
        }
        dialogue.drop()
        expect(total.bytes).toBe(0)
      }),
      { seed: 31, numRuns: 500 },
    )
  })
})
