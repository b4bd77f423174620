import { identifier } from '../../event/identifier.ts'
import { isoTime } from '../iso-time.ts'
import { defineJsonSource } from '../json/define-json-source.ts'
import { type Fields, listAt, objectAt, textAt } from '../json/fields.ts'
import type { Source } from '../source.ts'
import { eventsOf } from './events.ts'

const FORMAT = /^davylamp-(host-state|collection)\/1$/u
/** Facts are written as they are found, all within seconds. */
const DISORDER_MS = 60_000

/** What `davylamp collect` saw of a machine at one moment. */
export const hostState: Source = defineJsonSource({
  id: 'host-state',
  title:
    'A machine as davylamp collect saw it: processes, sockets, mounts, what starts by itself, users, packages',
  kinds: ['cpu', 'module', 'mount', 'process', 'resource', 'socket'],
  hint: 'sudo davylamp collect --out FILE.tar.zst on the machine, or davylamp investigate --this-host.',
  words: { one: 'fact', many: 'facts' },
  disorderMs: DISORDER_MS,

  recogniseRecord: (fields) => (FORMAT.test(textAt(fields, 'davylamp') ?? '') ? 1 : 0),

  timeOf: (fields) =>
    isoTime(textAt(fields, 'time') ?? textAt(fields, 'createdAt') ?? textAt(fields, 'finishedAt')),

  normalise({ fields, time, timeQuality, origin }) {
    const type = textAt(fields, 'fact')
    const host = textAt(fields, 'host')
    if (type === null || host === null) return null
    const observer = identifier('host', host)
    const subjects = [observer, ...otherNames(fields)]
    const events = eventsOf(type, fields, objectAt(fields, 'attributes'), {
      time,
      timeQuality,
      observer,
      subjects,
      origin,
    })
    return events.length === 0
      ? null
      : { logSource: { product: 'davylamp', service: type }, observer, subjects, events }
  },
})

function otherNames(fields: Fields): string[] {
  const machineId = textAt(fields, 'machineId')
  const addresses = listAt(fields, 'addresses').filter((one) => typeof one === 'string')
  return [
    ...(machineId === null ? [] : [identifier('machine', machineId)]),
    ...addresses.map((address) => identifier('ip', address)),
  ]
}
