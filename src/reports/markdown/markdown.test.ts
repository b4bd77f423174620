import { describe, expect, it } from 'vitest'
import { battle } from '../samples/battle.ts'
import { fleet, hostile, nothingFound, nothingRead, pressureOnly } from '../samples/others.ts'
import { markdown } from './index.ts'

const SAMPLES = { battle, fleet, hostile, nothingFound, nothingRead, pressureOnly }

describe.each(Object.entries(SAMPLES))('%s', (_, sample) => {
  const text = markdown.render(sample())

  it('makes no HTML, link, image, or autolink', () => {
    const prose = text.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
    expect(prose).not.toMatch(/[<>]/)
    expect(prose).not.toMatch(/(?<!\\)(?:\\\\)*\]/)
    expect(prose).not.toMatch(/:\/\/|www\.|\w@\w/)
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
