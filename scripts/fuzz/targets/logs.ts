import { readFileSync } from 'node:fs'
import { splitLines } from '../../../src/inputs/lines.ts'
import type { Random } from '../../../src/range/random.ts'
import { auditd } from '../../../src/sources/auditd/index.ts'
import { journald } from '../../../src/sources/journald/index.ts'
import { parseSshdMessage } from '../../../src/sources/programs/sshd-parse.ts'
import type { Source } from '../../../src/sources/source.ts'
import { syslog } from '../../../src/sources/syslog/index.ts'
import { inputOf, readThrough } from '../feed.ts'
import { someLines } from '../scene.ts'
import { promise, type Target } from '../target.ts'

const AUTH_WORDS = [
  'Failed password for ',
  'Accepted publickey for ',
  'invalid user ',
  ' from 192.0.2.7 port 22 ssh2',
  ' [preauth]',
  'message repeated 99999999999 times: [ ',
  'last message repeated 3 times',
  'pam_unix(sshd:auth): ',
  'authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=2001:db8::1  user=root',
  'Feb 29 23:59:60 ',
  '2026-12-31T23:59:60.999999999+14:00 ',
  'sshd-session[4294967295]: ',
  '::ffff:192.0.2.1',
  'fe80::1%eth0',
]
const AUDIT_WORDS = [
  'type=SYSCALL msg=audit(',
  'type=EXECVE msg=audit(1778544004.673:7909): argc=4294967295 a0=',
  'a4294967295=',
  'a1_len=99999999 a1[0]=',
  'saddr=0200',
  'proctitle=2F62',
  'type=EOE msg=audit(1778544004.673:7909): ',
  'node=web-1 ',
  'key=(null)',
  'exe="',
  " msg='op=PAM:",
  '\u001d',
  'type=PATH msg=audit(1778544004.673:7909): item=999999 name=',
  'msg=audit(05/12/2026 03:00:04.673:7909) : ',
]
const JOURNAL_WORDS = [
  '"__REALTIME_TIMESTAMP":"',
  '"MESSAGE":[72,105]',
  '"_HOSTNAME":',
  '"sshd"',
  '__CURSOR=',
  'MESSAGE\n\u0003\0\0\0\0\0\0\0abc\n',
  '\n\n',
  'data: ',
  '\u001e',
]

export const lines: Target = {
  name: 'lines',
  samples: () => [
    someLines('auth.log', 0, 30),
    Buffer.from('\ufeffä\r\nb\n', 'utf16le'),
    Buffer.from('a\r\n\r\nb'),
  ],
  words: ['\n', '\r\n', '\u0000', '\ufeff'],
  build: null,
  check: async (bytes, random) => {
    const maxLineBytes = random.chance(0.5) ? random.integer(2, 100) : 1 << 20
    let next = 1
    let offset = -1
    for await (const batch of splitLines(
      inputOf('a', bytes, random).chunks(() => {}),
      { maxLineBytes },
    )) {
      promise(batch.firstLine === next && batch.texts.length > 0, 'lines are numbered without a gap')
      promise(batch.texts.length === batch.offsets.length, 'an offset per line')
      next += batch.texts.length
      for (const at of batch.offsets) {
        promise(at > offset && at <= bytes.length, 'offsets go up')
        offset = at
      }
      for (const text of batch.texts)
        promise(text.length <= maxLineBytes + 1, 'no line is longer than the limit')
    }
  },
}

export const sshdMessage: Target = {
  name: 'sshd-message',
  samples: () =>
    someLines('auth.log', 0, 400)
      .toString()
      .split('\n')
      .map((line) => Buffer.from(line.slice(line.indexOf(']: ') + 3))),
  words: AUTH_WORDS,
  build: null,
  check: (bytes) => {
    const text = Buffer.from(bytes).toString('utf8')
    const message = parseSshdMessage(text)
    if (message === null) return
    promise(message.port === null || (message.port >= 0 && message.port < 65_536), 'a port')
    promise(Number.isSafeInteger(message.count) && message.count >= 0, 'a count')
  },
}

export const sshd: Target = logTarget(
  'sshd-log',
  syslog,
  () => [someLines('auth.log', 0, 60), someLines('auth.log', 200, 100), isoLines()],
  AUTH_WORDS,
)

export const journal: Target = logTarget(
  'journal',
  journald,
  () => [journalJson(), journalPretty(), journalExport()],
  [...JOURNAL_WORDS, ...AUTH_WORDS],
)

export const audit: Target = logTarget(
  'audit-log',
  auditd,
  () => [
    someLines('audit.log', 0, 60),
    someLines('audit.log', 300, 120),
    ...['enriched', 'interpreted', 'ausearch'].map((name) =>
      readFileSync(new URL(`../../../src/sources/auditd/samples/${name}.log`, import.meta.url)),
    ),
  ],
  AUDIT_WORDS,
)

export function logTarget(
  name: string,
  source: Source,
  samples: () => readonly Uint8Array[],
  words: readonly string[],
): Target {
  return {
    name,
    samples,
    words,
    build: null,
    check: async (bytes, random) => {
      await readThrough(source, inputsOf(bytes, random), random)
    },
  }
}

/** Whole, in two files, or with a copy beside it. */
function inputsOf(bytes: Uint8Array, random: Random) {
  const way = random.integer(0, 3)
  if (way === 0) return [inputOf('a', bytes, random), inputOf('b', bytes, random)]
  if (way > 1) return [inputOf('a', bytes, random)]
  const middle = random.integer(0, bytes.length)
  return [inputOf('a', bytes.subarray(0, middle), random), inputOf('b', bytes.subarray(middle), random)]
}

function isoLines(): Uint8Array {
  const lines = someLines('auth.log', 100, 60).toString().split('\n')
  return Buffer.from(
    lines
      .map((line, at) => `2026-05-12T03:00:${String(at % 60).padStart(2, '0')}.123456+02:00${line.slice(15)}`)
      .join('\n'),
  )
}

function entries(): Record<string, string>[] {
  const lines = someLines('auth.log', 150, 40).toString().split('\n')
  return lines.map((line, at) => ({
    __CURSOR: `s=1;i=${at}`,
    __REALTIME_TIMESTAMP: String(1_778_544_000_000_000 + at * 1_000_003),
    _HOSTNAME: 'web-1',
    _MACHINE_ID: '5d3c8f10a2b44e6f9b7718c0de5ac0fe',
    SYSLOG_IDENTIFIER: 'sshd',
    _PID: '2147',
    MESSAGE: line.slice(line.indexOf(']: ') + 3),
  }))
}

function journalJson(): Uint8Array {
  return Buffer.from(
    entries()
      .map((entry) => `${JSON.stringify(entry)}\n`)
      .join(''),
  )
}

function journalPretty(): Uint8Array {
  return Buffer.from(
    entries()
      .map((entry) => `${JSON.stringify(entry, null, '\t')}\n`)
      .join(''),
  )
}

function journalExport(): Uint8Array {
  return Buffer.from(
    entries()
      .map(
        (entry) =>
          `${Object.entries(entry)
            .map(([name, value]) => `${name}=${value}\n`)
            .join('')}\n`,
      )
      .join(''),
  )
}
