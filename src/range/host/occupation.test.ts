import { expect, it } from 'vitest'
import type { Gang } from '../gangs/gang.ts'
import { Occupation } from './occupation.ts'
import type { RunningMiner } from './running-miner.ts'

type Step = readonly ['starts' | 'dies', string] | readonly ['kills', string, string]

/** Plays steps one second apart; changes as `SECOND FROM>TO`. */
function play(steps: readonly Step[]): { changes: string[]; holder: string | null } {
  let nowMs = 0
  const gangs = new Map<string, Gang>()
  const occupation = new Occupation(() => nowMs)
  const gangOf = (id: string): Gang => {
    const gang = gangs.get(id) ?? gangNamed(id)
    gangs.set(id, gang)
    return gang
  }
  for (const [what, who, whom] of steps) {
    nowMs += 1000
    const gang = gangOf(who)
    if (what === 'starts') occupation.began(minerOf(gang, nowMs))
    const victim = what === 'kills' ? gangOf(whom) : gang
    const killer = what === 'kills' ? gang : null
    const hit = what === 'starts' ? [] : occupation.miners.filter((miner) => miner.gang === victim)
    for (const miner of hit) occupation.ended(miner, killer)
  }
  return {
    changes: occupation.changes.map(({ timeMs, from, to }) => `${timeMs / 1000} ${from.id}>${to.id}`),
    holder: occupation.holder?.id ?? null,
  }
}

function gangNamed(id: string): Gang {
  const pool = { name: null, ip: '198.51.100.1', port: 3333, isTls: false }
  const miner = { path: '/tmp/m', comm: 'm', args: () => [], cpuShare: 1, knownAs: [] }
  const client = { banner: '', kex: '', hostKeys: '', ciphers: '', macs: '' }
  const traits = {
    wallets: [],
    pool,
    login: () => ({ login: '', pass: '' }),
    agent: '',
    miner,
    sources: [],
    client,
    download: { ip: '198.51.100.2', name: null, paths: [] },
    control: null,
    key: null,
    waysIn: [],
    spreads: 0,
    sells: 0,
    returnsAfterMs: null,
  }
  return { id, model: id, family: null, skill: 'low', traits, *occupy() {} }
}

function minerOf(gang: Gang, startedMs: number): RunningMiner {
  return {
    gang,
    process: {
      pid: startedMs,
      ppid: 1,
      comm: 'm',
      exe: '/tmp/m',
      args: [],
      cwd: '/',
      uid: 0,
      loginUid: null,
      session: null,
      tty: null,
    },
    login: '',
    pool: gang.traits.pool,
    startedMs,
    names: [],
    cpuShare: 1,
    life: { isOver: false, line: null },
    haul: { submitted: 0, accepted: 0, rejected: 0, expectedHashes: 0 },
    work: { hashMs: 0, sinceMs: startedMs },
  }
}

it.each<[string, readonly Step[], readonly string[], string | null]>([
  ['one alone', [['starts', 'a']], [], 'a'],
  [
    'evicted, then the newcomer starts',
    [
      ['starts', 'a'],
      ['kills', 'b', 'a'],
      ['starts', 'b'],
    ],
    ['3 a>b'],
    'b',
  ],
  [
    'shared, then evicted',
    [
      ['starts', 'a'],
      ['starts', 'b'],
      ['kills', 'b', 'a'],
    ],
    ['3 a>b'],
    'b',
  ],
  [
    'shared for good',
    [
      ['starts', 'a'],
      ['starts', 'b'],
    ],
    [],
    'a',
  ],
  [
    'evicted by one that never starts',
    [
      ['starts', 'a'],
      ['kills', 'b', 'a'],
      ['starts', 'c'],
    ],
    [],
    'c',
  ],
  [
    'back before the newcomer started',
    [
      ['starts', 'a'],
      ['kills', 'b', 'a'],
      ['starts', 'a'],
      ['starts', 'b'],
    ],
    [],
    'a',
  ],
  [
    'a loser that comes back is thrown out again: nothing changes',
    [
      ['starts', 'a'],
      ['kills', 'b', 'a'],
      ['starts', 'b'],
      ['starts', 'a'],
      ['kills', 'b', 'a'],
    ],
    ['3 a>b'],
    'b',
  ],
  [
    'a loser that comes back and wins',
    [
      ['starts', 'a'],
      ['kills', 'b', 'a'],
      ['starts', 'b'],
      ['starts', 'a'],
      ['kills', 'a', 'b'],
    ],
    ['3 a>b', '5 b>a'],
    'a',
  ],
  [
    'cleaned up, then somebody else',
    [
      ['starts', 'a'],
      ['dies', 'a'],
      ['starts', 'b'],
    ],
    [],
    'b',
  ],
  [
    'cleaned up',
    [
      ['starts', 'a'],
      ['dies', 'a'],
    ],
    [],
    null,
  ],
  [
    'a third one shares meanwhile',
    [
      ['starts', 'a'],
      ['starts', 'z'],
      ['kills', 'b', 'a'],
      ['starts', 'b'],
      ['kills', 'b', 'z'],
    ],
    ['4 a>b'],
    'b',
  ],
  [
    'the other one is left',
    [
      ['starts', 'a'],
      ['starts', 'b'],
      ['dies', 'a'],
    ],
    [],
    'b',
  ],
  [
    'the holder starts its miner anew beside another',
    [
      ['starts', 'a'],
      ['starts', 'b'],
      ['dies', 'a'],
      ['starts', 'a'],
      ['kills', 'a', 'b'],
    ],
    [],
    'a',
  ],
])('%s', (_, steps, changes, holder) => {
  expect(play(steps)).toEqual({ changes, holder })
})
