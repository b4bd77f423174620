import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Case, CASES, type Spoken } from './dialogue.cases.ts'
import { StratumDialogue } from './dialogue.ts'
import type { StratumSnapshot } from './snapshot.ts'

const encoder = new TextEncoder()
type Cut = (bytes: Uint8Array) => Uint8Array[]

const whole: Cut = (bytes) => [bytes]
const halves: Cut = (bytes) => [bytes.subarray(0, 10), bytes.subarray(10)]
const bytewise: Cut = (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte))

function listen(spoken: readonly Spoken[], cut: Cut = whole): StratumDialogue {
  const dialogue = new StratumDialogue()
  let packet = 0
  for (const [who, text] of spoken) {
    if (who.startsWith('gap')) dialogue.gap(who === 'gap>')
    else
      for (const bytes of cut(encoder.encode(text)))
        dialogue.feed(who === '>', bytes, 1000 * ++packet, packet, packet * 100)
  }
  return dialogue
}

/** What must not depend on where segments are cut. */
function story(dialogue: StratumDialogue): object {
  return {
    ...dialogue.snapshot(),
    // Places and times are those of the segments, which differ.
    recent: null,
    lastPacket: null,
    lastOffset: null,
    verdict: dialogue.verdict,
    minerIsInitiator: dialogue.minerIsInitiator,
  }
}

function pick(snapshot: StratumSnapshot, keys: object): object {
  return Object.fromEntries(Object.entries(snapshot).filter(([key]) => key in keys))
}

/** Targets are bounds of a whole number, so a hash more or less is no error. */
function rounded<T extends { expectedHashes?: number }>(told: T): T {
  return told.expectedHashes === undefined
    ? told
    : { ...told, expectedHashes: Math.round(told.expectedHashes) }
}

/** Verdicts on shares, an answer to a question not seen, a word that others use as well. */
const SILENT_ALONE: ReadonlySet<string> = new Set([
  '< Bitcoin, only shares and their replies',
  '< Zcash joined in the middle: shares alone',
  '< getblocktemplate over HTTP: the password in the header stays there',
  '> getwork over HTTP with an account that is no base64',
])

describe.each(CASES)('$name', ({ name, spoken, expected, minerIsResponder }: Case) => {
  it('is told', () => {
    const dialogue = listen(spoken)
    expect(dialogue.verdict).toBe('mining')
    expect(pick(rounded(dialogue.snapshot()), expected)).toEqual(rounded(expected))
    expect(dialogue.minerIsInitiator).toBe(minerIsResponder !== true)
    expect(dialogue.snapshot().confidence).toBeGreaterThanOrEqual(0.5)
  })

  it('is told the same one byte at a time', () => {
    expect(story(listen(spoken, bytewise))).toEqual(story(listen(spoken)))
  })

  it('is told the same however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 400 }), { maxLength: 60 }), (sizes) => {
        let turn = 0
        const cut: Cut = (bytes) => {
          const parts: Uint8Array[] = []
          for (let at = 0; at < bytes.length;) {
            const size = 1 + (sizes[turn++ % Math.max(1, sizes.length)] ?? 50)
            parts.push(bytes.subarray(at, at + size))
            at += size
          }
          return parts
        }
        expect(story(listen(spoken, cut))).toEqual(story(listen(spoken)))
      }),
      { numRuns: 30, seed: 20260501 },
    )
  })

  it.each(['>', '<'] as const)('is told by %s alone, where that side says anything of mining', (side) => {
    const said = spoken.filter(([who]) => who === side)
    const isSilent = said.length === 0 || SILENT_ALONE.has(`${side} ${name}`)
    expect(listen(said).verdict === 'mining').toBe(!isSilent)
  })

  it('keeps passwords to its last line', () => {
    const told = { ...listen(spoken).snapshot(), lastLine: '' }
    expect(JSON.stringify(told)).not.toContain('topsecret')
  })
})

it('gives the newest line that told something, with the packet it began in', () => {
  const [login, reply] = CASES[0]!.spoken
  const dialogue = listen([login!, reply!])
  expect(dialogue.snapshot().lastLine).toBe(reply![1].trimEnd().slice(0, 512))
  expect(dialogue.snapshot()).toMatchObject({ lastPacket: 2, lastOffset: 200 })
  expect(listen([login!, reply!], halves).snapshot()).toMatchObject({ lastPacket: 3, lastOffset: 300 })
})

describe('news', () => {
  const { spoken } = CASES[0]!
  const feed = (dialogue: StratumDialogue, index: number, timeMs: number): boolean => {
    const [who, text] = spoken[index]!
    dialogue.feed(who === '>', encoder.encode(text), timeMs, index, 0)
    return dialogue.takeChange()
  }

  it('comes with the opening, the first job and the first accepted share, then not before a minute', () => {
    const dialogue = new StratumDialogue()
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((index) => feed(dialogue, index, index))).toEqual([
      true,
      true,
      false,
      true,
      false,
      false,
      false,
      false,
    ])
    expect(feed(dialogue, 8, 60_003)).toBe(true)
    expect(dialogue.takeChange()).toBe(false)
  })

  it('comes every 100 shares', () => {
    const dialogue = listen(spoken.slice(0, 4))
    dialogue.takeChange()
    let told = 0
    for (let n = 0; n < 250; n++) if (feed(dialogue, 2, 5000) || feed(dialogue, 3, 5000)) told++
    expect(told).toBe(2)
  })
})
