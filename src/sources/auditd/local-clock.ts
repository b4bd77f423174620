import { tellDecision } from '../reading.ts'
import type { InputReport, Zone } from '../source.ts'
import { type InterpretedClock, showsDayFirst } from './interpreted.ts'

/**
 * The clock behind the local times that `ausearch -i` writes into one input. Which zone it shows is
 * asked when such a time is read, not before: the stamps of the kernel need none.
 */
export class LocalClock implements InterpretedClock {
  readonly isDayFirst: boolean
  readonly #ask: () => Zone | null
  #zone: Zone | null | undefined

  /** `lines` are the first of the input: a day above 12 in them shows the order of day and month. */
  constructor(lines: readonly string[], ask: () => Zone | null) {
    this.isDayFirst = lines.some(showsDayFirst)
    this.#ask = ask
  }

  minutesAt(wallMs: number): number {
    return this.#asked()?.minutesAt(wallMs) ?? 0
  }

  get isZoneKnown(): boolean {
    return this.#asked() !== null
  }

  tellDecisions(report: InputReport): void {
    const zone = this.#asked()
    tellDecision(
      report,
      zone === null ? 'zone UTC: assumed, ausearch -i writes local times' : `zone: ${zone.why}`,
    )
    tellDecision(
      report,
      this.isDayFirst
        ? 'dates are day/month: a day above 12 shows it'
        : 'dates with slashes are month/day: assumed',
    )
  }

  #asked(): Zone | null {
    if (this.#zone === undefined) this.#zone = this.#ask()
    return this.#zone
  }
}
