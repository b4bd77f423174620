import { ethernetFrame, macFor } from './frame.ts'
import type { TimedPacket } from './pcap.ts'
import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN, tcpPacket } from './transport.ts'

interface ConversationEnd {
  readonly ip: string
  readonly port: number
  readonly mac?: string
}

export interface ConversationFields {
  readonly client: ConversationEnd
  readonly server: ConversationEnd
  /** Epoch ms of the first packet, unless `connect` says otherwise. */
  readonly startMs: number
  readonly rttMs: number
  readonly mss?: number
  /** First sequence number of the client; the server's is derived from it. */
  readonly isn?: number
  /** `ethernet` (default) or bare IP packets for other link types. */
  readonly framing?: 'ethernet' | 'ip'
}

interface Side {
  readonly end: ConversationEnd
  readonly mac: string
  readonly ttl: number
  seq: number
  ipId: number
}

/** How long after data a host acknowledges it, where it does not have to cross the network. */
const ACK_DELAY_MS = 0.04
/** Between segments of one write. */
const SEGMENT_GAP_MS = 0.012

/**
 * Builds the packets of one TCP connection as the client's host sees them: handshake, segments no
 * longer than the MSS, acknowledgements, close. Calls may leave out `connect` (joined mid-stream)
 * or `close` (cut off).
 */
export class TcpConversation {
  readonly #fields: ConversationFields
  readonly #client: Side
  readonly #server: Side
  readonly #packets: TimedPacket[] = []

  constructor(fields: ConversationFields) {
    this.#fields = fields
    const isn = (fields.isn ?? Math.imul(fields.client.port + 1, 0x9e3779b1)) >>> 0
    this.#client = side(fields.client, 64, isn)
    this.#server = side(fields.server, 52, (isn ^ 0x5bd1e995) >>> 0)
  }

  /** SYN, SYN-ACK, ACK; returns when the client may send (epoch ms). */
  connect(atMs: number = this.#fields.startMs): number {
    this.#emit(true, TCP_SYN, atMs)
    this.#client.seq = next(this.#client.seq, 1)
    this.#emit(false, TCP_SYN | TCP_ACK, atMs + this.#fields.rttMs)
    this.#server.seq = next(this.#server.seq, 1)
    this.#emit(true, TCP_ACK, atMs + this.#fields.rttMs + ACK_DELAY_MS)
    return atMs + this.#fields.rttMs + 2 * ACK_DELAY_MS
  }

  /** One write by one side, seen at `atMs`, acknowledged by the other. */
  send(fromClient: boolean, bytes: Uint8Array, atMs: number): void {
    const mss = this.#fields.mss ?? 1460
    const sender = fromClient ? this.#client : this.#server
    let time = atMs
    for (let at = 0; at < bytes.length; at += mss) {
      const part = bytes.subarray(at, at + mss)
      const isLast = at + mss >= bytes.length
      this.#emit(fromClient, isLast ? TCP_ACK | TCP_PSH : TCP_ACK, time, part)
      sender.seq = next(sender.seq, part.length)
      time += SEGMENT_GAP_MS
    }
    this.#emit(!fromClient, TCP_ACK, time + (fromClient ? this.#fields.rttMs : ACK_DELAY_MS))
  }

  /** The client closes, the server follows. */
  close(atMs: number): void {
    this.#emit(true, TCP_FIN | TCP_ACK, atMs)
    this.#client.seq = next(this.#client.seq, 1)
    this.#emit(false, TCP_FIN | TCP_ACK, atMs + this.#fields.rttMs)
    this.#server.seq = next(this.#server.seq, 1)
    this.#emit(true, TCP_ACK, atMs + this.#fields.rttMs + ACK_DELAY_MS)
  }

  /** One side breaks the connection off. */
  reset(fromClient: boolean, atMs: number): void {
    this.#emit(fromClient, TCP_RST | TCP_ACK, atMs)
  }

  /** In order of time. */
  packets(): TimedPacket[] {
    return this.#packets.toSorted((a, b) => a.timeMs - b.timeMs)
  }

  #emit(fromClient: boolean, flags: number, timeMs: number, payload?: Uint8Array): void {
    const from = fromClient ? this.#client : this.#server
    const to = fromClient ? this.#server : this.#client
    from.ipId = (from.ipId + 1) & 0xffff
    const ip = tcpPacket(
      {
        src: from.end.ip,
        srcPort: from.end.port,
        dst: to.end.ip,
        dstPort: to.end.port,
        seq: from.seq,
        ack: flags & TCP_ACK ? to.seq : 0,
        flags,
        id: from.ipId,
        ttl: from.ttl,
        ...(flags & TCP_SYN ? { options: mssOption(this.#fields.mss ?? 1460) } : {}),
      },
      payload,
    )
    const bytes = this.#fields.framing === 'ip' ? ip : ethernetFrame(ip, { srcMac: from.mac, dstMac: to.mac })
    this.#packets.push({ timeMs, bytes })
  }
}

function side(end: ConversationEnd, ttl: number, seq: number): Side {
  return { end, mac: end.mac ?? macFor(end.ip), ttl, seq, ipId: (seq >>> 7) & 0xffff }
}

function mssOption(mss: number): Uint8Array {
  return Uint8Array.of(2, 4, mss >>> 8, mss & 0xff)
}

function next(seq: number, length: number): number {
  return (seq + length) >>> 0
}
