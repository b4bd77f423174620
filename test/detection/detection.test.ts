import { describe, expect, it } from 'vitest'
import type { DetectionCase } from './evidence/case.ts'
import { investigate } from './evidence/investigate.ts'
import { GUESSING } from './guessing.cases.ts'
import { INTRUSIONS, ORDINARY_DAYS } from './host-tricks.cases.ts'
import { JOINS } from './joins.cases.ts'
import { MINING } from './mining.cases.ts'

const GROUPS: Readonly<Record<string, readonly DetectionCase[]>> = {
  'guessing at logins': GUESSING,
  'intruders on a machine': INTRUSIONS,
  'ordinary days': ORDINARY_DAYS,
  'mining on the wire': MINING,
  'who is who, and when': JOINS,
}

describe.each(Object.entries(GROUPS))('%s', (_group, cases) => {
  it.each(cases)('$name', async (one) => {
    const told = await investigate(one.files(), one.options)
    const { incidents, pressure } = told.story
    expect(incidents.map((incident) => incident.title)).toHaveLength(one.incidents ?? 0)
    if (one.wayIn === null) expect(incidents[0]?.wayIn).toBeNull()
    else if (one.wayIn !== undefined) expect(incidents[0]?.wayIn).toMatchObject(one.wayIn)
    if (one.pressure === 'none') expect(pressure).toEqual([])
    else
      expect(pressure.flatMap((entry) => entry.sourceIps)).toEqual(
        expect.arrayContaining([...(one.pressure ?? [])]),
      )
    if (one.tries !== undefined) expect(pressure.reduce((sum, entry) => sum + entry.count, 0)).toBe(one.tries)
    expect(one.check?.(told) ?? null).toBeNull()
  })
})
