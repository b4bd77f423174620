import type { Random } from '../../random.ts'
import { syslogTime } from '../clock-text.ts'
import type { EvidenceWriter } from '../evidence-file.ts'
import { cgroupFields, type JournalProcess } from './sender.ts'

/** syslog(3). */
export const FACILITY = { kern: 0, user: 1, daemon: 3, cron: 9, authpriv: 10 } as const
export const PRIORITY = { err: 3, warning: 4, notice: 5, info: 6, debug: 7 } as const

/** Longer values are told as null unless `--all` asks for them (journalctl(1), `-o json`). */
const LONGEST_VALUE_BYTES = 4096

export interface JournalHost {
  readonly name: string
  /** 32 hex digits each, sd-id128(3). */
  readonly machineId: string
  readonly bootId: string
  /** Epoch ms. */
  readonly bootedMs: number
}

export type JournalText = string | Uint8Array
export type JournalFields = Readonly<Record<string, JournalText>>

/**
 * What `journalctl -o json` prints (systemd 252; fields: systemd.journal-fields(7)): one object a line, every
 * value a string, an array of byte values where it is no printable UTF-8, null where it is long. journalctl
 * prints fields in the order of a hash table with a key of its own per run: one order in a file, another in the next.
 */
export class Journal {
  readonly #file: EvidenceWriter
  readonly #host: JournalHost
  readonly #now: () => number
  readonly #random: Random
  readonly #ranks = new Map<string, number>()
  readonly #orders = new Map<string, readonly string[]>()
  readonly #sequenceId: string
  #sequence: number

  constructor(file: EvidenceWriter, host: JournalHost, now: () => number, random: Random) {
    this.#file = file
    this.#host = host
    this.#now = now
    this.#random = random
    this.#sequenceId = random.hex(32)
    this.#sequence = random.integer(0x1_0000, 0x8_0000)
  }

  /** A line that a program gave to syslog(3): sshd, sudo, cron, atd … */
  syslog(
    process: JournalProcess,
    entry: { facility: number; priority: number; identifier: string; message: JournalText },
  ): void {
    const timeMs = this.#now()
    this.#write(timeMs, {
      ...this.#trusted(process, 'syslog', timeMs),
      PRIORITY: String(entry.priority),
      SYSLOG_FACILITY: String(entry.facility),
      SYSLOG_IDENTIFIER: entry.identifier,
      SYSLOG_PID: String(process.pid),
      SYSLOG_TIMESTAMP: `${syslogTime(timeMs)} `,
      MESSAGE: entry.message,
    })
  }

  /** An entry of a program that speaks the journal's own protocol: systemd, logind … */
  native(process: JournalProcess, fields: JournalFields): void {
    const timeMs = this.#now()
    this.#write(timeMs, { ...this.#trusted(process, 'journal', timeMs), ...fields })
  }

  /** A line that a service wrote to its standard output or error. */
  stdout(process: JournalProcess, identifier: string, message: JournalText): void {
    const timeMs = this.#now()
    const { _SOURCE_REALTIME_TIMESTAMP: _, ...trusted } = this.#trusted(process, 'stdout', timeMs)
    this.#write(timeMs, {
      ...trusted,
      _STREAM_ID: this.#random.fork(`stream ${process.pid}`).hex(32),
      PRIORITY: String(PRIORITY.info),
      SYSLOG_FACILITY: String(FACILITY.daemon),
      SYSLOG_IDENTIFIER: identifier,
      MESSAGE: message,
    })
  }

  /** The kernel's ring buffer. */
  kernel(priority: number, message: string): void {
    const timeMs = this.#now()
    this.#write(timeMs, {
      _TRANSPORT: 'kernel',
      _HOSTNAME: this.#host.name,
      _MACHINE_ID: this.#host.machineId,
      _SOURCE_MONOTONIC_TIMESTAMP: String(this.#monotonicMicros(timeMs) - this.#random.integer(80, 900)),
      PRIORITY: String(priority),
      SYSLOG_FACILITY: String(FACILITY.kern),
      SYSLOG_IDENTIFIER: 'kernel',
      MESSAGE: message,
    })
  }

  end(): void {
    this.#file.flush()
  }

  #trusted(process: JournalProcess, transport: string, timeMs: number): Record<string, string> {
    const sentMicros = realMicros(timeMs) - this.#random.integer(20, 700)
    return {
      _TRANSPORT: transport,
      _PID: String(process.pid),
      _UID: String(process.uid),
      _GID: String(process.uid),
      _COMM: process.comm,
      _EXE: process.exe,
      _CMDLINE: process.commandLine,
      _CAP_EFFECTIVE: process.uid === 0 ? '1ffffffffff' : '0',
      _SELINUX_CONTEXT: 'unconfined\n',
      ...cgroupFields(process),
      _HOSTNAME: this.#host.name,
      _MACHINE_ID: this.#host.machineId,
      _SOURCE_REALTIME_TIMESTAMP: String(sentMicros),
    }
  }

  #write(timeMs: number, fields: JournalFields): void {
    const [real, monotonic] = [realMicros(timeMs), this.#monotonicMicros(timeMs)]
    const entry: Record<string, JournalText> = {
      __CURSOR: this.#cursor(real, monotonic),
      __REALTIME_TIMESTAMP: String(real),
      __MONOTONIC_TIMESTAMP: String(monotonic),
      _BOOT_ID: this.#host.bootId,
      ...fields,
    }
    const members = this.#inOrder(Object.keys(entry)).map(
      (name) => `${JSON.stringify(name)}:${valueText(entry[name] ?? '')}`,
    )
    this.#file.writeText(`{${members.join(',')}}\n`)
  }

  #cursor(real: number, monotonic: number): string {
    const place = `s=${this.#sequenceId};i=${(this.#sequence++).toString(16)};b=${this.#host.bootId}`
    return `${place};m=${monotonic.toString(16)};t=${real.toString(16)};x=${this.#random.hex(16)}`
  }

  /** Entries have few shapes: their order is found once each. */
  #inOrder(names: readonly string[]): readonly string[] {
    const shape = names.join(' ')
    const known = this.#orders.get(shape)
    if (known !== undefined) return known
    const order = names.toSorted((a, b) => this.#rank(a) - this.#rank(b))
    this.#orders.set(shape, order)
    return order
  }

  #rank(name: string): number {
    const known = this.#ranks.get(name)
    if (known !== undefined) return known
    const rank = this.#random.fork(`rank ${name}`).fraction()
    this.#ranks.set(name, rank)
    return rank
  }

  #monotonicMicros(timeMs: number): number {
    return Math.floor((timeMs - this.#host.bootedMs) * 1000)
  }
}

function realMicros(timeMs: number): number {
  return Math.floor(timeMs * 1000)
}

function valueText(value: JournalText): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  if (bytes.length > LONGEST_VALUE_BYTES) return 'null'
  const text = typeof value === 'string' ? value : decoded(value)
  return text === null || hasControls(text) ? `[${bytes.join(',')}]` : JSON.stringify(text)
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** systemd's `utf8_is_printable`: tab and newline pass. */
function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if ((code < 0x20 && code !== 0x09 && code !== 0x0a) || (code >= 0x7f && code <= 0x9f)) return true
  }
  return false
}
