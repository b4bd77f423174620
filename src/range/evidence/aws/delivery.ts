import { EvidenceFile } from '../evidence-file.ts'
import type { OpenEvidence, WitnessedFile } from '../witness.ts'

export interface DeliveryFrame {
  readonly periodMs: number
  path(periodStartMs: number): string
  /** Before the first record, between two, after the last. */
  readonly opening: string
  readonly between: string
  readonly closing: string
}

interface Parcel {
  readonly file: EvidenceFile
  readonly path: string
  readonly period: number
  isEmpty: boolean
  fromMs: number
  toMs: number
}

/**
 * Cuts a stream of records into files by time, as clouds deliver logs: what came within one period goes into
 * one file. A period without records gives none. Holds no more than the file it is writing.
 */
export class Delivery {
  readonly #open: OpenEvidence
  readonly #frame: DeliveryFrame
  readonly #files: WitnessedFile[] = []
  #current: Parcel | null = null

  constructor(open: OpenEvidence, frame: DeliveryFrame) {
    this.#open = open
    this.#frame = frame
  }

  /** A record that is late for its period goes into the file of the day, as it does in life. */
  write(record: string, timeMs: number): void {
    const { opening, between } = this.#frame
    const parcel = this.#parcelOf(timeMs)
    parcel.toMs = Math.max(parcel.toMs, timeMs)
    parcel.fromMs = Math.min(parcel.fromMs, timeMs)
    parcel.file.writeText((parcel.isEmpty ? opening : between) + record)
    parcel.isEmpty = false
  }

  /** Files so far, with the times of their first and last record. */
  files(): readonly WitnessedFile[] {
    return this.#files
  }

  end(): void {
    if (this.#current === null) return
    const { file, path, fromMs, toMs } = this.#current
    file.writeText(this.#frame.closing)
    file.flush()
    this.#files.push({ path, period: { fromMs, toMs } })
    this.#current = null
  }

  #parcelOf(timeMs: number): Parcel {
    const period = Math.floor(timeMs / this.#frame.periodMs)
    if (this.#current !== null && period > this.#current.period) this.end()
    if (this.#current !== null) return this.#current
    const path = this.#frame.path(period * this.#frame.periodMs)
    const file = new EvidenceFile(this.#open(path))
    this.#current = { file, path, period, isEmpty: true, fromMs: timeMs, toMs: timeMs }
    return this.#current
  }
}
