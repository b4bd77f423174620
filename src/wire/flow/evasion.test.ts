import { describe, expect, it } from 'vitest'
import { internetChecksum } from '../encode/checksum.ts'
import {
  ethernetFrame,
  ipFragments,
  TCP_ACK,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  tcpPacket,
} from '../encode/index.ts'
import { pseudoHeader } from '../encode/ip.ts'
import { PacketDecoder } from '../packet/decoder.ts'
import { CASES } from '../stratum/dialogue.cases.ts'
import type { StratumSnapshot } from '../stratum/snapshot.ts'
import type { StratumNews } from './news.ts'
import { FlowTracker } from './tracker.ts'

const MINER = '10.0.0.5'
const POOL = '198.51.100.7'
const RAW = 101
const SYN_LENGTH = 1
const MISSPOKEN = '\u0001\u0002 this is no mining, listener \u0003'

type Sum = 'right' | 'wrong' | 'offloaded'

/** One packet of the connection, before it is one. */
interface Piece {
  readonly fromMiner: boolean
  readonly flags: number
  readonly seq: number
  readonly ack: number
  readonly data: Uint8Array
  readonly ttl: number
  readonly sum: Sum
}

const nothing = new Uint8Array()
const plus = (seq: number, length: number): number => (seq + length) >>> 0

/** The dialogue as packets: handshake, each line in pieces of `size`, acknowledged, and the end. */
function pieces(size = 1460, isn = 0x1000): Piece[] {
  const list: Piece[] = []
  const next = { miner: isn >>> 0, pool: (isn ^ 0x5bd1e995) >>> 0 }
  const add = (fromMiner: boolean, flags: number, data: Uint8Array = nothing): void => {
    const [seq, ack] = fromMiner ? [next.miner, next.pool] : [next.pool, next.miner]
    list.push({ fromMiner, flags, seq, ack, data, ttl: fromMiner ? 64 : 52, sum: 'right' })
    const length = data.length + (flags & (TCP_SYN | TCP_FIN) ? SYN_LENGTH : 0)
    if (fromMiner) next.miner = plus(next.miner, length)
    else next.pool = plus(next.pool, length)
  }
  add(true, TCP_SYN)
  add(false, TCP_SYN | TCP_ACK)
  add(true, TCP_ACK)
  for (const [who, text] of CASES[0]!.spoken) {
    const bytes = new TextEncoder().encode(text)
    for (let at = 0; at < bytes.length; at += size)
      add(who === '>', TCP_ACK | TCP_PSH, bytes.subarray(at, at + size))
    add(who !== '>', TCP_ACK)
  }
  add(true, TCP_FIN | TCP_ACK)
  add(false, TCP_FIN | TCP_ACK)
  return list
}

const hasData = ({ data }: Piece): boolean => data.length > 0
const lie = (piece: Piece): Uint8Array =>
  piece.data.map((_, at) => MISSPOKEN.charCodeAt(at % MISSPOKEN.length))
/** A false copy of each packet with data, before or behind the true one. */
const withLies = (list: readonly Piece[], change: Partial<Piece>, isBefore: boolean): Piece[] =>
  list.flatMap((piece) => {
    if (!hasData(piece)) return [piece]
    const forged = { ...piece, data: lie(piece), ...change }
    return isBefore ? [forged, piece] : [piece, forged]
  })

/** Runs of packets with data of one side, each put in another order. */
function reordered(list: readonly Piece[], order: (run: Piece[]) => Piece[]): Piece[] {
  const out: Piece[] = []
  let run: Piece[] = []
  for (const piece of list) {
    if (hasData(piece) && (run.length === 0 || run[0]!.fromMiner === piece.fromMiner)) {
      run.push(piece)
      continue
    }
    out.push(...order(run))
    run = hasData(piece) ? [piece] : []
    if (run.length === 0) out.push(piece)
  }
  return [...out, ...order(run)]
}

/** In the middle, before the packets with data from the nth on. */
function inserted(list: readonly Piece[], nth: number, make: (next: Piece) => Piece): Piece[] {
  let seen = 0
  return list.flatMap((piece) => (hasData(piece) && ++seen === nth ? [make(piece), piece] : [piece]))
}

const WHOLE = { sharesSubmitted: 4, sharesAccepted: 3, sharesRejected: 1, coin: 'XMR' }

const TRICKS: readonly (readonly [
  name: string,
  play: () => readonly Piece[],
  told: Partial<StratumSnapshot>,
])[] = [
  ['nothing', () => pieces(), WHOLE],
  ['tiny segments', () => pieces(1), WHOLE],
  ['tiny segments, backwards', () => reordered(pieces(2), (run) => run.toReversed()), WHOLE],
  [
    'segments in another order',
    () => reordered(pieces(9), (run) => run.toSorted((a, b) => (a.seq % 7) - (b.seq % 7))),
    WHOLE,
  ],
  ['every packet twice', () => pieces(40).flatMap((piece) => [piece, piece]), WHOLE],
  [
    'everything sent once more at once, larger',
    () => [...pieces(10).slice(0, -2), ...pieces(100).filter(hasData)],
    WHOLE,
  ],
  [
    'segments that overlap, the same data',
    () => {
      const list = pieces(20)
      return list.map((piece, at) => {
        const before = list[at - 1]
        const isNext = before !== undefined && hasData(before) && before.fromMiner === piece.fromMiner
        if (!isNext || !hasData(piece)) return piece
        return { ...piece, seq: before.seq, data: Buffer.concat([before.data, piece.data]) }
      })
    },
    WHOLE,
  ],
  ['other data behind the true one', () => withLies(pieces(), {}, false), WHOLE],
  [
    'other data with a wrong checksum before the true one',
    () => withLies(pieces(), { sum: 'wrong' }, true),
    WHOLE,
  ],
  [
    'other data with a wrong checksum, in tiny segments',
    () => withLies(pieces(6), { sum: 'wrong' }, true),
    WHOLE,
  ],
  ['other data that dies on its way before the true one', () => withLies(pieces(), { ttl: 3 }, true), WHOLE],
  [
    'wrong checksums everywhere: they were never computed, or addresses were changed',
    () => pieces().map((piece) => ({ ...piece, sum: 'wrong' })),
    WHOLE,
  ],
  [
    'checksums left to the network card',
    () => pieces().map((piece) => ({ ...piece, sum: 'offloaded' })),
    WHOLE,
  ],
  [
    'checksums left to the network card, but not for the SYN (received packets put together)',
    () => pieces().map((piece) => (hasData(piece) ? { ...piece, sum: 'offloaded' } : piece)),
    WHOLE,
  ],
  [
    'wrong checksums of one side though its SYN had a right one: acknowledged, so they were taken',
    () => pieces().map((piece) => (hasData(piece) && piece.fromMiner ? { ...piece, sum: 'wrong' } : piece)),
    WHOLE,
  ],
  [
    'fewer hops from the second packet on (the SYN was answered by something before the pool)',
    () => pieces().map((piece) => (hasData(piece) ? { ...piece, ttl: piece.ttl - 20 } : piece)),
    WHOLE,
  ],
  [
    'a reset that nobody heeds',
    () => inserted(pieces(), 3, (next) => ({ ...next, flags: TCP_RST, data: nothing, ttl: 3 })),
    WHOLE,
  ],
  [
    'an end that nobody heeds',
    () => inserted(pieces(), 3, (next) => ({ ...next, flags: TCP_FIN | TCP_ACK, data: nothing, ttl: 3 })),
    WHOLE,
  ],
  [
    'a SYN that nobody heeds',
    () =>
      inserted(pieces(), 3, (next) => ({ ...next, flags: TCP_SYN, seq: 7, ack: 0, data: nothing, ttl: 3 })),
    WHOLE,
  ],
  [
    'a SYN answered twice, the second time with another number',
    () => {
      const list = pieces()
      return [...list.slice(0, 4), { ...list[1]!, seq: 99 }, ...list.slice(4)]
    },
    WHOLE,
  ],
  [
    'data on the SYN that is not taken',
    () =>
      pieces().map((piece) =>
        piece.flags === TCP_SYN
          ? { ...piece, data: new TextEncoder().encode('GET / HTTP/1.1\r\n'), ttl: 64 }
          : piece,
      ),
    {},
  ],
  [
    'keep-alive probes',
    () => inserted(pieces(), 3, (next) => ({ ...next, seq: plus(next.seq, -1), data: Uint8Array.of(0) })),
    WHOLE,
  ],
  ['sequence numbers that wrap', () => pieces(50, 0xffffffb0), WHOLE],
  [
    'sequence numbers that wrap, backwards',
    () => reordered(pieces(50, 0xffffffb0), (run) => run.toReversed()),
    WHOLE,
  ],
  ['no SYN', () => pieces().slice(1), WHOLE],
  ['no handshake', () => pieces().slice(3), WHOLE],
  ['no end', () => pieces().slice(0, -2), WHOLE],
  ['joined after the login', () => pieces().slice(7), { ...WHOLE }],
  [
    'joined in the middle of a segment of the login',
    () => pieces(70).slice(8),
    { coin: 'XMR', sharesSubmitted: 4 },
  ],
  ['the miner alone', () => pieces().filter(({ fromMiner }) => fromMiner), { sharesSubmitted: 4 }],
  ['the pool alone', () => pieces().filter(({ fromMiner }) => !fromMiner), { sharesAccepted: 3 }],
  [
    'a packet that was not captured',
    () => pieces().filter((piece, at) => !(at > 8 && at < 10 && hasData(piece))),
    { coin: 'XMR' },
  ],
]

function bytesOf(piece: Piece): Uint8Array {
  const [src, dst] = piece.fromMiner ? [MINER, POOL] : [POOL, MINER]
  const [srcPort, dstPort] = piece.fromMiner ? [40_000, 443] : [443, 40_000]
  const { ack, data, flags, seq, ttl } = piece
  const packet = tcpPacket({ src, dst, srcPort, dstPort, seq, ack, flags, ttl }, data)
  const view = new DataView(packet.buffer)
  const pseudo = internetChecksum(pseudoHeader(src, dst, 6, packet.length - 20)) ^ 0xffff
  if (piece.sum === 'offloaded') view.setUint16(36, pseudo)
  if (piece.sum === 'wrong') view.setUint16(36, view.getUint16(36) ^ 0x1234)
  return packet
}

function track(packets: readonly Uint8Array[], linkType: number): StratumNews[] {
  const told: StratumNews[] = []
  const tracker = new FlowTracker(100, {
    flow: () => {},
    stratum: (news) => told.push(news),
    dns: () => {},
    tls: () => {},
  })
  const decoder = new PacketDecoder()
  for (const [at, packet] of packets.entries()) {
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
    const outcome = decoder.decode(packet, view, 0, packet.length, linkType, at)
    if (outcome === 0) tracker.track(decoder, at, true, at + 1, 0)
  }
  while (!tracker.finish(100)) continue
  return told
}

/** The newest of each connection. */
function last(news: readonly StratumNews[]): StratumSnapshot | undefined {
  return news.findLast(({ phase }) => phase === 'closed')?.snapshot
}

describe('a dialogue is told in spite of', () => {
  it.each(TRICKS)('%s', (_name, play, told) => {
    const news = track(play().map(bytesOf), RAW)
    expect(last(news)).toMatchObject(told)
  })

  it('tiny fragments of IP', () => {
    const packets = pieces().flatMap((piece, id) => {
      const whole = bytesOf(piece)
      const [src, dst] = piece.fromMiner ? [MINER, POOL] : [POOL, MINER]
      return ipFragments({ src, dst, protocol: 6, id }, whole.subarray(20), 8)
    })
    expect(last(track(packets, RAW))).toMatchObject(WHOLE)
  })

  it('tags of VLANs', () => {
    const packets = pieces().map((piece) => ethernetFrame(bytesOf(piece), { vlans: [1, 2, 3, 4] }))
    expect(last(track(packets, 1))).toMatchObject(WHOLE)
  })
})
