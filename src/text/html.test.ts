import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { escapeHtml } from './html.ts'

it.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  [`"><img onerror='x'>`, '&quot;&gt;&lt;img onerror=&#39;x&#39;&gt;'],
  ['a & b `c`', 'a &amp; b &#96;c&#96;'],
  ['\u202e\x1b', '\\u202e\\x1b'],
  ['&lt;', '&amp;lt;'],
])('%j → %s', (text, escaped) => {
  expect(escapeHtml(text)).toBe(escaped)
})

it('leaves nothing that could end a text or an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeHtml(text).replace(/&(?:amp|lt|gt|quot|#39|#96);/g, '')).not.toMatch(/[&<>"'`\n\r]/)
    }),
    { seed: 3 },
  )
})
