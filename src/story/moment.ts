/** Points in time in the words of a story, in the zone the reader asked for. */
export class Moments {
  private readonly day: Intl.DateTimeFormat
  private readonly clock: Intl.DateTimeFormat
  private readonly zone: string

  /** `zone`: IANA name, `UTC` by default. */
  constructor(zone: string) {
    this.zone = zone
    this.day = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    })
    this.clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  }

  /** `12 May 2026` */
  date(ms: number): string {
    return Number.isFinite(ms) ? this.day.format(ms) : 'an unknown day'
  }

  /** `03:14` */
  time(ms: number): string {
    return Number.isFinite(ms) ? this.clock.format(ms) : 'an unknown time'
  }

  /** `12 May 2026 at 03:14 UTC` */
  full(ms: number): string {
    return `${this.date(ms)} at ${this.time(ms)} ${this.zone === 'UTC' ? 'UTC' : `(${this.zone})`}`
  }

  /** `03:16`, with its day where that is another than that of `other`. */
  near(ms: number, other: number): string {
    return this.date(ms) === this.date(other) ? this.time(ms) : `${this.date(ms)}, ${this.time(ms)}`
  }
}
