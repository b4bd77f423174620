import { csvField } from '../../../src/text/csv.ts'
import { escapeHtml } from '../../../src/text/html.ts'
import { escapeMarkdown, markdownCode, markdownCodeCell } from '../../../src/text/markdown.ts'
import { maskArguments, maskDeep, maskSecrets } from '../../../src/text/secrets.ts'
import { quoteShell } from '../../../src/text/shell.ts'
import { cutBytes, visible } from '../../../src/text/visible.ts'
import { cutWidth, displayWidth, wrap } from '../../../src/text/width.ts'
import type { Random } from '../../../src/range/random.ts'
import { someLines } from '../scene.ts'
import { promise, type Target } from '../target.ts'

const SECRETS = [
  'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY',
  'AKIAIOSFODNN7EXAMPLE',
  'curl -u admin:hunter2 https://user:pass@example.net/?token=abc&x=1',
  'mysql -phunter2 -h db',
  '{"password":"hunter2","a":{"api_key":"x"}}',
  'Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.abcdefghijk',
  '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
  'type=EXECVE msg=audit(1.1:1): argc=3 a0="mysql" a1="-phunter2" a2=2D2D70617373',
  'proctitle=6D7973716C002D7068756E74657232',
  `sshpass -p hunter2 ssh root@192.0.2.1 'export TOKEN=abc; sh -c "mysql -psecret"'`,
]
const WORDS = [
  'password=',
  'token:',
  '--password ',
  '-p',
  'sh -c "',
  "'",
  '\\"',
  '$(',
  'Bearer ',
  'https://a:b@',
  'ghp_',
  'AKIA',
  '-----BEGIN ',
  'PRIVATE KEY-----',
  'a0=',
  'proctitle=',
  '[masked]',
  '\u202e',
  '\u200b',
  '\u{e0041}',
  '😀',
  '\u0301',
  '漢',
]

export const masking: Target = {
  name: 'masking',
  samples: () => [
    ...SECRETS.map((text) => Buffer.from(text)),
    Buffer.from(SECRETS.join(' ; ')),
    someLines('audit.log', 0, 20),
  ],
  words: WORDS,
  build: null,
  check: (bytes, random) => {
    const text = textOf(bytes, random)
    const masked = maskSecrets(text)
    promise(maskSecrets(masked) === masked, 'masking twice changes nothing')
    promise(masked.length <= text.length * 12 + 100, 'masking does not make text long')
    const words = text.split(' ', 200)
    promise(maskArguments(words).length === words.length, 'as many arguments as before')
    maskDeep({
      args: words.slice(0, 20),
      password: text.slice(0, 50),
      nested: [{ raw: text.slice(0, 2000) }],
    })
  },
}

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

export const escaping: Target = {
  name: 'escaping',
  samples: () => [
    Buffer.from(
      '<img src=x onerror=alert(1)> \u001b[31m \u202eevil\u2069 =HYPERLINK("x") `$(id)` | [a](javascript:x) www.example.net @all #12',
    ),
    Buffer.from('漢字 😀 e\u0301 a\u200bb \u{e0041} \ufeff \ufffe'),
    someLines('auth.log', 0, 5),
  ],
  words: [...WORDS, '<script>', '](', '![', '```', '||', "'\\''", '\t=', '"', '\r\n', 'http://', 'mailto:'],
  build: null,
  check: (bytes, random) => {
    const text = textOf(bytes, random)
    const shown = visible(text)
    promise(!HIDDEN.test(shown), 'nothing hidden is left')
    promise(visible(shown) === shown, 'visible twice changes nothing')
    promise(!/[<>"'`]/u.test(escapeHtml(text)) && !HIDDEN.test(escapeHtml(text)), 'no markup')
    for (const line of [escapeMarkdown(text), markdownCode(text), markdownCodeCell(text)])
      promise(!HIDDEN.test(line), 'Markdown on one line, with nothing hidden')
    promise(!markdownCodeCell(text).includes('|'), 'a cell stays a cell')
    const field = csvField(text)
    promise(!/^[=+\-@\t\r]/u.test(field), 'no formula')
    promise(!HIDDEN.test(quoteShell(text)), 'a shell word on one line')
    const most = random.integer(0, 200)
    promise(Buffer.byteLength(cutBytes(text.toWellFormed(), most)) <= most, 'cut to bytes')
    const columns = random.integer(1, 120)
    promise(displayWidth(cutWidth(shown, columns)) <= columns, 'cut to columns')
    if (shown.length < 50_000) promise(wrap(shown, Math.max(20, columns)).length >= 0, 'wrapped')
  },
}

/** As UTF-8, or as loose UTF-16 units with halves of pairs. */
function textOf(bytes: Uint8Array, random: Random): string {
  if (random.chance(0.8)) return Buffer.from(bytes).toString('utf8')
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).toString('utf16le')
}
