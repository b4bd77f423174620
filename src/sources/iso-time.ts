const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d(?::?\d\d)?)?$/u

/**
 * RFC 3339, and the zone also as `+0200` or `+02`: epoch ms, microseconds kept and the rest cut off. Null for what is
 * no time, and for a time without zone unless `missingZone` says which it is.
 */
export function isoTime(text: string | null, missingZone: 'Z' | null = null): number | null {
  const match = text === null ? null : ISO.exec(text)
  if (match === null) return null
  const [, clock = '', fraction = ''] = match
  const zone = match[3] ?? missingZone
  if (zone === null) return null
  const seconds = Date.parse(`${clock}${zone === 'Z' ? zone : withColon(zone)}`)
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'))
  return Number.isNaN(seconds) ? null : seconds + micros / 1000
}

function withColon(zone: string): string {
  const minutes = zone.slice(3).replace(':', '')
  return `${zone.slice(0, 3)}:${minutes === '' ? '00' : minutes}`
}
