import type { Identifier } from '../../event/identifier.ts'
import type { JsonSourceDefinition } from '../json/define-json-source.ts'
import { httpEvent, logRecord } from './access.ts'
import { accessTime, parseJsonAccess } from './json-access.ts'

export const SOURCE_ID = 'access-log'

/** Servers write a request when it is answered, some with the time it came at. */
export const DISORDER_MS = 10_000

/** Access logs written as JSON; `observerOf` tells whose log an input is. */
export function jsonAccessLog(observerOf: (file: string) => Identifier): JsonSourceDefinition {
  return {
    id: SOURCE_ID,
    title: '',
    kinds: ['http'],
    hint: '',
    words: { one: 'request', many: 'requests' },
    disorderMs: DISORDER_MS,
    recogniseRecord: (fields) => (parseJsonAccess(fields) === null ? 0 : 0.9),
    timeOf: accessTime,
    normalise({ fields, timeQuality, origin }) {
      const access = parseJsonAccess(fields)
      if (access === null) return null
      const observer = observerOf(origin.file)
      const event = httpEvent(access, { timeQuality, observer, subjects: [observer], origin })
      return { ...logRecord(event), observer, subjects: [observer], events: [event] }
    },
  }
}
