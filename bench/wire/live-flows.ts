import {
  encodePcap,
  ethernetFrame,
  TCP_ACK,
  TCP_PSH,
  TCP_SYN,
  tcpPacket,
  type TimedPacket,
} from '../../src/wire/encode/index.ts'
import { BlockWriter } from './block-writer.ts'

const START_MS = Date.UTC(2026, 4, 12)
const text = new TextEncoder()
/** What connections say in their first message, each not yet enough to be sure what it is. */
const FIRST_WORDS: readonly Uint8Array[] = [
  Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, ...new Uint8Array(200).fill(0x5a)),
  text.encode('GET /api/v1/items?limit=100 HTTP/1.1\r\nHost: shop.example\r\nAccept: */*\r\n\r\n'),
  text.encode('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"rootUri":'),
  text.encode('SSH-2.0-OpenSSH_9.6\r\n'),
]
const ANSWER = text.encode('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')

/** A capture in which so many connections have begun and none has ended: handshake, a message each way, and one more. */
export function writeLiveFlows(file: string, flows: number): void {
  const out = new BlockWriter(file)
  out.add(encodePcap([]))
  for (let round = 0; round < ROUNDS.length; round++) {
    for (let flow = 0; flow < flows; flow++) {
      const timeMs = START_MS + round * 20_000 + (flow / flows) * 20_000
      const packet = ROUNDS[round]?.(flow)
      if (packet !== undefined) out.frame({ timeMs, bytes: packet })
    }
  }
  out.close()
}

type Round = (flow: number) => TimedPacket['bytes']

const ROUNDS: readonly Round[] = [
  (flow) => segment(flow, true, TCP_SYN, 0, 0, null),
  (flow) => segment(flow, false, TCP_SYN | TCP_ACK, 0, 1, null),
  (flow) => segment(flow, true, TCP_ACK | TCP_PSH, 1, 1, FIRST_WORDS[flow % FIRST_WORDS.length] ?? null),
  (flow) => segment(flow, false, TCP_ACK | TCP_PSH, 1, 1, ANSWER),
  (flow) => segment(flow, true, TCP_ACK, 400, 1 + ANSWER.length, null),
]

function segment(
  flow: number,
  fromClient: boolean,
  flags: number,
  seq: number,
  ack: number,
  data: Uint8Array | null,
): Uint8Array {
  const client = { ip: `10.${(flow >> 16) & 255}.${(flow >> 8) & 255}.${flow & 255}`, port: 40_000 }
  const server = { ip: `198.51.100.${flow % 250}`, port: 443 }
  const [from, to] = fromClient ? [client, server] : [server, client]
  return ethernetFrame(
    tcpPacket(
      { src: from.ip, srcPort: from.port, dst: to.ip, dstPort: to.port, seq, ack, flags },
      data ?? new Uint8Array(0),
    ),
  )
}
