import { formatNumber } from '../text/units.ts'
import type { EngineEnd } from './engine.ts'
import type { Feed } from './feed.ts'

/** What a member takes in a stream that is cut off when there are too many such. */
const TINY_MEMBER_BYTES = 1024

/** Unpacks a stream: gives what ended it before its time, or null. What is wrong but does not end it goes to `problem`. */
export type Decode = (
  feed: Feed,
  problem: (text: string) => void,
) => AsyncGenerator<Uint8Array, Damage | null, undefined>

/** What ended a compressed stream before its time. */
export interface Damage {
  readonly text: string
  /** The decoder stumbled, and may have swallowed up to a chunk of what came before the place. */
  readonly isBroken: boolean
}

/** How reading one member went: there may be more behind it, the stream is over, or it cannot go on. */
type MemberEnd = 'more' | 'end' | Damage

/** Reads the next member of a compressed stream. */
export type ReadMember = (
  feed: Feed,
  tally: MemberTally,
  problem: (text: string) => void,
) => AsyncGenerator<Uint8Array, MemberEnd, undefined>

/** All members of a compressed stream, one after the other, until it is over or cannot go on. */
export async function* readMembers(
  format: string,
  maxTinyMembers: number,
  read: ReadMember,
  feed: Feed,
  problem: (text: string) => void,
): AsyncGenerator<Uint8Array, Damage | null, undefined> {
  const tally = new MemberTally(format)
  let end: MemberEnd = 'more'
  while (end === 'more') {
    end = yield* read(feed, tally, problem)
    if (end === 'more' && !tally.mayGoOn(feed.position, maxTinyMembers)) end = tally.tooMany()
  }
  return end === 'end' ? null : end
}

/** What a compressed stream gave so far, and the words for what goes wrong in it. */
export class MemberTally {
  /** Unpacked bytes of all members. */
  outBytes = 0
  readonly #format: string
  #inBytes = 0
  #tinyMembers = 0
  #wasTiny = false

  constructor(format: string) {
    this.#format = format
  }

  damage(end: EngineEnd): Damage {
    const how = end === 'cut' ? 'breaks off' : 'is damaged'
    const text = `the ${this.#format} stream ${how} after ${formatNumber(this.outBytes)} unpacked bytes`
    return { text, isBroken: end === 'broken' }
  }

  wrongSum(): string {
    const place = `at unpacked byte ${formatNumber(this.outBytes)}`
    return `a checksum in the ${this.#format} stream does not fit the content before it, ${place}: something was changed`
  }

  foreign(): Damage {
    const text = `bytes behind the end of the ${this.#format} stream are something else: not read`
    return { text, isBroken: false }
  }

  tooMany(): Damage {
    const text = `the ${this.#format} stream is made of far too many tiny pieces: cut off after ${formatNumber(this.outBytes)} unpacked bytes`
    return { text, isBroken: false }
  }

  /** Counts a member that is done. A stream of hardly anything but headers would take hours: false ends it. */
  mayGoOn(inBytes: number, maxTinyMembers: number): boolean {
    this.#wasTiny = inBytes - this.#inBytes < TINY_MEMBER_BYTES
    this.#inBytes = inBytes
    if (this.#wasTiny) this.#tinyMembers++
    return this.#tinyMembers <= maxTinyMembers
  }

  /** Whether the member before took only a few bytes. */
  get wasTiny(): boolean {
    return this.#wasTiny
  }
}
