import type { Event } from '../../event/event.ts'
import type { Seen } from './seen.ts'

/** A thing of the host, as it stands there. */
export function resource(
  resourceType: string,
  resourceId: string,
  name: string | null,
  seen: Seen,
  attributes: Readonly<Record<string, unknown>>,
): Event[] {
  return [
    {
      kind: 'resource',
      ...seen,
      provider: 'host',
      resourceType,
      resourceId,
      name,
      account: null,
      region: null,
      state: 'observed',
      attributes,
      unknownAttributes: [],
    },
  ]
}
