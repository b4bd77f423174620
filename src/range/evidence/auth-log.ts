import type { EvidenceFile } from './evidence-file.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * auth.log as rsyslog writes it in its traditional file format (RFC 3164 time stamps, UTC) with
 * `$RepeatedMsgReduction on`: a line that comes again at once is kept back and told as
 * "message repeated N times", a single repeat as itself.
 */
export class AuthLog {
  readonly #file: EvidenceFile
  readonly #hostName: string
  readonly #now: () => number
  #last: { tag: string; message: string; timeMs: number; repeats: number } | null = null

  constructor(file: EvidenceFile, hostName: string, now: () => number) {
    this.#file = file
    this.#hostName = hostName
    this.#now = now
  }

  /** `tag` is `sshd[2114]`, `sudo` … */
  write(tag: string, message: string): void {
    const timeMs = this.#now()
    if (this.#last?.tag === tag && this.#last.message === message) {
      this.#last.repeats += 1
      this.#last.timeMs = timeMs
      return
    }
    this.#tellRepeats(timeMs)
    this.#last = { tag, message, timeMs, repeats: 0 }
    this.#writeLine(timeMs, tag, message)
  }

  end(): void {
    this.#tellRepeats(this.#now())
    this.#last = null
    this.#file.flush()
  }

  #tellRepeats(nowMs: number): void {
    if (this.#last === null || this.#last.repeats === 0) return
    const { tag, message, timeMs, repeats } = this.#last
    if (repeats === 1) this.#writeLine(timeMs, tag, message)
    else this.#writeLine(nowMs, tag, `message repeated ${repeats} times: [ ${message}]`)
  }

  #writeLine(timeMs: number, tag: string, message: string): void {
    this.#file.writeText(`${syslogTime(timeMs)} ${this.#hostName} ${tag}: ${message}\n`)
  }
}

function syslogTime(timeMs: number): string {
  const date = new Date(timeMs)
  const day = String(date.getUTCDate()).padStart(2, ' ')
  return `${MONTHS[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)}`
}
