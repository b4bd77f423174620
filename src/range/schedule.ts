import { TimeQueue } from './time-queue.ts'

/** Somebody's doings over time: yields the moment (epoch ms) at which to go on. */
export type Act<Result = void> = Generator<number, Result, undefined>

/**
 * Plays all acts side by side in the order of time, so that process ids, audit serials and log lines
 * rise as on a real host. An act that yields a moment in the past goes on at once.
 */
export class Schedule {
  readonly #due = new TimeQueue<() => void>()
  #nowMs: number

  constructor(startMs: number) {
    this.#nowMs = startMs
  }

  get nowMs(): number {
    return this.#nowMs
  }

  at(timeMs: number, run: () => void): void {
    this.#due.put(Math.max(timeMs, this.#nowMs), run)
  }

  start(act: Act, atMs: number = this.#nowMs): void {
    this.at(atMs, () => {
      this.#goOn(act)
    })
  }

  /** Everything due before `endMs`; acts not finished by then stay unfinished. */
  run(endMs: number): void {
    for (let due = this.#due.takeDue(endMs); due; due = this.#due.takeDue(endMs)) {
      this.#nowMs = due.timeMs
      due.value()
    }
    this.#nowMs = endMs
  }

  #goOn(act: Act): void {
    const next = act.next()
    if (next.done === true) return
    this.at(next.value, () => {
      this.#goOn(act)
    })
  }
}

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
