import { isoTime } from '../iso-time.ts'
import { type Fields, isFields, numberAt, textAt } from '../json/fields.ts'

/** The ends of the connection a record is about. */
export interface Ends {
  readonly srcIp: string
  readonly srcPort: number
  readonly dstIp: string
  readonly dstPort: number
}

/**
 * Which log a record stands in. JSON logs name it (`_path`, as streaming and Corelight's sensors write) or only their
 * file does; then the fields tell: no two logs have these together.
 */
export function pathOf(fields: Fields): string | null {
  const named = textAt(fields, '_path')
  if (named !== null) return named
  if ('conn_state' in fields) return 'conn'
  if ('note' in fields && 'actions' in fields) return 'notice'
  if (!('uid' in fields)) return null
  if ('auth_attempts' in fields || ('client' in fields && 'kex_alg' in fields)) return 'ssh'
  if ('trans_id' in fields && ('query' in fields || 'rcode' in fields || 'qtype' in fields)) return 'dns'
  if ('established' in fields && ('cipher' in fields || 'resumed' in fields)) return 'ssl'
  if ('trans_depth' in fields) return 'http'
  return null
}

/** `id.orig_h`, in JSON also `"id":{"orig_h":…}` or with an underscore, as some shippers write it. */
export function prepareIds(fields: Fields): Fields {
  if ('id.orig_h' in fields) return fields
  const id = fields['id']
  if (isFields(id)) return { ...fields, ...dotted(id) }
  if (!('id_orig_h' in fields)) return fields
  return {
    ...fields,
    ...dotted({
      orig_h: fields['id_orig_h'],
      orig_p: fields['id_orig_p'],
      resp_h: fields['id_resp_h'],
      resp_p: fields['id_resp_p'],
    }),
  }
}

function dotted(id: Fields): Fields {
  return Object.fromEntries(
    ['orig_h', 'orig_p', 'resp_h', 'resp_p'].map((name) => [`id.${name}`, id[name]] as const),
  )
}

/** Epoch ms, microseconds kept: seconds as a number, or ISO 8601 (which Zeek writes in UTC). */
export function zeekTime(fields: Fields): number | null {
  const seconds = numberAt(fields, 'ts')
  if (seconds !== null) return seconds > 0 && seconds < 1e11 ? Math.round(seconds * 1e6) / 1000 : null
  return isoTime(textAt(fields, 'ts'), 'Z')
}
