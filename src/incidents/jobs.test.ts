import { describe, expect, it } from 'vitest'
import type { Finding, HostFacts } from '../event/finding.ts'
import type { Connector } from './connectors.ts'
import { jobsOf } from './jobs.ts'
import { at, deed, mined } from './samples.ts'

/** Session 7 is a login's for an hour, all others are jobs. */
const LOGIN = '7'
const CONNECTORS: readonly Connector[] = [
  { pid: 50, ppid: 1, exe: '/dev/shm/.x/m', session: '90', time: at(1) },
  { pid: 51, ppid: 1, exe: null, session: LOGIN, time: at(1) },
  { pid: 52, ppid: 1, exe: null, session: null, time: at(1) },
]

function context(id: string, session: string | null, fields: Partial<HostFacts> = {}): Finding {
  return deed(
    id,
    5,
    { what: 'fetch-and-run', path: null, session, ...fields },
    { stage: 'context', severity: 'low' },
  )
}

/** Which of these are jobs of an intruder. */
function jobs(others: readonly Finding[], sure: readonly Finding[]): string[] {
  const isOfJob = jobsOf(sure, [...sure, ...others], {
    isOfLogin: (session, time) => session === LOGIN && time < at(60),
    connectorsTo: (ip, port) => (ip === '198.51.100.7' && port === 443 ? CONNECTORS : []),
  })
  return others.filter(isOfJob).map(({ id }) => id)
}

const MINES = mined('mines', 1, 200)
const FETCHES = { remote: 'http://example.org:8080/x.sh' }

describe("an intruder's jobs", () => {
  it.each<[string, Finding, Finding, boolean]>([
    ['are the sessions that started a miner', MINES, context('x', '90'), true],
    ['are not those of other jobs', MINES, context('x', '91'), false],
    ['are no logins, though one started a miner', MINES, context('x', LOGIN), false],
    ['are no sessions where nothing is told of one', MINES, context('x', null), false],
    ['are the sessions of a sure step', deed('drops', 1, { session: '91' }), context('x', '91'), true],
    ['are not the session of a login', deed('drops', 1, { session: LOGIN }), context('x', LOGIN), false],
    ['are what was done again in one of theirs', MINES, context('x', '91', { otherSessions: ['90'] }), true],
    ['are not what a login did too', MINES, context('x', '90', { otherSessions: [LOGIN] }), false],
    [
      'are not those of a miner at another port',
      mined('mines', 1, 200, { pool: { ip: '198.51.100.7', port: 80, name: null } }),
      context('x', '90'),
      false,
    ],
    [
      'are not a job that has the number of a login again',
      deed('drops', 1, { session: LOGIN }),
      { ...context('x', LOGIN), firstSeen: at(90) },
      false,
    ],
  ])('%s', (_what, sure, other, isTheirs) => {
    expect(jobs([other], [sure])).toEqual(isTheirs ? ['x'] : [])
  })
})

describe('a job elsewhere', () => {
  it.each<[string, Partial<HostFacts>, Partial<HostFacts>, boolean]>([
    ['that fetches from the same host', FETCHES, { remote: 'http://example.org/y.sh' }, true],
    ['that starts the same file', { path: '/dev/shm/.x/m' }, { path: '/dev/shm/.x/m' }, true],
    ['that fetches from another host', FETCHES, { remote: 'http://example.net/x.sh' }, false],
    ['that does another thing with it', FETCHES, { ...FETCHES, what: 'network-shell' }, false],
    ['that writes the same table of jobs', { path: '/etc/crontab' }, { path: '/etc/crontab' }, false],
    ['that runs the same shell', { path: '/usr/bin/bash' }, { path: '/usr/bin/bash' }, false],
    [
      'that fetches from where anybody can put a file',
      { remote: 'https://pastebin.com/raw/x' },
      { remote: 'https://pastebin.com/raw/x' },
      false,
    ],
    ['that fetches from the own network', { remote: '10.0.0.5/x' }, { remote: '10.0.0.5/x' }, false],
  ])('%s', (_what, first, other, isTheirs) => {
    const others = [context('first', '90', first), context('other', '91', other)]
    expect(jobs(others, [MINES])).toEqual(isTheirs ? ['first', 'other'] : ['first'])
  })

  it('brings along what else was done in its session', () => {
    const others = [
      context('first', '90', FETCHES),
      context('other', '91', FETCHES),
      context('beside', '91', { what: 'cron', path: '/etc/crontab' }),
    ]
    expect(jobs(others, [MINES])).toEqual(['first', 'other', 'beside'])
  })

  it('is nobody there where a login fetches the same', () => {
    const others = [context('first', '90', FETCHES), context('login', LOGIN, FETCHES)]
    expect(jobs(others, [MINES])).toEqual(['first'])
    expect(jobs([context('a', '91', FETCHES), context('b', LOGIN, FETCHES)], [MINES])).toEqual([])
  })

  it('is not told by a rule, which matches whoever does it', () => {
    const [first, other] = [context('first', '90', FETCHES), context('other', '91', FETCHES)]
    expect(
      jobs(
        [
          { ...first, rule: 'curl' },
          { ...other, rule: 'curl' },
        ],
        [MINES],
      ),
    ).toEqual(['first'])
  })
})
