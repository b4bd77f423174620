import type { Identifier } from '../../event/identifier.ts'
import type { Base } from '../measured/events.ts'

/** What events of a point have in common. */
export function baseOf(time: number, machine: Identifier, file: string, name: string, value: number): Base {
  const at = `${name} ${new Date(time).toISOString()}`
  return {
    time,
    timeQuality: 'exact',
    observer: machine,
    subjects: [machine],
    origin: { source: 'prometheus', file, recordId: at, offset: 0, raw: `${at} ${value}` },
  }
}
