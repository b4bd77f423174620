import { syslogTime } from './clock-text.ts'
import type { EvidenceWriter } from './evidence-file.ts'
import type { SystemLine, Watch } from './witness.ts'

/**
 * auth.log as rsyslog writes it in its traditional file format (RFC 3164 time stamps, UTC) with
 * `$RepeatedMsgReduction on`: a line that comes again at once is kept back and told as
 * "message repeated N times", a single repeat as itself.
 */
export class AuthLog {
  readonly #file: EvidenceWriter
  readonly #hostName: string
  readonly #now: () => number
  /** Told of each line, the journal's way: before repeats are folded. */
  watch: Watch | null = null
  #last: { tag: string; message: string; timeMs: number; repeats: number } | null = null

  constructor(file: EvidenceWriter, hostName: string, now: () => number) {
    this.#file = file
    this.#hostName = hostName
    this.#now = now
  }

  /** `tag` is `sshd[2114]`, `sudo` … */
  write(tag: string, message: string): void {
    const timeMs = this.#now()
    this.watch?.(systemLine(timeMs, tag, message))
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

const AUTHPRIV = 10
const SEVERITY = { error: 3, info: 6 }

function systemLine(timeMs: number, tag: string, message: string): SystemLine {
  const [, identifier = tag, pid] = /^([^[]+)(?:\[(\d+)\])?$/u.exec(tag) ?? []
  const severity = message.startsWith('error: ') ? SEVERITY.error : SEVERITY.info
  return {
    kind: 'system-line',
    timeMs,
    identifier,
    pid: pid === undefined ? null : Number(pid),
    severity,
    facility: AUTHPRIV,
    message,
  }
}
