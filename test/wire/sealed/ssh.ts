import type { Random } from '../../../src/range/random.ts'
import { TcpConversation, type TimedPacket } from '../../../src/wire/encode/index.ts'
import type { SealedFields } from './seal.ts'
import { evenTimes, poissonTimes } from './timing.ts'

type Ends = Pick<SealedFields, 'client' | 'server' | 'startMs' | 'rttMs'>

/** A session at an OpenSSH server: key exchange, some typing, and keep-alives of either end (RFC 4253, `ServerAliveInterval`). */
export function sshPackets(lastsS: number, ends: Ends, random: Random): TimedPacket[] {
  const talk = new TcpConversation(ends)
  let at = talk.connect()
  const turn = (question: Uint8Array, answer: Uint8Array): void => {
    talk.send(true, question, at)
    talk.send(false, answer, at + ends.rttMs + 1)
    at += ends.rttMs + 2
  }
  const banner = new TextEncoder().encode('SSH-2.0-OpenSSH_9.6\r\n')
  turn(banner, banner)
  for (const [asks, answers] of EXCHANGE) turn(random.bytes(asks), random.bytes(answers))
  const ready = at
  const said = [
    ...evenTimes(random.pick([15, 30, 60]), lastsS, random).map((s) => ({ s, asks: 52, answers: 28 })),
    ...poissonTimes(random.between(2, 60), lastsS, random).map((s) => ({
      s,
      asks: 36 + 16 * random.integer(0, 4),
      answers: 36 + 16 * random.integer(0, 60),
    })),
  ]
  for (const { s, asks, answers } of said.toSorted((a, b) => a.s - b.s)) {
    at = Math.max(at, ready + s * 1000)
    turn(random.bytes(asks), random.bytes(answers))
  }
  talk.close(at + 1000)
  return talk.packets()
}

/** Bytes from the client and back, from the key exchange to the shell. */
const EXCHANGE = [
  [1536, 1080],
  [48, 452],
  [16, 44],
  [44, 52],
  [60, 84],
  [500, 44],
  [112, 500],
] as const
