import { constants, inflateRawSync } from 'node:zlib'
import { concatBytes } from '../../bytes.ts'
import { type HeldTotal, KeptBytes } from '../../kept-bytes.ts'

/** What a message ends with before the sender takes it away (RFC 7692 §7.2.1). */
const TAIL = Uint8Array.of(0, 0, 0xff, 0xff)
const WINDOW_BYTES = 32_768
const MAX_MESSAGE_BYTES = 65_536

/** Messages of one direction, each compressed with those before it as its dictionary (RFC 7692). */
export class MessageInflater {
  private readonly window: KeptBytes
  private isLost = false

  constructor(total: HeldTotal) {
    this.window = new KeptBytes(total)
  }

  /** A message is missing: those that refer to it cannot be read. */
  lose(): void {
    this.isLost = true
    this.window.clear()
  }

  /** The message; null where it cannot be read, or is longer than any of mining. */
  inflate(bytes: Uint8Array, length: number): Uint8Array | null {
    const message = this.tryInflate(concatBytes(bytes.subarray(0, length), TAIL))
    if (message === null) this.lose()
    else this.remember(message)
    return message
  }

  drop(): void {
    this.window.clear()
  }

  private tryInflate(bytes: Uint8Array): Uint8Array | null {
    const { window, isLost } = this
    const dictionary = window.bytes.subarray(Math.max(0, window.length - WINDOW_BYTES), window.length)
    try {
      return inflateRawSync(bytes, {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: MAX_MESSAGE_BYTES,
        ...(dictionary.length === 0 || isLost ? {} : { dictionary }),
      })
    } catch {
      return null
    }
  }

  private remember(message: Uint8Array): void {
    const { window } = this
    if (this.isLost) return
    if (window.length + message.length > 2 * WINDOW_BYTES) {
      const recent = window.bytes.slice(Math.max(0, window.length - WINDOW_BYTES), window.length)
      window.clear()
      if (!window.append(recent, 0, recent.length)) this.isLost = true
    }
    if (!window.append(message, 0, message.length)) this.isLost = true
  }
}
