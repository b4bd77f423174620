import type { Ledger } from './ledger.ts'

const TELL_EVERY_MS = 60_000
const TELL_EVERY_SHARES = 100
const MAX_LINE_BYTES = 512
/** Room for a line is made in steps of so many bytes. */
const STEP_BYTES = 128
const decoder = new TextDecoder('utf-8')

/** When a dialogue is worth telling again, and the line that shows why. */
export class News {
  /** Of the packet fed last. */
  timeMs = 0
  packet = 0
  offset = 0
  private bytes: Uint8Array | null = null
  private length = 0
  private hasNews = false
  private toldMs = 0
  private toldShares = 0
  private toldStage = 0

  keep(line: Uint8Array, from: number, to: number, packet: number, offset: number): void {
    this.length = Math.min(to - from, MAX_LINE_BYTES)
    if (this.bytes === null || this.bytes.length < this.length)
      this.bytes = new Uint8Array(Math.ceil(this.length / STEP_BYTES) * STEP_BYTES)
    this.bytes.set(line.subarray(from, from + this.length))
    this.packet = packet
    this.offset = offset
    this.hasNews = true
  }

  /** The newest line that told something. */
  line(): string {
    return this.bytes === null ? '' : decoder.decode(this.bytes.subarray(0, this.length)).trimEnd()
  }

  /** The opening, the first job and the first accepted share at once; after that every minute or 100 shares. */
  take({ jobs, shares }: Ledger): boolean {
    const stage = shares.accepted > 0 ? 3 : jobs.count > 0 ? 2 : 1
    const count = shares.submitted + shares.settled
    const isDue =
      this.timeMs - this.toldMs >= TELL_EVERY_MS || count - this.toldShares >= 2 * TELL_EVERY_SHARES
    if (stage <= this.toldStage && !(this.hasNews && isDue)) return false
    this.toldStage = stage
    this.toldMs = this.timeMs
    this.toldShares = count
    this.hasNews = false
    return true
  }
}
