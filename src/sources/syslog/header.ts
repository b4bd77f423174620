import { newTimestamp, readTimestamp, type Timestamp } from './timestamp.ts'

/** Where the parts of a syslog line stand. Mutable, and used again for every line. */
export interface Header {
  readonly stamp: Timestamp
  hostStart: number
  hostEnd: number
  /** Empty where the line names no program. */
  programStart: number
  programEnd: number
  /** NaN = not said. */
  pid: number
  messageStart: number
}

export function newHeader(): Header {
  return {
    stamp: newTimestamp(),
    hostStart: 0,
    hostEnd: 0,
    programStart: 0,
    programEnd: 0,
    pid: Number.NaN,
    messageStart: 0,
  }
}

const MAX_NAME_LENGTH = 255

/**
 * Reads the header of a line in the forms of RFC 3164 and RFC 5424, with or without `<PRI>`.
 * `no-time` = the line does not begin with a time and a host, `bad-time` = with one that cannot be.
 */
export function readHeader(text: string, header: Header): 'ok' | 'no-time' | 'bad-time' {
  const start = afterPriority(text)
  const isVersion1 = start > 0 && text.charCodeAt(start) === 49 && text.charCodeAt(start + 1) === 32
  const end = readTimestamp(text, isVersion1 ? start + 2 : start, header.stamp)
  if (end === -2) return 'bad-time'
  if (end < 0 || text.charCodeAt(end) !== 32) return 'no-time'
  header.hostStart = end + 1
  header.hostEnd = wordEnd(text, end + 1)
  const hostLength = header.hostEnd - header.hostStart
  if (hostLength < 1 || hostLength > MAX_NAME_LENGTH) return 'no-time'
  header.pid = Number.NaN
  if (isVersion1) readStructured(text, header)
  else if (isTag(text, header.hostStart, header.hostEnd)) {
    header.hostEnd = header.hostStart
    readTagAt(text, header.hostStart, header)
  } else readTag(text, header)
  return 'ok'
}

/** The index behind `<PRI>`; 0 where there is none. */
function afterPriority(text: string): number {
  if (text.charCodeAt(0) !== 60) return 0
  const close = text.indexOf('>')
  return close > 1 && close < 5 ? close + 1 : 0
}

/** `program[pid]: message`, `program: message`, perhaps behind a `facility.level` as BusyBox writes it. */
function readTag(text: string, header: Header): void {
  const start = Math.min(header.hostEnd + 1, text.length)
  const end = tagEnd(text, start)
  if (text.charCodeAt(end) === 32 && text.slice(start, end).includes('.')) {
    const next = tagEnd(text, end + 1)
    if (text.charCodeAt(next) !== 32) return readTagAt(text, end + 1, header)
  }
  readTagAt(text, start, header)
}

function readTagAt(text: string, start: number, header: Header): void {
  const end = tagEnd(text, start)
  header.programStart = start
  header.programEnd = start
  header.messageStart = start
  const stop = text.charCodeAt(end)
  if (stop === 58) {
    header.programEnd = end
    header.messageStart = end + 1
  } else if (stop === 91) {
    const close = text.indexOf(']', end)
    if (close < 0) return
    header.programEnd = end
    header.pid = pidOf(text, end + 1, close)
    header.messageStart = text.charCodeAt(close + 1) === 58 ? close + 2 : close + 1
  }
  if (header.messageStart > start && text.charCodeAt(header.messageStart) === 32) header.messageStart++
}

/** A program with its number stands where the host should: daemons that write their own files name no host. */
function isTag(text: string, start: number, end: number): boolean {
  const last = text.charCodeAt(end - 1)
  const close = last === 58 ? end - 2 : end - 1
  if (text.charCodeAt(close) !== 93) return false
  // No host has brackets behind a name; an address in brackets begins with one.
  const open = tagEnd(text, start)
  return open > start && open < close && text.charCodeAt(open) === 91
}

/** Where `:`, `[` or a blank ends the name of the program. */
function tagEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + MAX_NAME_LENGTH)
  for (let at = start; at < limit; at++) {
    const code = text.charCodeAt(at)
    if (code === 58 || code === 91 || code === 32) return at
  }
  return text.length
}

/** RFC 5424: `APP-NAME PROCID MSGID STRUCTURED-DATA MSG`. */
function readStructured(text: string, header: Header): void {
  header.programStart = Math.min(header.hostEnd + 1, text.length)
  header.programEnd = wordEnd(text, header.programStart)
  const processEnd = wordEnd(text, header.programEnd + 1)
  header.pid = pidOf(text, header.programEnd + 1, processEnd)
  const dataStart = wordEnd(text, processEnd + 1) + 1
  let at = text.charCodeAt(dataStart) === 91 ? structuredDataEnd(text, dataStart) : wordEnd(text, dataStart)
  if (text.charCodeAt(at) === 32) at++
  if (text.charCodeAt(at) === 0xfeff) at++
  header.messageStart = Math.min(at, text.length)
}

/** The index behind `[id name="value"]…`; quotes may hold brackets, and escape quotes. */
function structuredDataEnd(text: string, start: number): number {
  let isQuoted = false
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 92 && isQuoted) at++
    else if (code === 34) isQuoted = !isQuoted
    else if (code === 93 && !isQuoted && text.charCodeAt(at + 1) !== 91) return at + 1
  }
  return text.length
}

function wordEnd(text: string, start: number): number {
  const end = text.indexOf(' ', start)
  return end < 0 ? text.length : end
}

function pidOf(text: string, start: number, end: number): number {
  if (end <= start || end - start > 10) return Number.NaN
  let pid = 0
  for (let at = start; at < end; at++) {
    const value = text.charCodeAt(at) - 48
    if (value < 0 || value > 9) return Number.NaN
    pid = pid * 10 + value
  }
  return pid
}
