import { expect, it } from 'vitest'
import { artefactsOf } from './artefacts.ts'
import { battle } from './samples/battle.ts'
import { at, finding, incident, investigation, occupant, proof } from './samples/build.ts'

it('takes span, confidence and reason from what was concluded from the same records', () => {
  const found = artefactsOf(battle())
  expect(
    found.map(({ type, first, last, confidence, reason }) => [type, first, last, confidence, reason]),
  ).toEqual([
    ['address', at('03:14:07'), at('03:14:07'), 0.95, 'came in from here as root (ssh-password)'],
    ['wallet', at('03:16:02'), at('07:02:10'), 0.99, 'Monero mined for 198.51.100.7:443'],
    ['pool', at('03:16:02'), at('07:02:10'), 0.99, 'Monero mined for 198.51.100.7:443'],
    ['path', at('03:14:31'), at('03:14:33'), 0.95, 'Program downloaded to /dev/shm and started'],
    ['path', at('03:15:02'), at('03:15:02'), 0.95, 'Cron job written: /etc/cron.d/0kz'],
    ['wallet', at('03:16:02'), at('07:02:10'), 0.99, 'Monero mined for 198.51.100.7:443'],
    ['pool', at('03:16:02'), at('07:02:10'), 0.99, 'Monero mined for 198.51.100.7:443'],
  ])
})

it('prefers what an intruder alone would do, and falls back on the occupant', () => {
  const there = proof({ offset: 1 })
  const artefacts = [
    { type: 'path', value: '/a', evidence: [there] },
    { type: 'path', value: '/b', evidence: [proof({ offset: 9, time: at('05:00:00') })] },
  ]
  const document = investigation({
    incidents: [
      incident({
        occupants: [occupant({ reasons: ['all of it works for 48ex'], artefacts })],
        findings: [
          finding({ id: 'a', stage: 'context', confidence: 1, title: 'A session', evidence: [there] }),
          finding({ id: 'b', stage: 'foothold', confidence: 0.7, title: 'A dropper', evidence: [there] }),
        ],
      }),
    ],
  })
  expect(artefactsOf(document)).toMatchObject([
    { value: '/a', reason: 'A dropper', confidence: 0.7 },
    { value: '/b', reason: 'all of it works for 48ex', first: at('05:00:00'), last: at('05:00:00') },
  ])
})

function pool(offset: number, time: string) {
  return { type: 'pool', value: 'pool.example:3333', evidence: [proof({ offset, time })] }
}

it('tells what two occupants share once, over the time of both', () => {
  const document = investigation({
    incidents: [
      incident({
        occupants: [
          occupant({ id: 'a', artefacts: [pool(1, at('04:00:00'))] }),
          occupant({ id: 'b', artefacts: [pool(2, at('03:00:00'))] }),
        ],
      }),
    ],
  })
  expect(artefactsOf(document)).toMatchObject([{ first: at('03:00:00'), last: at('04:00:00') }])
})
