import type { JsonSourceDefinition } from '../json/define-json-source.ts'
import { type Fields, textAt } from '../json/fields.ts'
import { connEnd, eventOf } from './events.ts'
import { pathOf, prepareIds, zeekTime } from './zeek-record.ts'

/** Connections are logged when they end or fall silent, which Zeek waits minutes for; the others when they are over. */
export const DISORDER_MS = 10 * 60_000

/** Records of Zeek's logs, from JSON or from its own format. */
export const zeekRecords: JsonSourceDefinition = {
  id: 'zeek',
  title: 'Zeek logs, TSV or JSON: conn, dns, ssl, ssh, http, notice',
  kinds: ['alert', 'auth', 'dns', 'flow', 'http', 'tls'],
  hint: "Usually /opt/zeek/logs/ or /usr/local/zeek/logs/, with their rotations; zeek -r capture.pcap writes them for a capture. The package zeek-community-id lets its connections be told apart from others'.",
  words: { one: 'Zeek record', many: 'Zeek records' },
  disorderMs: DISORDER_MS,
  prepare: prepareIds,

  recogniseRecord(fields) {
    if (zeekTime(fields) === null) return 0
    if (textAt(fields, '_path') !== null || 'id.orig_h' in fields) return 1
    return pathOf(fields) !== null || isOtherLog(fields) ? 0.9 : 0
  },

  /** A connection's event is told at its end. */
  timeOf: (fields) => (pathOf(fields) === 'conn' ? connEnd(fields) : zeekTime(fields)),

  normalise({ fields, time, timeQuality, origin }) {
    const path = pathOf(fields)
    const event = path === null ? null : eventOf(path, fields, { time, timeQuality, origin })
    if (path === null || event === null) return null
    return {
      logSource: { product: 'zeek', service: path },
      observer: event.observer,
      subjects: event.subjects,
      events: [event],
    }
  },
}

/** Logs without the ends of a connection: files, x509, weird, software … */
function isOtherLog(fields: Fields): boolean {
  return 'fuid' in fields || 'certificate.serial' in fields || ('host' in fields && 'software_type' in fields)
}
