import type { Input } from '../inputs/input.ts'
import type { Source, SourceEnv } from '../sources/source.ts'
import type { InputReports } from './input-reports.ts'
import { inTimeOrder, type Ordered } from './time-order.ts'
import type { Zones } from './zones.ts'

export interface Reading {
  /** Rules on records, asked while reading. */
  readonly rules?: Pick<SourceEnv, 'matchesOf' | 'isAsked'>
  readonly flowModel?: SourceEnv['flowModel']
  readonly bySource: ReadonlyMap<Source, readonly Input[]>
  readonly datedRanges: SourceEnv['datedRanges']
  readonly reports: InputReports
  readonly zones: Zones
  /** Epoch ms; evidence cannot be younger. */
  readonly now: number
}

/** All events of all inputs in time order. Sources come in the order of their ids, so nothing depends on what was given first. */
export function readEvents(reading: Reading): AsyncGenerator<Ordered> {
  const env: SourceEnv = {
    now: reading.now,
    zoneOf: (file) => reading.zones.of(file),
    datedRanges: reading.datedRanges,
    matchesOf: (record) => reading.rules?.matchesOf(record) ?? [],
    isAsked: (logSource) => reading.rules?.isAsked(logSource) ?? false,
    flowModel: reading.flowModel,
    reportOf: (input) => reading.reports.of(input),
  }
  const sources = [...reading.bySource].toSorted(([a], [b]) => (a.id < b.id ? -1 : 1))
  return inTimeOrder(sources.map(([source, inputs]) => source.read(inputs, env)))
}
