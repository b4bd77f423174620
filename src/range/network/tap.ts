import { encodePcap, ethernetFrame, macFor, type TimedPacket } from '../../wire/encode/index.ts'
import type { EvidenceFile } from '../evidence/evidence-file.ts'
import type { Schedule } from '../schedule.ts'
import { TimeQueue } from '../time-queue.ts'

/** Packets kept back before they are written, so that acts may plan a little ahead. */
const RELEASE_EVERY = 512
const ETHERNET_HEADER_BYTES = 14
const PCAP_HEADER_BYTES = 24

/**
 * tcpdump on the machine's eth0, writing a classic capture in the order of time. What was on the wire
 * before `fromMs` is not in it.
 */
export class Tap {
  readonly schedule: Schedule
  readonly #file: EvidenceFile
  readonly #localMac: string
  readonly #gatewayMac: string
  readonly #fromMs: number
  readonly #waiting = new TimeQueue<Uint8Array>()
  #sinceRelease = 0

  constructor(
    file: EvidenceFile,
    ends: { address: string; gateway: string },
    schedule: Schedule,
    fromMs: number,
  ) {
    this.#file = file
    this.schedule = schedule
    this.#localMac = macFor(ends.address)
    this.#gatewayMac = macFor(ends.gateway)
    this.#fromMs = fromMs
    file.write(encodePcap([]))
  }

  /** An IP packet that leaves the machine: tcpdump sees it before the card pads it. */
  sent(timeMs: number, ip: Uint8Array): void {
    const frame = ethernetFrame(ip, { srcMac: this.#localMac, dstMac: this.#gatewayMac })
    this.frame(timeMs, frame.subarray(0, ETHERNET_HEADER_BYTES + ip.length))
  }

  received(timeMs: number, ip: Uint8Array): void {
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
      packets.push({ timeMs: due.timeMs, bytes: due.value })
    }
    this.#file.write(encodePcap(packets).subarray(PCAP_HEADER_BYTES))
    this.#sinceRelease = 0
  }
}
