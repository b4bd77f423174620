import { parseTime } from '../text/time.ts'

interface Parts {
  readonly year: string
  readonly month: string
  readonly day: string
  readonly hour: string
  readonly minute: string
  readonly second: string
}

/** Times of a document (RFC 3339) in words, in one zone. */
export class Clock {
  readonly zone: string
  private readonly parts: Intl.DateTimeFormat
  private readonly monthNames: Intl.DateTimeFormat

  /** Throws a RangeError where the zone is none. */
  constructor(zone: string) {
    this.zone = zone
    const number = '2-digit'
    this.parts = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: number,
      day: number,
      hour: number,
      minute: number,
      second: number,
    })
    this.monthNames = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'short' })
  }

  private read(ms: number): Parts | null {
    if (!Number.isFinite(ms)) return null
    const parts = new Map(this.parts.formatToParts(ms).map(({ type, value }) => [type, value]))
    const part = (type: keyof Intl.DateTimeFormatPartTypesRegistry): string => parts.get(type) ?? ''
    return {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
      second: part('second'),
    }
  }

  /** `03:14:07` */
  second(time: string): string {
    const at = this.read(parseTime(time))
    return at ? `${at.hour}:${at.minute}:${at.second}` : '??:??:??'
  }

  /** `03:14`, from epoch ms */
  minute(ms: number): string {
    const at = this.read(ms)
    return at ? `${at.hour}:${at.minute}` : '??:??'
  }

  /** `12 May`, from epoch ms */
  day(ms: number): string {
    const at = this.read(ms)
    return at ? `${Number(at.day)} ${this.month(at.month)}` : 'unknown day'
  }

  /** `May 2026`, from epoch ms */
  monthOfYear(ms: number): string {
    const at = this.read(ms)
    return at ? `${this.month(at.month)} ${at.year}` : 'unknown'
  }

  /** `12 May 2026` */
  date(time: string): string {
    const at = this.read(parseTime(time))
    return at ? `${Number(at.day)} ${this.month(at.month)} ${at.year}` : 'unknown day'
  }

  /** `12 May 2026, 03:14` */
  moment(time: string): string {
    return `${this.date(time)}, ${this.minute(parseTime(time))}`
  }

  /** `12 May 2026, 03:14 to 07:02`, the second day only where it is another. */
  range(from: string, to: string): string {
    const end = this.date(from) === this.date(to) ? this.minute(parseTime(to)) : this.moment(to)
    return this.moment(from) === this.moment(to) ? this.moment(from) : `${this.moment(from)} to ${end}`
  }

  /** `12 May 2026, 03:14:07 UTC`, or two of them: `… to 03:16:02`. */
  secondRange(from: string, to: string): string {
    const [first, last] = [from, to].map((time) => `${this.date(time)}, ${this.second(time)}`)
    const end = this.date(from) === this.date(to) ? this.second(to) : last
    return `${first}${first === last ? '' : ` to ${end}`} ${this.zone}`
  }

  /** Minutes east of UTC at that time. */
  offsetMinutes(ms: number): number {
    const at = this.read(ms)
    if (!at) return 0
    const local = Date.UTC(+at.year, +at.month - 1, +at.day, +at.hour, +at.minute, +at.second)
    return Math.round((local - Math.floor(ms / 1000) * 1000) / 60_000)
  }

  private month(number: string): string {
    return this.monthNames.format(Date.UTC(2000, Number(number) - 1, 15))
  }
}
