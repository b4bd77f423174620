import {
  endOfString,
  endOfValue,
  findMembers,
  firstKey,
  hasByte,
  isName,
  nextKey,
  parseJson,
  skipSpace,
  stringAt,
  textOf,
  valueAfter,
  valueAt,
} from './json-bytes.ts'
import { isRecord } from './json-value.ts'

const BACKSLASH = 0x5c
const QUOTE = 0x22
const MINUS = 0x2d
const OPEN_OBJECT = 0x7b
const OPEN_ARRAY = 0x5b
const NOTHING = new Uint8Array(0)
const VERDICT = ['status', 'job', 'blob']
const encoder = new TextEncoder()

export type MessageId = string | number | null

/** How a JSON-RPC reply turned out, told from its `result` and `error` alone. */
export type Outcome = 'accepted' | 'refused' | 'other'

/**
 * One line of a dialogue: where its top-level members start (-1 = absent). Valid until the bytes it
 * was read from are reused. One object is used again for every line of a dialogue.
 */
export class Message {
  data: Uint8Array = NOTHING
  to = 0
  method = -1
  params = -1
  result = -1
  type = -1
  /** The dialogue is known to be mining: members behind the one that tells most are read when they are asked for. */
  isTrusted = false
  /** Where the object itself starts. */
  at = -1
  /** The sender opened the connection. */
  fromInitiator = true
  /** For `findMembers`: used again by everyone who reads from this message. */
  readonly found: number[] = []
  private hasEscapes = false
  private idAt = -1
  private errorAt = -1
  /** The value that the scan has stopped at, -1 where it has come to the end. */
  private stoppedAt = -1

  get id(): number {
    if (this.idAt < 0) this.scanRest()
    return this.idAt
  }

  get error(): number {
    if (this.errorAt < 0) this.scanRest()
    return this.errorAt
  }

  /** Gives false where the line is no JSON object with members. */
  read(data: Uint8Array, from: number, to: number): boolean {
    const isObject = this.scan(data, skipSpace(data, from, to), to)
    return this.hasEscapes ? this.readUnescaped(data, from, to) : isObject
  }

  private scan(data: Uint8Array, at: number, to: number): boolean {
    this.data = data
    this.to = to
    this.idAt = this.method = this.params = this.result = this.errorAt = this.type = this.stoppedAt = -1
    this.at = at
    this.hasEscapes = false
    return this.scanFrom(firstKey(data, at, to), false)
  }

  private scanFrom(first: number, isRest: boolean): boolean {
    const { data, to } = this
    let key = first
    while (key >= 0) {
      const keyEnd = endOfString(data, key, to)
      const value = keyEnd < 0 ? -1 : valueAfter(data, keyEnd, to)
      if (value < 0) return false
      if (hasByte(data, key, keyEnd, BACKSLASH)) this.hasEscapes = true
      this.place(data, key + 1, keyEnd, value)
      if (!isRest && this.isEnough(value)) {
        this.stoppedAt = value
        return true
      }
      const end = endOfValue(data, value, to)
      if (value === this.method && hasByte(data, value, end, BACKSLASH)) this.hasEscapes = true
      key = nextKey(data, end, to)
    }
    return key === -1
  }

  /** What the line is about has been told: what it carries is read by whom it concerns. */
  private isEnough(value: number): boolean {
    if (this.hasEscapes) return false
    if (value === this.params) return this.method >= 0 && (this.isTrusted || this.idAt >= 0)
    if (value !== this.result || !this.isTrusted || this.idAt < 0 || this.method >= 0) return false
    return this.data[value] === OPEN_OBJECT || this.data[value] === OPEN_ARRAY
  }

  /** Only for members that come late and that nobody has told yet. */
  private scanRest(): void {
    const value = this.stoppedAt
    if (value < 0) return
    this.stoppedAt = -1
    const { method, params, result, type } = this
    this.scanFrom(nextKey(this.data, endOfValue(this.data, value, this.to), this.to), true)
    this.method = method
    this.params = params
    this.result = result
    this.type = type
  }

  private place(data: Uint8Array, from: number, to: number, value: number): void {
    switch (to - from) {
      case 2:
        if (isName(data, from, to, 'id')) this.idAt = value
        return
      case 4:
        if (isName(data, from, to, 'type')) this.type = value
        return
      case 5:
        if (isName(data, from, to, 'error')) this.errorAt = value
        return
      case 6:
        if (isName(data, from, to, 'method')) this.method = value
        else if (isName(data, from, to, 'params')) this.params = value
        else if (isName(data, from, to, 'result')) this.result = value
        return
      case 10:
        if (isName(data, from, to, 'identifier')) this.type = value
        return
      default:
    }
  }

  /** Escapes in a key or a method hide it from a scan of bytes: write the line again without them. */
  private readUnescaped(data: Uint8Array, from: number, to: number): boolean {
    const value = parseJson(textOf(data, from, to))
    if (!isRecord(value)) return false
    try {
      const plain = encoder.encode(JSON.stringify(value))
      return this.scan(plain, 0, plain.length)
    } catch {
      // nested deeper than the stack: no miner writes that
      return false
    }
  }

  messageId(): MessageId {
    const at = this.id
    if (at < 0) return null
    const byte = this.data[at]!
    if (byte === QUOTE) return stringAt(this.data, at, this.to)
    if (byte !== MINUS && (byte < 0x30 || byte > 0x39)) return null
    let value = 0
    for (let i = byte === MINUS ? at + 1 : at; i < this.to; i++) {
      const digit = this.data[i]! - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    return byte === MINUS ? -value : value
  }

  isReply(): boolean {
    return this.method < 0 && (this.result >= 0 || this.error >= 0)
  }

  outcome(): Outcome {
    const { error } = this
    if (error >= 0 && !this.isNullAt(error) && !this.isLiteralAt(error, 'false')) return 'refused'
    if (this.result < 0) return 'other'
    if (this.isLiteralAt(this.result, 'true')) return 'accepted'
    if (this.isLiteralAt(this.result, 'false')) return 'refused'
    return this.isOk() ? 'accepted' : 'other'
  }

  /** `result: "ok"`, or `result: {"status": "OK"}` without anything that makes it more than a verdict. */
  private isOk(): boolean {
    const { data, found, result, to } = this
    if (data[result] === QUOTE) return isOkAt(data, result, to)
    findMembers(data, result, to, VERDICT, found)
    return found[1]! < 0 && found[2]! < 0 && isOkAt(data, found[0]!, to)
  }

  isNullAt(at: number): boolean {
    return this.isLiteralAt(at, 'null')
  }

  isLiteralAt(at: number, literal: string): boolean {
    return isName(this.data, at, Math.min(at + literal.length, this.to), literal)
  }

  paramsValue(): unknown {
    return valueAt(this.data, this.params, this.to)
  }

  resultValue(): unknown {
    return valueAt(this.data, this.result, this.to)
  }

  stringAt(at: number): string | null {
    return at < 0 ? null : stringAt(this.data, at, this.to)
  }
}

function isOkAt(data: Uint8Array, at: number, to: number): boolean {
  return (
    at >= 0 &&
    (isName(data, at, Math.min(at + 4, to), '"OK"') || isName(data, at, Math.min(at + 4, to), '"ok"'))
  )
}
