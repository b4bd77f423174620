import { describe, expect, it } from 'vitest'
import type { AttentionEntry, IncidentEntry } from '../story/document.ts'
import { attentionIn } from './attention.ts'
import { battle } from './samples/battle.ts'
import { worthALook } from './samples/others.ts'

function told(attention: readonly Partial<AttentionEntry>[], incidents: IncidentEntry[] = []): number {
  const [entry] = worthALook().attention
  if (entry === undefined) throw new Error('the sample has nothing worth a look')
  const entries = attention.map((one) => ({ ...entry, ...one }))
  return attentionIn({ ...worthALook(), incidents, attention: entries }, false).length
}

const LOOKUP = { detector: 'pool-contact', severity: 'low' } as const

describe('what is worth a look', () => {
  it('is a looked-up pool where nothing else is told', () => {
    expect(told([LOOKUP, { detector: 'takeover', severity: 'low' }])).toBe(1)
  })

  it('is no hint beside what is graver', () => {
    expect(told([{ severity: 'medium' }, LOOKUP])).toBe(1)
    expect(told([LOOKUP], battle().incidents)).toBe(0)
  })
})
