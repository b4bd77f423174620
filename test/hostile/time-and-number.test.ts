import { describe, expect, it } from 'vitest'
import { davylamp, evidence, investigate, MAX_RSS_BYTES } from './run.ts'
import { authLine, execve, guessedLog, journalLine, minedTrail, START, verdict } from './samples.ts'

const DAY_MS = 86_400_000

interface EventLine {
  readonly kind: string
  readonly time: string
}

async function eventsOf(folder: string): Promise<EventLine[]> {
  const { exitCode, stdout, stderr } = await davylamp(['events', folder])
  expect(exitCode, stderr).toBe(0)
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as EventLine)
}

const jump = (at: number): number => (at % 10 === 0 ? -800 * DAY_MS : at % 13 === 0 ? 1000 * DAY_MS : 0)

describe('clocks', () => {
  it('that jump by years lose nothing', async () => {
    const trail = Array.from({ length: 500 }, (_, at) =>
      execve(START + at * 1000 + jump(at), at, ['/usr/bin/id']),
    )
    const log = Array.from({ length: 500 }, (_, at) =>
      authLine(START + at * 1000 + jump(at) / 20, 'Failed', { pid: at, port: at }),
    )
    const folder = evidence({ 'audit.log': trail.join(''), 'auth.log': log.join('') })
    const events = await eventsOf(folder)
    expect(events.filter(({ kind }) => kind === 'process').length).toBe(500)
    expect(events.filter(({ kind }) => kind === 'auth').length).toBe(500)
    const { exitCode, story } = await investigate([folder])
    expect([0, 10]).toContain(exitCode)
    expect(story.inputs.reduce((sum, { bad }) => sum + bad, 0)).toBe(0)
  })

  it('that are set back again and again hold nothing up', async () => {
    const lines = Array.from({ length: 150_000 }, (_, at) =>
      authLine(START + (at % 31) * 1000, 'Failed', { pid: at, port: at % 60_000 }),
    )
    const run = await davylamp(['events', evidence({ 'auth.log': lines.join('') }), '--kind', 'dns'])
    expect(run.exitCode).toBe(0)
    expect(run.maxRssBytes).toBeLessThan(MAX_RSS_BYTES)
  })

  it('pass a New Year, in one log and between two', async () => {
    const lines = Array.from({ length: 200 }, (_, at) =>
      authLine(Date.UTC(2025, 11, 31, 22) + at * 60_000, 'Failed', { pid: at, port: at }),
    )
    const whole = await eventsOf(evidence({ 'auth.log': lines.join('') }))
    const cut = await eventsOf(
      evidence({ 'auth.log.1': lines.slice(0, 120).join(''), 'auth.log': lines.slice(120).join('') }),
    )
    expect(whole.map(({ time }) => time)).toEqual(cut.map(({ time }) => time))
    const gaps = whole.slice(1).map(({ time }, at) => Date.parse(time) - Date.parse(whole[at]?.time ?? ''))
    expect(new Set(gaps)).toEqual(new Set([60_000]))
  })
})

describe('several witnesses', () => {
  it('two trails of one time without names are two machines', async () => {
    const { story } = await investigate([
      evidence({
        'a/audit.log': minedTrail(),
        'b/audit.log': Array.from({ length: 20 }, (_, at) =>
          execve(START + 500 + at * 1000, 9100 + at, ['/usr/bin/uptime']),
        ).join(''),
      }),
    ])
    expect(story.assets.length).toBe(2)
    expect(story.inputs.flatMap(({ decisions }) => decisions).join('\n')).toContain('two machines')
  })

  it('a log and the journal of one machine tell each login once', async () => {
    const log = guessedLog()
    const journal = log
      .trimEnd()
      .split('\n')
      .map((line, at) => {
        const time = START + at * 2000 + (at === 30 ? 2000 : 0) + 123
        const [, pid = '', message = ''] = /sshd\[(\d+)\]: (.*)/u.exec(line) ?? []
        return journalLine(time, message, { _PID: pid })
      })
    const alone = await investigate([evidence({ 'auth.log': log })])
    const both = await investigate([evidence({ 'auth.log': log, 'journal.json': journal.join('') })])
    expect(both.story.pressure.map(({ count }) => count)).toEqual(
      alone.story.pressure.map(({ count }) => count),
    )
    expect(both.story.incidents.length).toBe(1)
  })
})

describe('great numbers', () => {
  it.each([
    [
      'auth.log',
      (at: number) =>
        authLine(START + at * 20, 'Failed', { host: `web-${at % 20}`, pid: at, port: at % 60_000 }),
    ],
    ['audit.log', (at: number) => execve(START + at * 20, at * 3, ['/usr/bin/id'])],
    ['journal.json', (at: number) => journalLine(START + at * 20, verdict('Failed', { port: at % 60_000 }))],
  ])('of small inputs keep their order: %s', async (name, line) => {
    const files = Array.from({ length: 600 }, (_, at) => [`${at % 50}/${at}/${name}`, line(at)])
    const { exitCode, story, maxRssBytes } = await investigate([evidence(Object.fromEntries(files))])
    expect(exitCode).toBe(0)
    expect(story.inputs.length).toBe(600)
    expect(story.inputs.filter(({ late }) => late > 0)).toEqual([])
    expect(maxRssBytes).toBeLessThan(MAX_RSS_BYTES)
  })

  it('of users, processes and serials take bounded memory', async () => {
    const log = Array.from({ length: 60_000 }, (_, at) =>
      authLine(START + at * 10, 'Failed', { pid: at, user: `u${at}`, port: at % 60_000 }),
    )
    const records = Array.from(
      { length: 60_000 },
      (_, at) =>
        `type=SYSCALL msg=audit(1778554800.000:${at * 7}): arch=c000003e syscall=59 success=yes pid=${at} ses=${at}\n`,
    )
    const { exitCode, maxRssBytes } = await davylamp([
      'events',
      evidence({ 'auth.log': log.join(''), 'audit.log': records.join('') }),
      '--kind',
      'dns',
    ])
    expect(exitCode).toBe(0)
    expect(maxRssBytes).toBeLessThan(MAX_RSS_BYTES)
  })

  it('of paths in one event are cut off, and that is said', async () => {
    const paths = Array.from(
      { length: 3000 },
      (_, at) => `type=PATH msg=audit(1778554800.000:7): item=${at} name="/tmp/${at}" nametype=NORMAL\n`,
    )
    const { problems } = await investigate([evidence({ 'audit.log': paths.join('') + minedTrail() })])
    expect(problems).toEqual(['audit.log: an event has more than 1,024 records: the rest was left out'])
  })
})
