import { describe, expect, it } from 'vitest'
import type { Finding } from '../event/finding.ts'
import { actsOf } from './acts.ts'
import { finding, host, mining } from './samples/findings.ts'

const MINER = '/dev/shm/.x'
const POOL = 'pool.example.net:443'
const wire = { pool: { ip: '198.51.100.7', port: 443, name: 'pool.example.net' } }

const fetched = finding(0, `${MINER} was fetched from 192.0.2.4`, {
  facts: host('fetch-to-hiding-place', { path: MINER, remote: 'http://192.0.2.4/x' }),
})
const started = finding(5, `The program ${MINER}, fetched from 192.0.2.4, was started`, {
  facts: host('dropper', { path: MINER, remote: '192.0.2.4' }),
  count: 4,
})
const asMiner = finding(5, `.x was started as a miner to ${POOL}`, {
  stage: 'mining',
  facts: host('miner-process', { path: MINER, remote: POOL }),
  count: 4,
})
const onTheWire = finding(6, 'Mines Monero with XMRig 6.21 at pool.example.net (198.51.100.7:443)', {
  stage: 'mining',
  facts: mining(wire),
})
const wiped = (at: number, path: string): Finding =>
  finding(at, `A log was wiped: ${path}`, { stage: 'evasion', facts: host('log-wipe', { path }) })

const texts = (findings: readonly Finding[]): string[] => actsOf(findings).map((act) => act.text)

describe('acts', () => {
  it.each<[string, readonly Finding[], readonly string[]]>([
    ['one finding', [fetched], [`${MINER} was fetched from 192.0.2.4`]],
    [
      'a start that three detectors saw',
      [fetched, started, asMiner, onTheWire],
      [
        `${MINER} was fetched from 192.0.2.4`,
        `${MINER} was started (4 times) and mines Monero with XMRig 6.21 at pool.example.net (198.51.100.7:443)`,
      ],
    ],
    [
      'a start without a capture, and where it came from if that was not told',
      [started, asMiner],
      [`${MINER}, fetched from 192.0.2.4, was started as a miner to ${POOL} (4 times)`],
    ],
    [
      'a dialogue with another pool, as its own',
      [
        asMiner,
        finding(6, 'Mines Zcash at 203.0.113.9:3333', {
          stage: 'mining',
          facts: mining({ pool: { ip: '203.0.113.9', port: 3333, name: null } }),
        }),
      ],
      [`.x was started as a miner to ${POOL} (4 times)`, 'Mines Zcash at 203.0.113.9:3333'],
    ],
    [
      'a dialogue long after the start, as its own',
      [asMiner, { ...onTheWire, firstSeen: onTheWire.firstSeen + 3600_000 }],
      [`.x was started as a miner to ${POOL} (4 times)`, onTheWire.title],
    ],
    [
      'logs wiped one after the other',
      [wiped(10, '/var/log/wtmp'), wiped(11, '/var/log/lastlog'), wiped(40, '/var/log/auth.log')],
      ['Logs were wiped: /var/log/wtmp, /var/log/lastlog, /var/log/auth.log'],
    ],
    [
      'the same log wiped hours apart',
      [wiped(10, '/var/log/wtmp'), wiped(9000, '/var/log/wtmp')],
      ['A log was wiped: /var/log/wtmp', 'A log was wiped: /var/log/wtmp'],
    ],
    [
      'more logs than anybody reads',
      Array.from({ length: 40 }, (_, i) => wiped(i, `/var/log/${i}`)),
      ['Logs were wiped: /var/log/0, /var/log/1, /var/log/2, /var/log/3, /var/log/4, /var/log/5 and 34 more'],
    ],
    [
      'keys, and the lock behind them',
      [
        finding(1, 'SSH keys were overwritten: /root/.ssh/authorized_keys', {
          stage: 'persistence',
          facts: host('authorized-keys', { path: '/root/.ssh/authorized_keys' }),
        }),
        finding(2, '/root/.ssh/authorized_keys was locked against changes', {
          stage: 'persistence',
          facts: host('authorized-keys', {
            path: '/root/.ssh/authorized_keys',
            commandLine: 'chattr +ia /root/.ssh/authorized_keys',
          }),
        }),
      ],
      ['SSH keys were overwritten: /root/.ssh/authorized_keys; then the file was locked against changes'],
    ],
  ])('tells %s', (_, findings, expected) => {
    expect(texts(findings)).toEqual(expected)
  })

  it('tells every finding once, in time order, whatever stands beside it', () => {
    const all = [fetched, started, asMiner, onTheWire, wiped(30, '/a'), wiped(31, '/b'), wiped(9000, '/c')]
    const acts = actsOf(all)
    expect(acts.flatMap((act) => act.findings).toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      all.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    )
    expect(acts.map((act) => act.time)).toEqual(acts.map((act) => act.time).toSorted((a, b) => a - b))
  })
})
