import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Input } from '../inputs/input.ts'
import { InputReports } from '../pipeline/input-reports.ts'
import { encodePcap, TcpConversation, type TimedPacket } from '../wire/encode/index.ts'
import type { Conversation } from './conversation.ts'
import { readCaptures } from './read-captures.ts'

const START = Date.UTC(2026, 4, 12)
const model = { features: [], bias: 0, threshold: 0, slope: 1, trees: [] }
const intel = { poolByHost: () => null, poolByAddress: () => null, isSharedAddress: () => false }

function inputOf(name: string, bytes: Uint8Array): Input {
  return {
    name,
    group: '.',
    storedSize: bytes.length,
    modifiedAt: START,
    head: bytes.subarray(0, 65_536),
    tail: () => null,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.slice(at, at + 1000)
    },
  }
}

async function read(...inputs: readonly Input[]): Promise<Conversation[]> {
  const found: Conversation[] = []
  const reports = new InputReports()
  const env = {
    now: START + 86_400_000,
    zoneOf: () => null,
    datedRanges: [],
    matchesOf: () => [],
    isAsked: () => false,
    reportOf: (input: Input) => reports.of(input),
  }
  const told = (conversation: Conversation): void => void found.push(conversation)
  await readCaptures(inputs, env, { intel, model, maxFlows: 100, tellsAll: true, told }, () => undefined)
  return found
}

/** A connection that says something every ten seconds. */
function talk(messages: number, port = 40_000, startMs = START): TimedPacket[] {
  const conversation = new TcpConversation({
    client: { ip: '10.0.0.5', port },
    server: { ip: '198.51.100.7', port: 80 },
    startMs,
    rttMs: 10,
  })
  const ready = conversation.connect()
  for (let i = 0; i < messages; i++)
    conversation.send(true, new TextEncoder().encode('hello\n'), ready + i * 10_000)
  conversation.close(ready + messages * 10_000)
  return conversation.packets()
}

const packets = talk(12)
const part = (from: number, to?: number): Uint8Array => encodePcap(packets.slice(from, to))

describe('several captures', () => {
  it.each<readonly [string, readonly Input[], readonly string[]]>([
    ['one after the other go on', [inputOf('a', part(0, 9)), inputOf('b', part(9))], ['a']],
    ['given the other way round as well', [inputOf('b', part(9)), inputOf('a', part(0, 9))], ['a']],
    ['in three', [inputOf('c', part(20)), inputOf('a', part(0, 9)), inputOf('b', part(9, 20))], ['a']],
    ['of the same time are each their own', [inputOf('a', part(0)), inputOf('copy', part(0))], ['a', 'copy']],
    [
      'of two interfaces, rotated: each goes on by itself',
      [
        inputOf('x0', part(0, 9)),
        inputOf('y0', encodePcap(talk(12, 41_000, START + 5).slice(0, 9))),
        inputOf('x1', part(9)),
      ],
      ['x0', 'y0'],
    ],
    ['an empty one changes nothing', [inputOf('none', encodePcap([])), inputOf('a', part(0))], ['a']],
  ])('%s', async (_name, inputs, files) => {
    const found = await read(...inputs)
    expect(found.map(({ file }) => file).toSorted()).toEqual(files)
    expect(Math.max(...found.map((one) => one.packets))).toBe(packets.length)
  })

  it('with hours between them are two', async () => {
    const late = talk(3, 40_000, START + 7_200_000)
    expect(await read(inputOf('a', part(0)), inputOf('b', encodePcap(late)))).toHaveLength(2)
  })
})

describe('any bytes', () => {
  it('behind a capture header are read to their end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.nat(200), async (noise, at) => {
        const capture = part(0, 9)
        capture.set(noise.subarray(0, Math.max(0, capture.length - 24 - at)), 24 + at)
        for (const { packets: count } of await read(inputOf('x', capture), inputOf('y', noise)))
          expect(count).toBeGreaterThan(0)
      }),
      { seed: 11, numRuns: 100 },
    )
  })
})
