import type { CpuEvent } from '../../event/cpu.ts'
import type { MetricEvent } from '../../event/metric.ts'
import type { EventRecord } from '../json/merge-events.ts'
import { noteTime } from '../reading.ts'
import type { InputReport } from '../source.ts'

export type Measurement = CpuEvent | MetricEvent

/** A measurement as the merge takes it: the same thing measured at the same time is the same record, whatever file it is in. */
export function measuredRecord(event: Measurement, report: InputReport): EventRecord {
  noteTime(report, event.time)
  return {
    time: event.time,
    identity: identityOf(event),
    raw: event.origin.raw,
    hasOwnId: false,
    events: [event],
    report,
  }
}

function identityOf(event: Measurement): string {
  const { kind, observer, start, subjects } = event
  const what =
    event.kind === 'cpu'
      ? [event.scope, event.pid, event.name, event.busyShare, event.busyCores]
      : [event.name, event.statistic, event.value]
  return [kind, observer, subjects.join(' '), start, ...what].join('|')
}
