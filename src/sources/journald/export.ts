import { WANTED_FIELDS } from './entry.ts'

const LINE_FEED = 10
const EQUALS = 61
const LENGTH_BYTES = 8
const MAX_ENTRY_BYTES = 1 << 20

/**
 * The Journal Export Format (systemd.io/JOURNAL_EXPORT_FORMATS): fields as `NAME=text` lines, or
 * `NAME`, 64-bit little-endian length and bytes; an empty line ends an entry.
 */
export interface ExportEntry {
  /** The first value of each field that is wanted. */
  readonly fields: Readonly<Record<string, string>>
  readonly raw: string
  /** One-based line and byte where it begins. */
  readonly line: number
  readonly offset: number
  /** Longer than 1 MiB: what came behind that was passed over. */
  readonly isCut: boolean
}

/** Reads entries whatever the cuts between chunks; holds at most one entry of 1 MiB and a chunk. */
export class ExportReader {
  #held: Buffer = Buffer.alloc(0)
  #at = 0
  #offset = 0
  #line = 1
  /** Bytes of an overlong binary field still to be passed over. */
  #skip = 0
  #fields: Record<string, string> = {}
  #start: { line: number; offset: number } | null = null
  #raw = ''
  #size = 0

  push(chunk: Uint8Array): ExportEntry[] {
    const entries: ExportEntry[] = []
    this.#held = Buffer.concat([this.#held.subarray(this.#at), chunk])
    this.#at = 0
    while (this.#field(entries)) continue
    return entries
  }

  /** The last entry needs no empty line behind it. */
  end(): ExportEntry[] {
    return this.push(Buffer.from('\n\n'))
  }

  /** After `end`: the input stopped within a field. */
  get isIncomplete(): boolean {
    return this.#skip > 0 || this.#at < this.#held.length
  }

  /** Takes one field or one end of an entry; false where more bytes are needed. */
  #field(entries: ExportEntry[]): boolean {
    if (this.#skip > 0) return this.#pass()
    const newline = this.#held.indexOf(LINE_FEED, this.#at)
    if (newline < 0) return this.#tooLong()
    if (newline === this.#at) {
      this.#advance(1)
      this.#finish(entries)
      return true
    }
    const equals = this.#held.subarray(this.#at, newline).indexOf(EQUALS)
    return equals < 0 ? this.#binary(newline) : this.#text(this.#at + equals, newline)
  }

  #text(equals: number, newline: number): boolean {
    const line = this.#held.toString('utf8', this.#at, newline)
    this.#keep(
      this.#held.toString('utf8', this.#at, equals),
      this.#held.toString('utf8', equals + 1, newline),
      line,
    )
    this.#advance(newline + 1 - this.#at)
    return true
  }

  #binary(newline: number): boolean {
    const start = newline + 1 + LENGTH_BYTES
    if (this.#held.length < start) return false
    const length = Number(this.#held.readBigUInt64LE(newline + 1))
    const name = this.#held.toString('utf8', this.#at, newline)
    if (length > MAX_ENTRY_BYTES) {
      this.#size = Infinity
      this.#advance(start - this.#at)
      this.#skip = length + 1
      return true
    }
    if (this.#held.length < start + length + 1) return false
    const value = this.#held.toString('utf8', start, start + length)
    this.#keep(name, value, `${name}=${value}`)
    this.#advance(start + length + 1 - this.#at)
    return true
  }

  #pass(): boolean {
    const passed = Math.min(this.#skip, this.#held.length - this.#at)
    this.#advance(passed)
    this.#skip -= passed
    return this.#skip === 0
  }

  /** A line without end: what is there of it is passed over. */
  #tooLong(): boolean {
    if (this.#held.length - this.#at <= MAX_ENTRY_BYTES) return false
    this.#size = Infinity
    this.#advance(this.#held.length - this.#at)
    return false
  }

  #keep(name: string, value: string, line: string): void {
    this.#start ??= { line: this.#line, offset: this.#offset }
    this.#size += line.length
    if (this.#size > MAX_ENTRY_BYTES) return
    this.#raw += this.#raw === '' ? line : `\n${line}`
    if (WANTED_FIELDS.has(name)) this.#fields[name] ??= value
  }

  #finish(entries: ExportEntry[]): void {
    if (this.#start !== null) {
      entries.push({
        ...this.#start,
        fields: this.#fields,
        raw: this.#raw,
        isCut: this.#size > MAX_ENTRY_BYTES,
      })
    }
    this.#fields = {}
    this.#start = null
    this.#raw = ''
    this.#size = 0
  }

  #advance(bytes: number): void {
    for (let at = this.#at; at < this.#at + bytes; at++) if (this.#held[at] === LINE_FEED) this.#line++
    this.#at += bytes
    this.#offset += bytes
  }
}
