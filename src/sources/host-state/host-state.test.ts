import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Event } from '../../event/event.ts'
import { readTexts } from '../samples/read-texts.ts'
import { hostState } from './index.ts'

const HEAD = {
  davylamp: 'davylamp-host-state/1',
  time: '2026-05-12T03:00:00.000Z',
  host: 'web-1',
  machineId: 'ab'.repeat(16),
  addresses: ['192.0.2.17'],
  id: 'x',
  name: 'x',
}

const PROCESS = {
  pid: 4711,
  ppid: 1,
  parentName: 'systemd',
  args: ['/opt/x', '--a'],
  cwd: '/',
  exe: '/opt/x',
  exeState: 'deleted',
  exeSha256: 'cd'.repeat(32),
  uid: 1000,
  cpuCores: 0.98,
  cpuSeries: [0.97, 0.99],
  missingFrom: ['listing', 'nonsense'],
  environmentNames: ['PATH', 7],
  threads: 4,
}

const line = (fact: string, attributes: object, head: object = {}): string =>
  JSON.stringify({ ...HEAD, fact, ...head, attributes })

async function eventsOf(...lines: string[]): Promise<Event[]> {
  const { events } = await readTexts(hostState, [{ name: 'host.jsonl', text: `${lines.join('\n')}\n` }])
  for (const event of events) Event.parse(event)
  return events
}

test('is known by its content alone', () => {
  expect(hostState.recognise(Buffer.from(line('process', PROCESS)))).toBe(1)
  expect(hostState.recognise(Buffer.from('{"davylamp":"davylamp-collection/1","part":"about"}'))).toBe(1)
  expect(hostState.recognise(Buffer.from('{"davylamp":"something else"}'))).toBe(0)
})

test('a process is one that was seen running', async () => {
  const [event] = await eventsOf(line('process', PROCESS, { name: 'x' }))
  expect(event).toMatchObject({
    kind: 'process',
    action: 'running',
    observer: 'host:web-1',
    subjects: ['host:web-1', `machine:${'ab'.repeat(16)}`, 'ip:192.0.2.17'],
    actor: { pid: 4711, ppid: 1, exe: '/opt/x', name: 'x', uid: 1000 },
    commandLine: '/opt/x --a',
    running: {
      exeState: 'deleted',
      cpuCores: 0.98,
      missingFrom: ['listing'],
      environmentNames: ['PATH'],
      residentBytes: null,
      isOwn: false,
    },
  })
})

test.each<[string, object, object]>([
  [
    'connection',
    { remoteIp: '198.51.100.7', remotePort: 3333, isIncoming: false, pid: 4711, process: 'x', exe: '/opt/x' },
    { kind: 'socket', action: 'connect', ip: '198.51.100.7', port: 3333, actor: { pid: 4711, name: 'x' } },
  ],
  [
    'connection',
    { remoteIp: '2001:db8::1', remotePort: 50_000, isIncoming: true },
    { kind: 'socket', action: 'accept' },
  ],
  [
    'mount',
    { target: '/proc/4711', source: '/dev/vda', root: '/usr/foo', fsType: 'ext4', options: ['rw'] },
    { kind: 'mount', target: '/proc/4711', root: '/usr/foo' },
  ],
  [
    'module',
    { name: 'x', sizeBytes: 16_384, usedBy: [], taints: 'OE', isListed: false },
    { kind: 'module', taints: 'OE', isListed: false },
  ],
  [
    'listening-socket',
    { protocol: 'tcp', address: '0.0.0.0', port: 6379, exe: '/usr/bin/redis-server' },
    { kind: 'resource', provider: 'host', resourceType: 'listening-socket', attributes: { port: 6379 } },
  ],
  ['something-new', { a: 1 }, { kind: 'resource', resourceType: 'something-new' }],
])('%s', async (fact, attributes, expected) => {
  const events = await eventsOf(line(fact, attributes))
  expect(events).toHaveLength(1)
  expect(events[0]).toMatchObject(expected)
})

test('the accounting of time is a reading of the processors, and a fact', async () => {
  const events = await eventsOf(
    line('cpu-accounting', {
      intervalMs: 4000,
      cores: 2,
      busyCores: 1.5,
      userShare: 0.7,
      unexplainedCores: 1,
    }),
  )
  expect(events.map(({ kind }) => kind)).toEqual(['cpu', 'resource'])
  expect(events[0]).toMatchObject({ busyShare: 0.75, busyCores: 1.5, scope: 'machine' })
})

test('what makes no sense is left out, and told', async () => {
  const text = [
    line('process', { pid: -1 }),
    line('mount', {}),
    '{"davylamp":"davylamp-host-state/1"}',
    '{"cut',
  ].join('\n')
  const { events, reports } = await readTexts(hostState, [{ name: 'host.jsonl', text }])
  expect(events).toEqual([])
  expect(reports[0]).toMatchObject({ unused: 2, bad: 2 })
})

test('any values in the place of the right ones give events that are valid, or none', async () => {
  const types = ['process', 'connection', 'mount', 'module', 'cpu-accounting', 'file']
  const names = [
    ...Object.keys(PROCESS),
    'remoteIp',
    'remotePort',
    'target',
    'name',
    'intervalMs',
    'busyCores',
    'cores',
  ]
  const attributes = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 12 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...types), attributes, async (type, values) => {
      await eventsOf(line(type, values))
    }),
    { seed: 5, numRuns: 200 },
  )
})

test('cut and given twice, it says the same', async () => {
  const lines = [line('process', PROCESS), line('mount', { target: '/x' }), line('module', { name: 'm' })]
  const whole = await readTexts(hostState, [{ name: 'a', text: `${lines.join('\n')}\n` }])
  const twice = await readTexts(hostState, [
    { name: 'b', text: `${lines.slice(1).join('\n')}\n` },
    { name: 'a', text: `${lines.join('\n')}\n` },
  ])
  expect(bare(twice.events)).toEqual(bare(whole.events))
})

function bare(events: readonly Event[]): string[] {
  return events.map((event) => JSON.stringify({ ...event, origin: null })).toSorted()
}
