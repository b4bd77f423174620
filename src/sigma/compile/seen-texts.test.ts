import { describe, expect, it } from 'vitest'
import { parseRules } from '../parse/parse-rules.ts'
import { compileRules } from './compile-rules.ts'
import { SeenTexts } from './seen-texts.ts'

describe('SeenTexts', () => {
  it('is given up where texts do not come again, and holds nothing then', () => {
    const texts = new SeenTexts()
    for (let at = 0; at < 300; at++) {
      texts.get(`${at}`)
      texts.set(`${at}`, { folded: [`${at}`], rules: [] })
    }
    expect(texts.isWorthwhile).toBe(false)
    expect(texts.get('299')).toBeUndefined()
  })

  it('goes on where they do', () => {
    const texts = new SeenTexts()
    for (let at = 0; at < 3000; at++)
      if (texts.get(`${at % 9}`) === undefined) texts.set(`${at % 9}`, { folded: [], rules: [at % 9] })
    expect(texts.isWorthwhile).toBe(true)
    expect(texts.get('7')).toEqual({ folded: [], rules: [7] })
  })

  it('keeps no long text', () => {
    const texts = new SeenTexts()
    texts.set('x'.repeat(257), { folded: [], rules: [] })
    expect(texts.get('x'.repeat(257))).toBeUndefined()
  })
})

describe('rules on fields whose texts come again', () => {
  const { rules } = parseRules(
    `title: one
logsource: { product: linux }
detection:
  named: { image|endswith: ['/Curl', '/wget'], line|contains: 'http' }
  exact: { image: /usr/bin/xmrig }
  condition: named or exact
---
title: other
logsource: { product: linux }
detection:
  some: { image|contains: 'bin/' }
  none: { line|startswith: ['sh ', 'bash '] }
  condition: some and not none
`,
    'rules.yml',
  )
  const images = ['/usr/bin/curl', '/USR/BIN/XMRIG', '/opt/wget', 'sh', null, ['/bin/a', '/bin/curl'], 7]

  it('finds the same for every record as a set that has seen no other', () => {
    const used = compileRules(rules)
    for (let at = 0; at < 1500; at++) {
      const record = { image: images[at % 7], line: at % 3 === 0 ? 'sh -c x' : `curl http://a/${at}` }
      const fresh = compileRules(rules).match(record, { product: 'linux' })
      expect(used.match(record, { product: 'linux' }).map(({ title }) => title)).toEqual(
        fresh.map(({ title }) => title),
      )
    }
  })
})
