import { describe, expect, it } from 'vitest'
import { davylamp, evidence, investigate, MAX_RSS_BYTES, type Told } from './run.ts'
import { authLine, execve, guessedLog, journalLine, minedTrail, START, verdict, WALLET } from './samples.ts'

const log = guessedLog()
const trail = minedTrail()
const noise = Buffer.from(
  Array.from({ length: 200_000 }, (_, at) => (Math.imul(at, 0x9e3779b1) >>> 13) & 255),
)
const input = ({ story }: Told, name: string) => story.inputs.find(({ file }) => file.endsWith(`/${name}`))

describe('lines', () => {
  it('of 100 MB lose their end and nothing else', async () => {
    const long = Buffer.alloc(100_000_000, 'x')
    const shorter = long.subarray(0, 20_000_000)
    const around = (before: string, start: string, after: string, middle = shorter): Buffer =>
      Buffer.concat([Buffer.from(before + start), middle, Buffer.from(`\n${after}`)])
    const folder = evidence({
      'auth.log': around(log, authLine(START, 'Failed').trimEnd(), authLine(START + 90_000, 'Failed'), long),
      'audit.log': around(trail, 'type=EXECVE msg=audit(1778554900.000:900): a0="', trail),
      'journal.json': around(
        journalLine(START, verdict('Failed', {})),
        '{"MESSAGE":"',
        journalLine(START + 1, 'x'),
      ),
    })
    const run = await investigate([folder])
    expect(run.exitCode).toBe(10)
    expect(run.problems.toSorted()).toEqual([
      'audit.log: 1 line was too long and lost its end',
      'auth.log: 1 line was too long and lost its end',
      'journal.json: 1 entry is not a journal entry with time and host',
    ])
    expect(input(run, 'auth.log')?.records).toBe(33)
    expect(run.maxRssBytes).toBeLessThan(MAX_RSS_BYTES)
  })

  it('as long as may be, many of one second, are not all held at once', async () => {
    const user = 'u'.repeat(7000)
    const lines = Array.from({ length: 20_000 }, (_, pid) => authLine(START, 'Failed', { user, pid }))
    const path = `"/tmp/${'p'.repeat(7000)}"`
    const records = Array.from(
      { length: 20_000 },
      (_, at) =>
        `type=PATH msg=audit(1778554800.000:${at % 4000}): item=${at} name=${path} nametype=NORMAL\n`,
    )
    const folder = evidence({ 'auth.log': lines.join(''), 'audit.log': records.join('') })
    const run = await davylamp(['events', folder, '--kind', 'dns'])
    expect(run.exitCode).toBe(0)
    expect(run.maxRssBytes).toBeLessThan(MAX_RSS_BYTES)
  })

  it('of garbage are counted, also in the midst of good ones', async () => {
    const mixed = (text: string): Buffer =>
      Buffer.concat([Buffer.from(text), noise, Buffer.from(`\n${text}`)])
    const run = await investigate([
      evidence({ 'noise.bin': noise, 'auth.log': mixed(log), 'audit.log': mixed(trail) }),
    ])
    expect(run.exitCode).toBe(10)
    expect(run.skipped).toEqual(['noise.bin: not a format I know'])
    expect(run.problems.length).toBe(2)
    for (const name of ['auth.log', 'audit.log']) {
      const { records = 0, bad = 0 } = input(run, name) ?? {}
      expect(bad).toBeGreaterThan(100)
      expect(records - bad).toBe(name === 'auth.log' ? 62 : 210)
    }
  })

  it('behind blocks of NULs, as a crash leaves them, are read', async () => {
    const nuls = '\0'.repeat(4096)
    const folder = evidence({
      'auth.log': nuls + log + nuls,
      'audit.log': trail.slice(0, 4000) + nuls + trail,
    })
    const run = await investigate([folder])
    expect(run.exitCode).toBe(10)
    expect(input(run, 'auth.log')).toMatchObject({ records: 31, bad: 0 })
    expect(input(run, 'audit.log')?.bad).toBeLessThanOrEqual(1)
  })

  it.each([
    ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 without BOM', (text: string) => Buffer.from(text, 'utf16le')],
    ['big-endian UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['CR LF', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['a BOM', (text: string) => Buffer.from(`\uFEFF${text}`)],
  ])('are the same with %s', async (_title, encode) => {
    const journal = journalLine(START, verdict('Failed', { ip: '198.51.100.9' }))
    const run = await investigate([
      evidence({ 'auth.log': encode(log), 'audit.log': encode(trail), 'journal.json': encode(journal) }),
    ])
    expect(run.exitCode).toBe(10)
    expect(run.story.inputs.map(({ records, bad }) => [records, bad])).toEqual([
      [105, 0],
      [31, 0],
      [1, 0],
    ])
    expect([...run.skipped, ...run.problems]).toEqual([])
  })
})

const nested = (open: string, close: string): string => open.repeat(100_000) + '1' + close.repeat(100_000)

describe('JSON', () => {
  it('nested 100,000 levels deep is one bad entry, or none', async () => {
    const folder = evidence({
      'journal.json': [
        journalLine(START, verdict('Failed', {})),
        `${nested('{"sshd":', '}')}\n`,
        `${'['.repeat(500_000)}\n`,
        journalLine(START + 1, 'sshd').replace('"sshd"}', `${nested('[', ']')}}`),
        journalLine(START + 2, verdict('Failed', {})),
      ].join(''),
    })
    const { exitCode, story, stderr } = await investigate([folder])
    expect(exitCode).toBe(0)
    expect(stderr).not.toContain('should not happen')
    expect(story.inputs[0]).toMatchObject({ records: 5, bad: 2 })
  })
})

describe('logs that tell little of what is looked for', () => {
  const others = Array.from(
    { length: 6000 },
    (_, at) =>
      `May 12 02:${String(10 + Math.floor(at / 200)).padStart(2, '0')}:00 web-1 kernel: [${at}.0] IN=eth0 OUT=\n`,
  ).join('')

  it.each([
    ['messages, sshd far behind the head', { messages: others + log }],
    [
      'messages that begin with a stack trace',
      { messages: `\tat org.example.Main\n`.repeat(2000) + others + log },
    ],
    [
      'a journal in which sshd is rare',
      {
        'journal.json': [
          ...Array.from({ length: 3000 }, (_, at) =>
            journalLine(START + at, 'x', { SYSLOG_IDENTIFIER: 'kernel' }),
          ),
          journalLine(START + 4000, verdict('Failed', {})),
        ].join(''),
      },
    ],
    ['an audit trail that begins in an event', { 'audit.log': trail.slice(trail.indexOf('type=EXECVE')) }],
    ['an audit trail that begins in a line', { 'audit.log': trail.slice(100) }],
  ])('are recognised: %s', async (_title, files: Readonly<Record<string, string>>) => {
    const folder = evidence(files)
    const run = await davylamp(['events', folder])
    expect(run.stderr).not.toContain('not a format')
    expect(run.stdout).not.toBe('')
  })
})

describe('tricks in names', () => {
  const trick = `\x1b]0;x\x07\x1b[2J\u202e\u2066\u200b<script>alert(1)</script>=cmd|'/c calc'!A0$(reboot)`
  const files = {
    'auth.log': guessedLog({ host: 'web\x1b[31m-1<b>', user: trick }),
    'audit.log':
      minedTrail(100, 'web<b>\x1b[31m') +
      execve(START + 40_000, 300, [
        `/dev/shm/${trick}`,
        '-o',
        'stratum+tcp://pool.example.net:1',
        '-u',
        WALLET,
        trick,
      ]),
    'a\x1b[2J<b>.txt': 'x',
  }
  /** Controls, direction marks, zero width. Only line feeds are ours. */
  const UNSAFE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u

  it.each([
    ['terminal', ['investigate', '--no-case']],
    ['html', ['investigate', '--no-case', '--format', 'html']],
    ['markdown', ['investigate', '--no-case', '--format', 'markdown']],
    ['json', ['investigate', '--no-case', '--format', 'json']],
    ['events', ['events']],
  ])('reach no %s', async (format, args) => {
    const { exitCode, stdout, stderr } = await davylamp([...args, evidence(files)])
    expect(exitCode).toBe(format === 'events' ? 0 : 10)
    expect(UNSAFE.exec(stdout)).toBeNull()
    expect(UNSAFE.exec(stderr)).toBeNull()
    if (format === 'html') expect(stdout).not.toContain('<script>alert')
    if (format === 'markdown') expect(stdout).not.toMatch(/(?<!\\)<script>alert/u)
  })
})
