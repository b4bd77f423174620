import { describe, expect, it } from 'vitest'
import { eventsFrom } from '../detectors/samples/host-sample.ts'
import { Kills } from './kills.ts'

const HERE = ['host:web-1']
const ID = 'a1b2c3d4e5f60718293a4b5c6d7e8f901122334455667788'
const SHORT = 'a1b2c3d4e5f6'

function seen(...lines: readonly object[]): Kills {
  const kills = new Kills()
  for (const event of eventsFrom(lines.map((line) => JSON.stringify(line)))) kills.observe(event)
  return kills
}

function runtime(pid: number, ...args: readonly string[]): object {
  return { pid, ses: null, run: ['runc', '--root', '/run/docker', ...args], exe: '/usr/bin/runc' }
}

function signal(pid: number, target: number, targetName: string, more: object = {}): object {
  return { pid, ses: null, signal: 9, target, targetName, ...more }
}

describe('who was killed by name', () => {
  it.each<[string, object, readonly string[]]>([
    ['a signal tells name and number', signal(50, 2005, 'netd', { ses: '57' }), ['netd', '2005']],
    ['a signal without a session is one too', signal(50, 2005, 'netd'), ['netd', '2005']],
    ['what init ends it ends for others', signal(1, 2005, 'netd'), []],
    ['one that ends nothing is no act', signal(50, 2005, 'netd', { ses: '57', signal: 1 }), []],
    ['one that failed is no act', signal(50, 2005, 'netd', { ses: '57', ok: false }), []],
    ['a command names it last', { run: ['/usr/bin/pkill', '-9', '-f', 'netd'] }, ['netd']],
    ['a command without a session is no act', { run: ['pkill', 'netd'], ses: null }, []],
    ['a command that names nobody is no act', { run: ['pkill', '-9'] }, []],
    ['a command that names by number is no act', { run: ['kill', '-9', '2005'] }, []],
  ])('%s', (_what, line, names) => {
    const targets = seen(line)
      .of(HERE)
      .flatMap((act) => act.targets)
    expect(targets).toEqual(names.map((value) => ({ type: 'process', value })))
  })

  it('says in which session and by which process', () => {
    expect(seen(signal(50, 2005, 'netd', { ses: '57', ppid: 40 })).of(HERE)).toMatchObject([
      { category: 'process-eviction', what: 'killed netd', session: '57', pid: 50, ppid: 40 },
    ])
  })

  it('keeps the newest 4000, each with a name of at most 128 letters', () => {
    const acts = seen(
      ...Array.from({ length: 4100 }, (_, at) => ({ run: ['pkill', `n${at}-${'x'.repeat(200)}`] })),
    ).of(HERE)
    expect(acts).toHaveLength(4000)
    expect(acts[0]?.what).toMatch(/^killed n100-x+$/u)
    expect(acts[0]?.targets[0]?.value).toHaveLength(128)
  })
})

describe('whether a trail tells of signals', () => {
  it.each<[string, object, boolean]>([
    ['it does where one was sent, by whomever', signal(50, 2005, 'netd'), true],
    ['a signal that ends nothing tells it too', signal(50, 2005, 'netd', { signal: 1 }), true],
    ['a command says nothing of signals', { run: ['pkill', 'netd'] }, false],
  ])('%s', (_what, line, areTold) => {
    expect(seen(line).areTold(HERE)).toBe(areTold)
    expect(seen(line).areTold(['host:web-2'])).toBe(false)
  })
})

describe('what ran in a container that was ended', () => {
  it.each<[string, readonly object[], readonly string[] | undefined]>([
    [
      'is whom its runtime then signals, though no session is known',
      [runtime(60, 'kill', '--all', ID, 'KILL'), signal(60, 2005, 'netd'), signal(60, 2006, 'sh')],
      ['netd', '2005', 'sh', '2006'],
    ],
    [
      'is not whom another process signals',
      [runtime(60, 'kill', ID, '9'), signal(61, 2005, 'netd')],
      undefined,
    ],
    ['is unknown where it was not killed', [runtime(60, 'state', ID), signal(60, 2005, 'netd')], undefined],
    [
      'is unknown where another program signals',
      [{ run: ['mykill', 'kill', ID], pid: 60 }, signal(60, 2005, 'netd')],
      undefined,
    ],
    [
      'is not whom another program signals that has the number of its runtime again',
      [
        runtime(60, 'kill', ID, 'KILL'),
        signal(60, 2005, 'netd'),
        { run: ['pkill', 'sshd'], pid: 60 },
        signal(60, 900, 'sshd'),
      ],
      ['netd', '2005'],
    ],
  ])('%s', (_what, lines, inside) => {
    expect(
      seen(...lines)
        .containersOf(HERE)
        .get(SHORT),
    ).toEqual(inside)
  })

  it('is known by whichever identifier of the machine told it', () => {
    const kills = new Kills()
    const events = eventsFrom(
      [
        [runtime(60, 'kill', ID, 'TERM'), signal(60, 2005, 'netd')],
        [runtime(70, 'kill', ID, 'KILL'), signal(70, 2006, 'sh')],
      ]
        .flat()
        .map((line) => JSON.stringify(line)),
    )
    for (const [at, event] of events.entries())
      kills.observe({ ...event, observer: at < 2 ? 'host:web-1' : 'trail:a' })
    expect(kills.containersOf(['host:web-1', 'trail:a']).get(SHORT)).toEqual(['netd', '2005', 'sh', '2006'])
  })

  it('keeps within its bounds, however many die in however many containers', () => {
    const many = Array.from({ length: 1100 }, (_, at) => [
      runtime(10_000 + at, 'kill', `${at}`.padStart(12, '0'), 'KILL'),
      signal(10_000 + at, 2005, 'netd'),
    ]).flat()
    const one = Array.from({ length: 3000 }, (_, at) => signal(60, 20_000 + at, 'netd'))
    const containers = seen(...many, runtime(60, 'kill', ID, 'KILL'), ...one).containersOf(HERE)
    expect(containers.size).toBe(1024)
    expect(containers.get(SHORT)?.length).toBe(512)
  })
})
