import { encodePcap, ethernetFrame, macFor, type TimedPacket } from '../../wire/encode/index.ts'
import type { EvidenceWriter } from '../evidence/evidence-file.ts'
import type { PacketPassed, Watch } from '../evidence/witness.ts'
import type { Schedule } from '../schedule.ts'
import { TimeQueue } from '../time-queue.ts'

/** Packets kept back before they are written, so that acts may plan a little ahead. */
const RELEASE_EVERY = 512
const ETHERNET_HEADER_BYTES = 14
const PCAP_HEADER_BYTES = 24

/**
 * tcpdump on the machine's eth0, writing a classic capture in the order of time. What was on the wire
 * before `fromMs` is not in it. `skewMs`: how far the machine's clock is ahead.
 */
export class Tap {
  readonly schedule: Schedule
  readonly #file: EvidenceWriter
  readonly #localMac: string
  readonly #gatewayMac: string
  readonly #fromMs: number
  readonly #skewMs: number
  readonly #waiting = new TimeQueue<Uint8Array>()
  #sinceRelease = 0
  /** Told of each IP packet and of connections. */
  watch: Watch | null = null

  constructor(
    file: EvidenceWriter,
    ends: { address: string; gateway: string },
    schedule: Schedule,
    fromMs: number,
    skewMs: number = 0,
  ) {
    this.#file = file
    this.schedule = schedule
    this.#localMac = macFor(ends.address)
    this.#gatewayMac = macFor(ends.gateway)
    this.#fromMs = fromMs
    this.#skewMs = skewMs
    file.write(encodePcap([]))
  }

  /** An IP packet that leaves the machine: tcpdump sees it before the card pads it. */
  sent(timeMs: number, ip: Uint8Array): void {
    this.watch?.(packetPassed(timeMs, 'out', ip))
    const frame = ethernetFrame(ip, { srcMac: this.#localMac, dstMac: this.#gatewayMac })
    this.frame(timeMs, frame.subarray(0, ETHERNET_HEADER_BYTES + ip.length))
  }

  received(timeMs: number, ip: Uint8Array): void {
    this.watch?.(packetPassed(timeMs, 'in', ip))
    this.frame(timeMs, ethernetFrame(ip, { srcMac: this.#gatewayMac, dstMac: this.#localMac }))
  }

  frame(timeMs: number, bytes: Uint8Array): void {
    if (timeMs < this.#fromMs) return
    this.#waiting.put(timeMs, bytes)
    this.#sinceRelease += 1
    if (this.#sinceRelease >= RELEASE_EVERY) this.#release(this.schedule.nowMs)
  }

  end(): void {
    this.#release(this.schedule.nowMs)
    this.#file.flush()
  }

  #release(untilMs: number): void {
    const packets: TimedPacket[] = []
    for (let due = this.#waiting.takeDue(untilMs); due; due = this.#waiting.takeDue(untilMs)) {
      packets.push({ timeMs: due.timeMs + this.#skewMs, bytes: due.value })
    }
    this.#file.write(encodePcap(packets).subarray(PCAP_HEADER_BYTES))
    this.#sinceRelease = 0
  }
}

const TCP_PROTOCOL = 6
const TCP_FLAGS_AT = 13

/** Of an IPv4 packet that carries TCP or UDP. */
function packetPassed(timeMs: number, direction: 'in' | 'out', ip: Uint8Array): PacketPassed {
  const header = ((ip[0] ?? 0) & 0x0f) * 4
  const protocol = ip[9] ?? 0
  const port = (at: number): number => ((ip[header + at] ?? 0) << 8) | (ip[header + at + 1] ?? 0)
  return {
    kind: 'packet',
    timeMs,
    direction,
    protocol,
    src: ip.subarray(12, 16).join('.'),
    dst: ip.subarray(16, 20).join('.'),
    srcPort: port(0),
    dstPort: port(2),
    bytes: ip.length,
    tcpFlags: protocol === TCP_PROTOCOL ? (ip[header + TCP_FLAGS_AT] ?? 0) : 0,
  }
}
