/** One line of the text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const MAX_LINE = 8192
const MAX_LABELS = 64
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]{0,200}/u

export function isExposition(head: string): boolean {
  const lines = head.split('\n').slice(0, -1)
  const told = lines.filter((line) => line.startsWith('# HELP ') || line.startsWith('# TYPE ')).length
  if (told < 2) return /^node_[a-z_]+(?:\{[^\n]{0,500}\})? [-+0-9.eE]+$/mu.test(head.slice(0, 4096))
  return lines.some((line) => !line.startsWith('#') && readSample(line) !== null)
}

/** Null for comments and for what is no sample. */
export function readSample(line: string): Sample | null {
  if (line.length > MAX_LINE || line.startsWith('#')) return null
  const name = NAME.exec(line)?.[0]
  if (name === undefined) return null
  const labels: Record<string, string> = Object.create(null)
  let at = name.length
  if (line[at] === '{') {
    const end = readLabels(line, at + 1, labels)
    if (end < 0) return null
    at = end
  }
  const [value = ''] = line.slice(at).trim().split(/\s+/u)
  const number = value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value)
  return value === '' || Number.isNaN(number) ? null : { name, labels, value: number }
}

/** The place behind the closing brace; -1 where there is none. */
function readLabels(line: string, from: number, into: Record<string, string>): number {
  let at = from
  for (let count = 0; count < MAX_LABELS; count++) {
    while (line[at] === ' ' || line[at] === ',') at++
    if (line[at] === '}') return at + 1
    const equals = line.indexOf('="', at)
    if (equals < 0) return -1
    const key = line.slice(at, equals)
    let value = ''
    at = equals + 2
    while (at < line.length && line[at] !== '"') {
      if (line[at] === '\\') at++
      value += line[at] ?? ''
      at++
    }
    if (at >= line.length) return -1
    into[key] = value
    at++
  }
  return -1
}
