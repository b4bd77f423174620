import { type Fields, isFields } from '../json/fields.ts'

const MASK = '(sensitive)'
const MAX_DEPTH = 32
/** Older versions mark nothing. */
const SECRET_NAME =
  /^(?:password|master_password|secret|secret_key|secret_string|private_key|auth_token|token|preshared_key|tunnel\d_preshared_key)$/u

/** A resource's values without what Terraform or its name marks as secret. Gives back what need not change. */
export function masked(values: Fields, marks: unknown): Fields {
  const out = mask(values, marks, 0)
  return isFields(out) ? out : values
}

function mask(value: unknown, marks: unknown, depth: number): unknown {
  if (marks === true) return value === null ? null : MASK
  if (depth > MAX_DEPTH) return value
  if (Array.isArray(value))
    return value.map((one: unknown, i) => mask(one, Array.isArray(marks) ? marks[i] : undefined, depth + 1))
  if (!isFields(value)) return value
  const out: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const own = value[name]
    const isSecret = SECRET_NAME.test(name) && typeof own === 'string' && own !== ''
    if (name === '__proto__') continue
    out[name] = isSecret ? MASK : mask(own, isFields(marks) ? marks[name] : undefined, depth + 1)
  }
  return out
}

/** `sensitive_attributes` of a state file: paths as lists of steps. Of each, what its first step names. */
export function marksOf(paths: unknown): Fields {
  const marks: Record<string, unknown> = Object.create(null)
  if (!Array.isArray(paths)) return marks
  for (const path of paths as readonly unknown[]) {
    const first: unknown = Array.isArray(path) ? path[0] : path
    if (isFields(first) && typeof first['value'] === 'string') marks[first['value']] = true
    else if (typeof first === 'string') marks[first] = true
  }
  return marks
}
