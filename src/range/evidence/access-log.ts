import { accessLogTime } from './clock-text.ts'
import type { EvidenceWriter } from './evidence-file.ts'

export interface Request {
  readonly srcIp: string
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  readonly status: number
  readonly bytes: number
  readonly referrer: string | null
  readonly agent: string
}

/** access.log as nginx writes it, `log_format combined`, in UTC. */
export class AccessLog {
  readonly #file: EvidenceWriter
  readonly #now: () => number

  constructor(file: EvidenceWriter, now: () => number) {
    this.#file = file
    this.#now = now
  }

  write({ srcIp, method, target, status, bytes, referrer, agent }: Request): void {
    const line = `${escaped(method)} ${escaped(target)} HTTP/1.1`
    this.#file.writeText(
      `${srcIp} - - [${accessLogTime(this.#now())}] "${line}" ${status} ${bytes} "${escaped(referrer ?? '-')}" "${escaped(agent)}"\n`,
    )
  }

  end(): void {
    this.#file.flush()
  }
}

/** nginx: quotes, backslashes and what is no printable ASCII become `\xHH`. */
function escaped(text: string): string {
  let safe = ''
  for (const byte of new TextEncoder().encode(text)) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x22 && byte !== 0x5c
    safe += isPlain
      ? String.fromCharCode(byte)
      : String.raw`\x${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return safe
}
