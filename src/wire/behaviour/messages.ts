import { gapMsOf, isOut, isPushed, lengthOf } from './first-packets.ts'

/**
 * What one side said at a time, and why, as far as time tells: an `answer` comes right after something the other
 * side said, a `start` after a silence, and what is left goes `on` with what the same side just said.
 */
export interface Message {
  readonly isOut: boolean
  readonly role: 'answer' | 'start' | 'on'
  /** Bytes of payload. */
  readonly length: number
  /** Since the message before; null for the first one. */
  readonly gapMs: number | null
}

/** Segments of one message follow each other at once, and only the last one asks to be pushed (RFC 9293 §3.9.1). */
const SEGMENT_GAP_MS = 50
/** Longer than most round trips. */
const SILENCE_MS = 300
/** An answer to what the other side said comes within this time. */
const ANSWER_MS = 500

/** Of packed packets, oldest first. */
export function messagesOf(packets: Int32Array): Message[] {
  const messages: Message[] = []
  let last: { isOut: boolean; role: Message['role']; length: number; gapMs: number | null } | null = null
  let isOpen = false
  for (const packet of packets) {
    const gapMs = gapMsOf(packet)
    const isFromSource = isOut(packet)
    if (last !== null && isOpen && last.isOut === isFromSource && gapMs <= SEGMENT_GAP_MS) {
      last.length += lengthOf(packet)
    } else {
      const role: Message['role'] = last === null ? 'start' : roleOf(last.isOut !== isFromSource, gapMs)
      last = { isOut: isFromSource, role, length: lengthOf(packet), gapMs: last === null ? null : gapMs }
      messages.push(last)
    }
    isOpen = !isPushed(packet)
  }
  return messages
}

function roleOf(isTurn: boolean, gapMs: number): Message['role'] {
  if (isTurn) return gapMs <= ANSWER_MS ? 'answer' : 'start'
  return gapMs >= SILENCE_MS ? 'start' : 'on'
}
