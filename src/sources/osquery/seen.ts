import type { TimeQuality } from '../../event/base.ts'
import type { Identifier } from '../../event/identifier.ts'
import type { Origin } from '../../event/origin.ts'

/** When and where a row was seen. */
export interface Seen {
  readonly time: number
  readonly timeQuality: TimeQuality
  readonly observer: Identifier
  readonly subjects: Identifier[]
  readonly origin: Origin
}
