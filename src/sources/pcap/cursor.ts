import type { Input } from '../../inputs/input.ts'
import { CaptureReader } from '../../wire/capture/reader.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { CaptureClock } from './clock.ts'
import { tellProblem } from '../reading.ts'
import { tellOutcome } from './outcome.ts'

/** One capture being read: the packet in hand, and how far its time has come. */
export class Cursor {
  readonly reader = new CaptureReader()
  readonly clock: CaptureClock
  readonly input: Input
  readonly report: InputReport
  /** Place in the order of inputs; breaks ties. */
  readonly index: number
  /** Time of the packet in hand (epoch ms), and whether the capture gave it. */
  timeMs: number
  isTimed = true
  /** Packets of link types that are not read, by LINKTYPE_ number. */
  readonly unknownLinks = new Map<number, number>()
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #peek = () => this.reader.peekTimeMs()

  constructor(input: Input, index: number, env: SourceEnv) {
    this.input = input
    this.index = index
    this.clock = new CaptureClock(env.now)
    this.report = env.reportOf(input)
    this.report.format = 'capture'
    this.timeMs = input.modifiedAt ?? env.now
    this.#chunks = input.chunks((text) => tellProblem(this.report, text))[Symbol.asyncIterator]()
  }

  /** Takes the next packet in hand; false where more bytes have to be fetched first. */
  step(): boolean {
    if (!this.reader.next()) return false
    const { timeMs } = this.reader.packet
    this.isTimed = !Number.isNaN(timeMs)
    this.timeMs = this.clock.observe(this.isTimed ? timeMs : this.timeMs, this.#peek)
    return true
  }

  /** Fetches until there is a packet in hand; false at the end of the capture, which is then accounted for. */
  async fetch(): Promise<boolean> {
    for (;;) {
      const chunk = await this.#chunks.next()
      if (chunk.done === true) {
        this.reader.end()
        if (this.step()) return true
        this.account()
        tellOutcome(this.reader.outcome(), this)
        return false
      }
      this.report.bytes += chunk.value.length
      this.reader.append(chunk.value)
      this.account()
      if (this.step()) return true
    }
  }

  /** Brings the report up to date. */
  account(): void {
    const { report, clock } = this
    report.late = clock.late
    if (clock.first === null || !this.isTimed) return
    report.from = clock.first
    report.to = clock.time
  }

  /** Stops reading early. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}
