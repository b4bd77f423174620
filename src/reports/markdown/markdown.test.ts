import { describe, expect, it } from 'vitest'
import { battle } from '../samples/battle.ts'
import { fleet, hostile, nothingFound, nothingRead, pressureOnly, worthALook } from '../samples/others.ts'
import { markdown } from './index.ts'

const SAMPLES = { battle, fleet, hostile, nothingFound, nothingRead, pressureOnly, worthALook }

/** A line without its code spans, found as CommonMark finds them. */
function withoutCode(line: string): string {
  let out = ''
  for (let i = 0; i < line.length;) {
    const run = /^`+/.exec(line.slice(i))?.[0] ?? ''
    const close = run === '' ? null : new RegExp(`(?<!\`)${run}(?!\`)`).exec(line.slice(i + run.length))
    if (close) i += run.length + close.index + run.length
    else {
      const step = line[i] === '\\' ? 2 : Math.max(1, run.length)
      out += line.slice(i, i + step)
      i += step
    }
    if (close) out += ' '
  }
  return out
}

describe.each(Object.entries(SAMPLES))('%s', (_, sample) => {
  const text = markdown.render(sample())

  it('makes no HTML, link, image, or autolink', () => {
    const lines = text.split('\n').map(withoutCode)
    expect(lines.filter((line) => /[<>]/.test(line))).toEqual([])
    expect(lines.filter((line) => /(?<!\\)(?:\\\\)*\]/.test(line))).toEqual([])
    expect(lines.filter((line) => /:\/\/|\bwww\.|\w@\w/.test(line))).toEqual([])
  })

  it('keeps its tables whole', () => {
    const blocks = text.split('\n\n').filter((block) => block.startsWith('| '))
    for (const block of blocks) {
      const counts = block.split('\n').map((line) => line.split('|').length)
      expect(new Set(counts).size, block).toBe(1)
    }
  })

  it('has no control characters', () => {
    expect(text).not.toMatch(/[^\n\P{C}]|\p{Zl}|\p{Zp}/u)
  })
})

it('tells the story with a proof per sentence', () => {
  const text = markdown.render(battle())
  expect(text).toMatch(/^# Somebody mines on web-1\.\n\n## Occupied: web-1\n/)
  expect(text).toContain(
    '| 12 May 2026 03:14:07 | Root is logged in by password from 203.0.113.9 after 4,112 failed tries. | `auth.log:18231` |',
  )
  expect(text).toContain('**$1.94 so far** · **$118 a month**')
})

it('lists what is worth a look', () => {
  expect(markdown.render(worthALook())).toMatch(/## Worth a look\n\n\| Machine .*\n.*\n\| 111122223333 \|/u)
})
