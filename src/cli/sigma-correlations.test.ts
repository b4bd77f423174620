import { describe, expect, it } from 'vitest'
import type { RecordView } from '../sigma/rule.ts'
import { bindRules } from '../sigma/rule-book.ts'
import { FileCorrelations } from './sigma-correlations.ts'

const DENIED = `
title: denied
name: denied
logsource: { product: aws, service: cloudtrail }
detection: { s: { errorCode: AccessDenied }, condition: s }
---
title: often denied
correlation:
  type: event_count
  rules: [denied]
  group-by: [userIdentity.arn]
  timespan: 5m
  condition: { gte: 3 }
level: high
`

function denied(minute: number | null, arn = 'a'): RecordView {
  const time = minute === null ? {} : { eventTime: new Date(minute * 60_000 + 1e12).toISOString() }
  return { errorCode: 'AccessDenied', userIdentity: { arn }, ...time }
}

/** `title@event` of what fired, whether the rule itself is heard, and records without a time. */
function run(
  text: string,
  records: readonly RecordView[],
): { fired: string[]; isHeard: boolean; timeless: number } {
  const book = bindRules([{ file: 'r.yml', text }])
  expect(book.problems).toEqual([])
  const correlations = new FileCorrelations(book)
  for (const [event, record] of records.entries())
    for (const rule of book.rules.match(record, null)) correlations.add(rule, event, record, record)
  const [rule] = book.rules.rules
  return {
    fired: correlations.run().map(({ firing, event }) => `${firing.title}@${event}`),
    isHeard: rule !== undefined && correlations.isHeard(rule),
    timeless: correlations.timeless,
  }
}

describe('correlations over a file of events', () => {
  it('fires once an episode, at the record that made it hold, whatever the order in the file', () => {
    const inOrder = [0, 1, 2, 3].map((minute) => denied(minute))
    expect(run(DENIED, inOrder)).toEqual({ fired: ['often denied@2'], isHeard: false, timeless: 0 })
    expect(run(DENIED, inOrder.toReversed()).fired).toEqual(['often denied@1'])
  })

  it('fires again for another group and another episode', () => {
    const records = [
      ...[0, 1, 2].map((minute) => denied(minute)),
      ...[0, 1, 2].map((minute) => denied(minute, 'b')),
      ...[60, 61, 62].map((minute) => denied(minute)),
    ]
    expect(run(DENIED, records).fired).toEqual(['often denied@2', 'often denied@5', 'often denied@8'])
  })

  it('counts records without a time, and leaves them out', () => {
    expect(run(DENIED, [denied(0), denied(null), denied(1)])).toEqual({
      fired: [],
      isHeard: false,
      timeless: 1,
    })
  })

  it('lets rules speak that generate', () => {
    const text = DENIED.replace('  timespan', '  generate: true\n  timespan')
    expect(run(text, []).isHeard).toBe(true)
  })
})
