import { expect, it } from 'vitest'
import { AccessLog } from './access-log.ts'
import { EvidenceFile } from './evidence-file.ts'

it('writes the combined format, and escapes as nginx does', () => {
  let text = ''
  const file = new EvidenceFile((chunk) => {
    text += new TextDecoder().decode(chunk)
  })
  const log = new AccessLog(file, () => Date.UTC(2026, 0, 2, 3, 4, 5))
  const request = { srcIp: '203.0.113.9', method: 'GET', status: 404, bytes: 12, agent: 'a"b' }
  log.write({ ...request, target: '/x?y=\\z', referrer: null })
  log.write({ ...request, target: '/é', referrer: 'https://www.example.com/' })
  log.end()
  expect(text.split('\n')).toEqual([
    String.raw`203.0.113.9 - - [02/Jan/2026:03:04:05 +0000] "GET /x?y=\x5Cz HTTP/1.1" 404 12 "-" "a\x22b"`,
    String.raw`203.0.113.9 - - [02/Jan/2026:03:04:05 +0000] "GET /\xC3\xA9 HTTP/1.1" 404 12 "https://www.example.com/" "a\x22b"`,
    '',
  ])
})
