import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newHeader, readHeader } from './header.ts'

/** A line, and its host, program, process and message. */
const lines: readonly (readonly [string, string])[] = [
  ['Nov  2 15:40:14 web-1 sshd[28179]: Failed x', 'web-1|sshd|28179|Failed x'],
  ['Nov  2 15:40:14 web-1 sshd: Failed x', 'web-1|sshd|NaN|Failed x'],
  ['Nov  2 15:40:14 web-1 sshd-session[7]: a: b', 'web-1|sshd-session|7|a: b'],
  ['Nov  2 15:40:14 web-1 sshd(pam_unix)[7]: x', 'web-1|sshd(pam_unix)|7|x'],
  ['Nov  2 15:40:14 web-1 kernel: [12.5] x', 'web-1|kernel|NaN|[12.5] x'],
  ['Nov  2 15:40:14 web-1 sshd[x]: y', 'web-1|sshd|NaN|y'],
  ['Nov  2 15:40:14 web-1 sshd[12', 'web-1||NaN|sshd[12'],
  ['Nov  2 15:40:14 web-1 authpriv.info sshd[7]: x', 'web-1|sshd|7|x'],
  ['Nov  2 15:40:14 2001:db8::1 sshd[7]: x', '2001:db8::1|sshd|7|x'],
  ['Nov  2 15:40:14 web-1 last message repeated 3 times', 'web-1||NaN|last message repeated 3 times'],
  ['Nov  2 15:40:14 dnsmasq[7]: query[A] a from b', '|dnsmasq|7|query[A] a from b'],
  ['Nov  2 15:40:14 unbound[7:0] info: x', '|unbound|NaN|info: x'],
  ['Nov  2 15:40:14 [2001:db8::1] sshd[7]: x', '[2001:db8::1]|sshd|7|x'],
  ['Nov  2 15:40:14 web-1 -- MARK --', 'web-1||NaN|-- MARK --'],
  ['<86>Nov  2 15:40:14 web-1 sshd[7]: x', 'web-1|sshd|7|x'],
  ['2023-11-14T00:20:42.738197+01:00 web-1 sshd[7]: x', 'web-1|sshd|7|x'],
  ['<86>1 2023-11-14T00:20:42.7Z web-1 sshd 7 - - x', 'web-1|sshd|7|x'],
  ['<86>1 2023-11-14T00:20:42.7Z web-1 sshd 7 ID1 [a@1 b="c] \\" d"][e@1] x y', 'web-1|sshd|7|x y'],
  ['<86>1 2023-11-14T00:20:42.7Z web-1 sshd - - - \uFEFFx', 'web-1|sshd|NaN|x'],
  ['<86>1 2023-11-14T00:20:42.7Z web-1 sshd 7 - [a@1 b="c"]', 'web-1|sshd|7|'],
]

const states: readonly (readonly [string, string])[] = [
  ['', 'no-time'],
  ['Nov  2 15:40:14', 'no-time'],
  ['Nov  2 15:40:14 ', 'no-time'],
  ['sshd[7]: x', 'no-time'],
  ['<86 x', 'no-time'],
  ['{"a":1}', 'no-time'],
  ['Feb 30 15:40:14 web-1 sshd[7]: x', 'bad-time'],
  [`Nov  2 15:40:14 ${'h'.repeat(256)} sshd[7]: x`, 'no-time'],
]

describe('readHeader', () => {
  it.each(lines)('%s', (text, expected) => {
    const header = newHeader()
    expect(readHeader(text, header)).toBe('ok')
    const host = text.slice(header.hostStart, header.hostEnd)
    const program = text.slice(header.programStart, header.programEnd)
    expect(`${host}|${program}|${header.pid}|${text.slice(header.messageStart)}`).toBe(expected)
  })

  it.each(states)('%s is %s', (text, state) => {
    expect(readHeader(text, newHeader())).toBe(state)
  })

  it('keeps its marks in order and within the line', () => {
    const start = fc.constantFrom(
      'Nov  2 15:40:14 ',
      '<86>1 2023-11-14T00:20:42.7Z ',
      '<86>',
      '2023-11-14T00:20:42Z h ',
      'Nov  2 15:40:14 h sshd[',
    )
    const property = fc.property(
      start,
      fc.string({ unit: fc.constantFrom(' ', '[', ']', ':', '"', '\\', 'a', '1', '-', '.'), maxLength: 30 }),
      (begin, rest) => {
        const text = begin + rest
        const header = newHeader()
        if (readHeader(text, header) !== 'ok') return
        expect(header.hostEnd).toBeGreaterThanOrEqual(header.hostStart)
        if (header.hostEnd === header.hostStart)
          expect(header.programEnd).toBeGreaterThan(header.programStart)
        expect(header.programEnd).toBeGreaterThanOrEqual(header.programStart)
        expect(header.messageStart).toBeGreaterThanOrEqual(header.programEnd)
      },
    )
    fc.assert(property, { seed: 61, numRuns: 2000 })
  })
})
