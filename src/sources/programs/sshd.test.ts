import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProgramLine } from './program-line.ts'
import { isSshd, type SshdEvent, SshdReader } from './sshd.ts'

/** `12 4711 message`: second, process number (`-` = none), message; `x3` behind the number = folded thrice. */
function lineOf(text: string, index: number): ProgramLine {
  const [seconds = '', process = '', ...words] = text.split(' ')
  const [pid, count] = process.split('x')
  return {
    time: Number(seconds) * 1000,
    timeQuality: 'exact',
    observer: 'host:web-1',
    subjects: ['host:web-1'],
    program: 'sshd',
    pid: pid === '-' ? null : Number(pid),
    message: words.join(' '),
    count: count === undefined ? 1 : Number(count),
    source: 'test',
    file: 'test.log',
    line: index + 1,
    recordId: null,
    offset: 0,
    raw: text,
  }
}

function read(texts: readonly string[]): SshdEvent[] {
  const reader = new SshdReader()
  const events: SshdEvent[] = []
  const emit = (event: SshdEvent): void => void events.push(event)
  for (const [index, text] of texts.entries()) reader.take(lineOf(text, index), emit)
  reader.settle(Infinity, emit)
  expect(reader.heldFrom).toBe(Infinity)
  return events
}

function brief(event: SshdEvent): string {
  const where = event.srcIp ?? (event.kind === 'auth' ? event.srcHost : null)
  const user = event.user ?? '-'
  if (event.kind === 'session') return `${event.action} ${user} ${where}`
  return `${event.outcome} ${event.method ?? '-'} ${user}${event.isUnknownUser ? '?' : ''} ${where} x${event.count}`
}

const PAM = 'authentication failure; logname= uid=0 euid=0 tty=ssh ruser='

const cases: { title: string; lines: string[]; expected: string[] }[] = [
  {
    title: 'four lines of one try count once',
    lines: [
      '1 7 Invalid user admin from 192.0.2.1 port 4002',
      '1 7 pam_unix(sshd:auth): check pass; user unknown',
      `1 7 pam_unix(sshd:auth): ${PAM} rhost=192.0.2.1`,
      '3 7 Failed password for invalid user admin from 192.0.2.1 port 4002 ssh2',
      '3 7 Connection closed by invalid user admin 192.0.2.1 port 4002 [preauth]',
    ],
    expected: ['failure password admin? 192.0.2.1 x1'],
  },
  {
    title: "each verdict of one connection counts, and PAM's sum adds nothing",
    lines: [
      `1 7 pam_unix(sshd:auth): ${PAM} rhost=gate.example.org  user=root`,
      '13 7 Failed password for root from 192.0.2.1 port 4002 ssh2',
      '20 7x5 Failed password for root from 192.0.2.1 port 4002 ssh2',
      '20 7 error: maximum authentication attempts exceeded for root from 192.0.2.1 port 4002 ssh2 [preauth]',
      '20 7 Disconnecting authenticating user root 192.0.2.1 port 4002: Too many authentication failures [preauth]',
      `20 7 PAM 5 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=gate.example.org  user=root`,
    ],
    expected: ['failure password root 192.0.2.1 x1', 'failure password root 192.0.2.1 x5'],
  },
  {
    title: 'hints alone are the failures',
    lines: [
      '1 7 Invalid user a from 192.0.2.1 port 4002',
      '1 7 Invalid user b from 192.0.2.1 port 4002',
      '2 7 Invalid user b from 192.0.2.1 port 4002',
    ],
    expected: ['failure - a? 192.0.2.1 x1', 'failure - b? 192.0.2.1 x1', 'failure - b? 192.0.2.1 x1'],
  },
  {
    title: 'the end of a connection tells that no verdict comes',
    lines: [
      '1 7 Invalid user a from 192.0.2.1 port 4002',
      '1 7 Connection closed by invalid user a 192.0.2.1 port 4002 [preauth]',
    ],
    expected: ['failure - a? 192.0.2.1 x1'],
  },
  {
    title: 'PAM alone, and its sum',
    lines: [
      `1 7 pam_unix(sshd:auth): ${PAM} rhost=192.0.2.1  user=root`,
      '9 7 PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=root',
    ],
    expected: ['failure pam root 192.0.2.1 x1', 'failure pam root 192.0.2.1 x2'],
  },
  {
    title: 'a verdict after a long wait was told already',
    lines: [
      '1 7 Invalid user a from 192.0.2.1 port 4002',
      '61 7 Failed password for invalid user a from 192.0.2.1 port 4002 ssh2',
      '70 7 Failed password for invalid user a from 192.0.2.1 port 4002 ssh2',
    ],
    expected: ['failure - a? 192.0.2.1 x1', 'failure password a? 192.0.2.1 x1'],
  },
  {
    title: 'a module that complains before the next one lets in is no failure',
    lines: [
      `1 7 pam_unix(sshd:auth): ${PAM} rhost=192.0.2.1  user=bob`,
      '1 7 pam_sss(sshd:auth): authentication success; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1 user=bob',
      '1 7 Accepted password for bob from 192.0.2.1 port 4002 ssh2',
    ],
    expected: ['success password bob 192.0.2.1 x1'],
  },
  {
    title: 'two modules that complain are one try',
    lines: [
      `1 7 pam_unix(sshd:auth): ${PAM} rhost=192.0.2.1  user=bob`,
      `1 7 pam_sss(sshd:auth): ${PAM} rhost=192.0.2.1 user=bob`,
    ],
    expected: ['failure pam bob 192.0.2.1 x1'],
  },
  {
    title: 'keyboard-interactive asks PAM in another process',
    lines: [
      `1 8 pam_unix(sshd:auth): ${PAM} rhost=gate.example.org  user=root`,
      '3 7 error: PAM: Authentication failure for root from gate.example.org',
      '3 7 Failed keyboard-interactive/pam for root from 192.0.2.1 port 4002 ssh2',
    ],
    expected: ['failure keyboard-interactive root 192.0.2.1 x1'],
  },
  {
    title: 'a wrong answer before the right one is a failure',
    lines: [
      '1 7 error: PAM: Authentication failure for bob from 192.0.2.1',
      '5 7 Accepted keyboard-interactive/pam for bob from 192.0.2.1 port 4002 ssh2',
    ],
    expected: [
      'failure keyboard-interactive bob 192.0.2.1 x1',
      'success keyboard-interactive bob 192.0.2.1 x1',
    ],
  },
  {
    title: 'a connection that comes to nothing is told once',
    lines: [
      '1 7 error: kex_exchange_identification: Connection closed by remote host',
      '1 7 Connection closed by 192.0.2.1 port 4002',
      '5 8 Received disconnect from 192.0.2.2 port 9:11: Bye Bye [preauth]',
      '5 8 Disconnected from authenticating user root 192.0.2.2 port 9 [preauth]',
    ],
    expected: ['aborted - - 192.0.2.1 x1', 'aborted - - 192.0.2.2 x1'],
  },
  {
    title: 'the end of a session is no failure, in whichever process',
    lines: [
      '1 7 Accepted publickey for bob from 192.0.2.1 port 4002 ssh2: ED25519 SHA256:abc',
      '9 9 Received disconnect from 192.0.2.1 port 4002:11: disconnected by user',
      '9 9 Disconnected from user bob 192.0.2.1 port 4002',
      '9 9 Connection closed by 192.0.2.1 port 4002',
    ],
    expected: ['success publickey bob 192.0.2.1 x1'],
  },
  {
    title: 'sessions by PAM carry the address of the login',
    lines: [
      '1 7 Accepted password for bob from 192.0.2.1 port 4002 ssh2',
      '1 7 pam_unix(sshd:session): session opened for user bob(uid=1000) by (uid=0)',
      '1 9 Starting session: shell on pts/0 for bob from 192.0.2.1 port 4002 id 0',
      '9000 9 Close session: user bob from 192.0.2.1 port 4002 id 0',
      '9000 7 pam_unix(sshd:session): session closed for user bob',
    ],
    expected: ['success password bob 192.0.2.1 x1', 'open bob 192.0.2.1', 'close bob 192.0.2.1'],
  },
  {
    title: 'without PAM sshd itself tells of sessions',
    lines: [
      '1 7 Accepted password for bob from 192.0.2.1 port 4002 ssh2',
      '1 9 Starting session: command for bob from 192.0.2.1 port 4002 id 0',
      '2 9 Close session: user bob from 192.0.2.1 port 4002 id 0',
    ],
    expected: ['success password bob 192.0.2.1 x1', 'open bob 192.0.2.1', 'close bob 192.0.2.1'],
  },
  {
    title: 'an account that may not log in is not unknown',
    lines: [
      '1 7 User root from 192.0.2.1 not allowed because not listed in AllowUsers',
      '3 7 Failed password for invalid user root from 192.0.2.1 port 4002 ssh2',
    ],
    expected: ['failure password root 192.0.2.1 x1'],
  },
  {
    title: 'asking which methods there are is part of the try that follows',
    lines: [
      '1 7 Invalid user 0 from 192.0.2.1 port 4002',
      '1 7 Failed none for invalid user 0 from 192.0.2.1 port 4002 ssh2',
      '3 7 Failed password for invalid user 0 from 192.0.2.1 port 4002 ssh2',
    ],
    expected: ['failure password 0? 192.0.2.1 x1'],
  },
  {
    title: 'too many keys without a verdict in the log are one failure',
    lines: [
      '1 7 error: maximum authentication attempts exceeded for bob from 192.0.2.1 port 4002 ssh2 [preauth]',
      '1 7 Disconnecting: Too many authentication failures [preauth]',
    ],
    expected: ['failure - bob 192.0.2.1 x1'],
  },
  {
    title: 'a process number that comes round is another connection',
    lines: [
      '1 7 Failed password for root from 192.0.2.1 port 4002 ssh2',
      '1 7 Connection closed by authenticating user root 192.0.2.1 port 4002 [preauth]',
      '5000 7 Connection closed by 192.0.2.1 port 4003 [preauth]',
      '6000 7 Connection closed by 192.0.2.9 [preauth]',
    ],
    expected: ['failure password root 192.0.2.1 x1', 'aborted - - 192.0.2.1 x1', 'aborted - - 192.0.2.9 x1'],
  },
  {
    title: 'the listening process tells of many connections',
    lines: [
      '1 7 drop connection #10 from [192.0.2.1]:1 on [10.0.0.5]:22 past MaxStartups',
      '1 7 drop connection #11 from [192.0.2.1]:2 on [10.0.0.5]:22 past MaxStartups',
      '2 7 Timeout before authentication for connection from 192.0.2.3 to 10.0.0.5, pid = 31',
      '2 7 Timeout before authentication for connection from 192.0.2.3 to 10.0.0.5, pid = 32',
    ],
    expected: [
      'aborted - - 192.0.2.1 x1',
      'aborted - - 192.0.2.1 x1',
      'aborted - - 192.0.2.3 x1',
      'aborted - - 192.0.2.3 x1',
    ],
  },
  {
    title: 'lines without a process number stand alone',
    lines: [
      '1 - Invalid user a from 192.0.2.1 port 4002',
      '1 - Failed password for root from 192.0.2.2 port 1 ssh2',
    ],
    expected: ['failure - a? 192.0.2.1 x1', 'failure password root 192.0.2.2 x1'],
  },
]

describe('SshdReader', () => {
  it.each(cases)('$title', ({ lines, expected }) => {
    expect(
      read(lines)
        .map((event) => brief(event))
        .toSorted(),
    ).toEqual(expected.toSorted())
  })

  it('points at the line that told, and gives the time of the hint when there is no verdict', () => {
    const [event] = read([
      '5 7 Invalid user a from 192.0.2.1 port 4002',
      '6 7 Connection closed by 192.0.2.1 port 4002 [preauth]',
    ])
    expect(event).toMatchObject({
      time: 5000,
      origin: { file: 'test.log', line: 1, raw: '5 7 Invalid user a from 192.0.2.1 port 4002' },
    })
  })

  it('does not hold events back for longer than a verdict takes', () => {
    const reader = new SshdReader()
    const events: SshdEvent[] = []
    const emit = (event: SshdEvent): void => void events.push(event)
    reader.take(lineOf('5 7 Invalid user a from 192.0.2.1 port 4002', 0), emit)
    reader.settle(30_000, emit)
    expect([events.length, reader.heldFrom]).toEqual([0, 5000])
    reader.settle(36_000, emit)
    expect([events.length, reader.heldFrom]).toEqual([1, Infinity])
  })

  it('holds a bounded number of hints', () => {
    const reader = new SshdReader()
    let events = 0
    for (let pid = 0; pid < 20_000; pid++)
      reader.take(lineOf(`1 ${pid} Invalid user a from 192.0.2.1 port 4002`, pid), () => events++)
    expect(events).toBeGreaterThan(15_000)
  })

  it('knows the names of its programs', () => {
    expect(['sshd', 'sshd-session', 'sshd-auth', 'sshd(pam_unix)'].every((name) => isSshd(name))).toBe(true)
    expect(['sshd-keygen', 'sshdx', 'ssh', 'sshd(', 'sssd', ''].some((name) => isSshd(name))).toBe(false)
  })

  it('counts no verdict twice and loses none, whatever else is said', () => {
    const messages = fc.constantFrom(
      'Invalid user a from 192.0.2.1 port 4002',
      `pam_unix(sshd:auth): ${PAM} rhost=192.0.2.1`,
      'Failed password for invalid user a from 192.0.2.1 port 4002 ssh2',
      'Failed password for root from 192.0.2.1 port 4002 ssh2',
      'error: PAM: Authentication failure for root from 192.0.2.1',
      'Connection closed by 192.0.2.1 port 4002 [preauth]',
      'PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1',
      'Accepted password for root from 192.0.2.1 port 4002 ssh2',
    )
    const script = fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 3 }), messages), { maxLength: 25 })
    const property = fc.property(script, (steps) => {
      let second = 0
      const lines = steps.map(([step, pid, message]) => `${(second += step)} ${pid} ${message}`)
      const events = read(lines)
      const count = (part: string): number => lines.filter((line) => line.includes(part)).length
      const told = (outcome: string): number =>
        events.filter((event) => event.kind === 'auth' && event.outcome === outcome).length
      expect(told('success')).toBe(count('Accepted'))
      expect(
        events.filter(
          (event) => event.kind === 'auth' && event.method === 'password' && event.outcome === 'failure',
        ).length,
      ).toBe(count('Failed'))
      expect(told('failure')).toBeLessThanOrEqual(lines.length)
      const tried = new Set(events.map((event) => event.origin.line))
      expect(tried.size).toBe(events.length)
    })
    fc.assert(property, { seed: 41, numRuns: 500 })
  })
})
