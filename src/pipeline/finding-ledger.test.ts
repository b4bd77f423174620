import { describe, expect, it } from 'vitest'
import type { Finding } from '../event/finding.ts'
import { FindingLedger } from './finding-ledger.ts'

const proof = (raw: string) => ({ source: 'syslog', file: 'auth.log', line: 1, offset: 0, raw, time: 1000.5 })

function guessing(id: string, over: Partial<Finding> = {}): Finding {
  return {
    id,
    detector: 'ssh-guessing',
    title: `guesses – ${id}`,
    severity: 'low',
    confidence: 0.9,
    stage: 'pressure',
    attack: ['T1110.001'],
    subjects: ['host:web-1'],
    firstSeen: 1000.5,
    lastSeen: 2000.25,
    count: 3,
    evidence: [proof('a'), proof('b \u0000 \ud800'), proof('c')],
    facts: {
      type: 'login',
      service: 'sshd',
      srcIps: ['192.0.2.7'],
      sourceCount: 1,
      users: ['root'],
      userCount: 1,
      tries: 3,
      method: null,
      style: 'fast',
      pid: null,
      session: null,
    },
    ...over,
  }
}

describe('the findings of a run', () => {
  it('keeps the newest telling, also where it became more than pressure', () => {
    const ledger = new FindingLedger()
    ledger.record(guessing('f-1'))
    ledger.record(guessing('f-1', { count: 6 }))
    ledger.record(guessing('f-2'))
    ledger.record(guessing('f-2', { stage: 'way-in', severity: 'high' }))
    expect(ledger.all().map(({ id, count, stage }) => ({ id, count, stage }))).toEqual([
      { id: 'f-1', count: 6, stage: 'pressure' },
      { id: 'f-2', count: 3, stage: 'way-in' },
    ])
  })

  it('gives back what it was given, of pressure with the first and the last proof', () => {
    const ledger = new FindingLedger()
    const serious = guessing('f-1', { stage: 'way-in' })
    ledger.record(serious)
    ledger.record(guessing('f-2'))
    const [first, second] = ledger.all()
    expect(first).toEqual(serious)
    expect(second?.evidence.map(({ raw }) => raw)).toEqual(['a', 'c'])
  })

  it('bounds pressure per machine, counts the surplus, and leaves out nothing else', () => {
    const ledger = new FindingLedger()
    for (let at = 0; at < 4010; at++) ledger.record(guessing(`f-${at}`))
    ledger.record(guessing('f-0', { count: 9 }))
    ledger.record(guessing('other', { subjects: ['host:web-2'] }))
    ledger.record(guessing('in', { stage: 'way-in' }))
    expect(ledger.size).toBe(4002)
    expect([...ledger.surplus]).toEqual([['host:web-1', 10]])
  })
})
