import { eachMember, hasByte, isName, parseJson, skipSpace, stringAt, textOf, valueAt } from './json-bytes.ts'

const BACKSLASH = 0x5c
const QUOTE = 0x22
const MINUS = 0x2d
const encoder = new TextEncoder()

export type MessageId = string | number | null

/** How a JSON-RPC reply turned out, told from its `result` and `error` alone. */
export type Outcome = 'accepted' | 'refused' | 'other'

/**
 * One line of a dialogue: where its top-level members start (-1 = absent). Valid until the bytes it
 * was read from are reused. One object is used again for every line of a dialogue.
 */
export class Message {
  data: Uint8Array = new Uint8Array(0)
  to = 0
  id = -1
  method = -1
  params = -1
  result = -1
  error = -1
  type = -1
  worker = -1
  /** The sender opened the connection. */
  fromInitiator = true

  /** Gives false where the line is no JSON object with members. */
  read(data: Uint8Array, from: number, to: number): boolean {
    this.data = data
    this.to = to
    this.id = this.method = this.params = this.result = this.error = this.type = this.worker = -1
    let hasEscapedKey = false
    const isObject = eachMember(data, skipSpace(data, from, to), to, (keyFrom, keyTo, value) => {
      if (hasByte(data, keyFrom, keyTo, BACKSLASH)) hasEscapedKey = true
      else this.place(keyFrom, keyTo, value)
      return true
    })
    if (hasEscapedKey) return this.readUnescaped(from)
    return isObject
  }

  private place(keyFrom: number, keyTo: number, value: number): void {
    const data = this.data
    if (isName(data, keyFrom, keyTo, 'id')) this.id = value
    else if (isName(data, keyFrom, keyTo, 'method')) this.method = value
    else if (isName(data, keyFrom, keyTo, 'params')) this.params = value
    else if (isName(data, keyFrom, keyTo, 'result')) this.result = value
    else if (isName(data, keyFrom, keyTo, 'error')) this.error = value
    else if (isName(data, keyFrom, keyTo, 'type')) this.type = value
    else if (isName(data, keyFrom, keyTo, 'worker')) this.worker = value
  }

  /** Keys written with escapes hide a method from a scan of bytes: write the line again without them. */
  private readUnescaped(from: number): boolean {
    const value = parseJson(textOf(this.data, from, this.to))
    if (typeof value !== 'object' || value === null) return false
    let plain: string
    try {
      plain = JSON.stringify(value)
    } catch {
      // nested deeper than the stack: no miner writes that
      return false
    }
    const data = encoder.encode(plain)
    this.data = data
    this.to = data.length
    return eachMember(data, 0, data.length, (keyFrom, keyTo, at) => {
      this.place(keyFrom, keyTo, at)
      return true
    })
  }

  methodName(): string | null {
    return this.method < 0 ? null : stringAt(this.data, this.method, this.to)
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
    if (this.error >= 0 && !this.isNullAt(this.error) && !this.isLiteralAt(this.error, 'false'))
      return 'refused'
    if (this.result < 0) return 'other'
    if (this.isLiteralAt(this.result, 'true')) return 'accepted'
    if (this.isLiteralAt(this.result, 'false')) return 'refused'
    return isOk(this.statusText()) ? 'accepted' : 'other'
  }

  /** `result: "ok"`, or `result: {"status": …}` without anything that makes it more than a verdict. */
  private statusText(): string | null {
    const { data, result, to } = this
    if (data[result] === QUOTE) return stringAt(data, result, to)
    let status = -1
    let isMore = false
    eachMember(data, result, to, (keyFrom, keyTo, value) => {
      if (isName(data, keyFrom, keyTo, 'status')) status = value
      else if (isName(data, keyFrom, keyTo, 'job') || isName(data, keyFrom, keyTo, 'blob')) isMore = true
      return true
    })
    return isMore ? null : stringAt(data, status, to)
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

function isOk(status: string | null): boolean {
  return status !== null && status.length === 2 && status.toUpperCase() === 'OK'
}
