import type { Event } from '../../event/event.ts'
import { defineJsonSource } from '../json/define-json-source.ts'
import { isoTime } from '../iso-time.ts'
import { type Fields, isFields, objectAt, textAt } from '../json/fields.ts'
import type { Source } from '../source.ts'
import { alertEvent } from './alert.ts'
import { dnsEvent } from './dns.ts'
import { addressId, type EveBase, type Ends, endsOf } from './eve.ts'
import { communityIdOf, flowEnd, flowEvent } from './flow.ts'
import { httpEvent } from './http.ts'
import { tlsEvent } from './tls.ts'

/** Flows are logged when Suricata gives them up: a minute after their end where nothing closed them, ten where TCP stood open. */
const DISORDER_MS = 10 * 60_000

/** Suricata's EVE log: what its rules say, and what it saw of DNS, TLS, HTTP and flows. */
export const suricata: Source = defineJsonSource({
  id: 'suricata',
  title: 'Suricata EVE (eve.json): alert, dns, tls, http, flow',
  kinds: ['alert', 'dns', 'flow', 'http', 'tls'],
  hint: 'Usually /var/log/suricata/eve.json: outputs, eve-log in suricata.yaml; community-id: true there lets its flows be told apart from those of others.',
  words: { one: 'EVE record', many: 'EVE records' },
  disorderMs: DISORDER_MS,

  recogniseRecord(fields) {
    const type = textAt(fields, 'event_type')
    if (type === null || isoTime(textAt(fields, 'timestamp')) === null) return 0
    return type === 'stats' || isFields(fields[type]) || 'flow_id' in fields ? 1 : 0.5
  },

  timeOf(fields) {
    const logged = isoTime(textAt(fields, 'timestamp'))
    return (textAt(fields, 'event_type') === 'flow' ? flowEnd(fields) : null) ?? logged
  },

  normalise({ fields, time, timeQuality, origin }) {
    const ends = endsOf(fields)
    if (ends === null) return null
    const observer = addressId(ends.srcIp)
    const subjects = [observer, addressId(ends.dstIp)]
    const base = { time, timeQuality, observer, subjects, origin }
    const event = eventOf(fields, ends, base)
    if (event === null) return null
    const service = textAt(fields, 'event_type') ?? ''
    return {
      logSource: { product: 'suricata', service },
      observer: event.observer,
      subjects: event.subjects,
      events: [event],
    }
  },
})

/** Null for what says nothing here yet: statistics, anomalies, files, other protocols. */
function eventOf(fields: Fields, ends: Ends, base: EveBase): Event | null {
  switch (textAt(fields, 'event_type')) {
    case 'alert':
      return alertEvent(fields, ends, base)
    case 'dns':
      return dnsEvent(objectAt(fields, 'dns'), ends, base)
    case 'tls':
      return tlsEvent(objectAt(fields, 'tls'), ends, communityIdOf(fields, ends), base)
    case 'flow':
      return flowEvent(fields, ends, base)
    case 'http':
      return httpEvent(objectAt(fields, 'http'), ends, base)
    default:
      return null
  }
}
