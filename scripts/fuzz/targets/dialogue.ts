import { StratumDialogue } from '../../../src/wire/stratum/dialogue.ts'
import { promise, type Target } from '../target.ts'
import { DIALOGUES, WORDS } from './dialogue-samples.ts'

/** Byte that marks whose turn it is in an input: what follows is said by the side that opened the connection, or not. */
const FIRST = 1
const SECOND = 2

/** Both directions of one connection, cut anywhere, with gaps. */
export const dialogue: Target = {
  name: 'dialogue',
  samples: () =>
    DIALOGUES.map((spoken) =>
      Buffer.concat(
        spoken.flatMap(({ isFirst, text }) => [Uint8Array.of(isFirst ? FIRST : SECOND), Buffer.from(text)]),
      ),
    ),
  words: [...WORDS, '\u0001', '\u0002'],
  build: null,
  check: (bytes, random) => {
    const told = new StratumDialogue()
    let isFirst = true
    let time = 1_777_000_000_000
    let wasMining = false
    for (let at = 0; at < bytes.length;) {
      const mark = bytes[at]
      if (mark === FIRST || mark === SECOND) {
        isFirst = mark === FIRST
        at++
      }
      let end = at
      const most = at + (random.chance(0.3) ? random.integer(1, 30) : 1460)
      while (end < bytes.length && end < most && bytes[end] !== FIRST && bytes[end] !== SECOND) end++
      told.feed(isFirst, bytes.subarray(at, end), time, 1, at)
      if (random.chance(0.02)) told.gap(random.chance(0.5))
      time += random.between(0, 20_000)
      told.takeChange()
      promise(!wasMining || told.verdict === 'mining', 'mining never changes back')
      wasMining = told.verdict === 'mining'
      at = end
    }
    promise(JSON.stringify(told.snapshot()).length < 200_000, 'a small snapshot')
  },
}
