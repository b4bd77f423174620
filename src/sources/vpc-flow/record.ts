import type { Origin } from '../../event/origin.ts'
import type { Event } from '../../event/event.ts'
import type { Fields } from '../json/fields.ts'
import type { EventRecord } from '../json/merge-events.ts'
import { counted, noteTime, tellProblem } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { aggregateOf, flowOf, statusOf } from './flow-row.ts'

export const SOURCE_ID = 'vpc-flow'
export const LOG_SOURCE = { product: 'aws', service: 'vpcflow' }

/** Rows of one input → their events, with the rules' word on them. */
export class FlowReader {
  readonly #report: InputReport
  readonly #env: SourceEnv
  #skipped = 0
  #unread = 0

  constructor(report: InputReport, env: SourceEnv) {
    this.#report = report
    this.#env = env
  }

  /** Null for what is no flow: counted as bad, or as unused where nothing was recorded. */
  read(row: Fields, origin: Origin): EventRecord | null {
    const report = this.#report
    report.records++
    const aggregate = aggregateOf(row)
    if (aggregate === null) return this.#bad()
    noteTime(report, aggregate.end)
    const status = statusOf(row)
    if (status !== 'OK') {
      if (status === 'SKIPDATA') this.#skipped++
      report.unused++
      return null
    }
    const event = flowOf(row, aggregate, origin)
    if (event === null) return this.#bad()
    const events: Event[] = [event]
    const { time, timeQuality, observer, subjects } = event
    const record = { logSource: LOG_SOURCE, fields: row, time, timeQuality, observer, subjects, origin }
    for (const match of this.#env.matchesOf(record)) events.push(match)
    return { time, identity: origin.raw, raw: origin.raw, hasOwnId: false, events, report }
  }

  /** A line that cannot be a record. */
  refuse(): void {
    this.#report.records++
    this.#bad()
  }

  end(): void {
    if (this.#unread > 0)
      tellProblem(
        this.#report,
        counted(
          this.#unread,
          'record is no flow with two ends and an interval',
          'records are no flows with two ends and an interval',
        ),
      )
    if (this.#skipped > 0)
      tellProblem(
        this.#report,
        `${counted(this.#skipped, 'interval was', 'intervals were')} not recorded by AWS (SKIPDATA)`,
      )
  }

  #bad(): null {
    this.#report.bad++
    this.#unread++
    return null
  }
}
