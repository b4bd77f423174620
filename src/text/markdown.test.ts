import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeMarkdown, markdownCode, markdownCodeCell } from './markdown.ts'

describe('escapeMarkdown', () => {
  it.each([
    ['plain words, and (brackets).', 'plain words, and (brackets).'],
    ['*bold* _it_ `code`', '\\*bold\\* \\_it\\_ \\`code\\`'],
    ['![x](y) [a](b)', '\\!\\[x\\](y) \\[a\\](b)'],
    ['<b>&amp;</b>', '&lt;b&gt;&amp;amp;&lt;/b&gt;'],
    ['a|b', 'a&#124;b'],
    ['# heading', '\\# heading'],
    ['- item', '\\- item'],
    ['1. item', '&#49;. item'],
    ['1.2.3', '1.2.3'],
    ['    code', '&#32;&#32;&#32;&#32;code'],
    ['http://198.51.100.7/x', 'http`://`198.51.100.7/x'],
    ['www.example.com', 'www`.`example.com'],
    ['root@web-1', 'root`@`web-1'],
    ['web#12', 'web`#`12'],
    ['x://@y', 'x`://@`y'],
    ['two\nlines', 'two\\\\nlines'],
    ['~~struck~~', '\\~\\~struck\\~\\~'],
  ])('%j → %s', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped)
  })

  it('stays on one line, without a pipe, a tag or a link', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'[]()<>!|*_`\\#-+=~&:/@. w1\n\t'.split('')) }),
        (text) => {
          const escaped = escapeMarkdown(text)
          expect(escaped).not.toMatch(/[|<>\n]/)
          expect(escaped).not.toMatch(/(?<!\\)(?:\\\\)*[[\]*_~]/)
          expect(escaped.replaceAll('`://', '')).not.toContain('://')
        },
      ),
      { seed: 4 },
    )
  })
})

describe('code spans', () => {
  it.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['``', '``` `` ```'],
    [' x', '`  x `'],
    ['', ''],
    ['a\nb', '`a\\nb`'],
  ])('%j → %s', (text, code) => {
    expect(markdownCode(text)).toBe(code)
  })

  it('gives up the code span in a cell where a pipe is in it', () => {
    expect(markdownCodeCell('a|b')).toBe('a&#124;b')
    expect(markdownCodeCell('a b')).toBe('`a b`')
  })

  it('is closed by its own fence only', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ') }), (text) => {
        const code = markdownCode(text)
        const fence = /^`*/.exec(code)?.[0] ?? ''
        const inside = code.slice(fence.length, code.length - fence.length)
        expect([...inside.matchAll(/`+/g)].map(([run]) => run)).not.toContain(fence)
      }),
      { seed: 5 },
    )
  })
})
