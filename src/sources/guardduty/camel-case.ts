import { type Fields, isFields } from '../json/fields.ts'

const MAX_DEPTH = 24

/** Names with a small first letter, as the service logs them; its API (and so the command line) writes them large. */
export function camelCase(fields: Fields): Fields {
  return typeof fields['AccountId'] === 'string' || typeof fields['Severity'] === 'number'
    ? membersOf(fields, 0)
    : fields
}

function respelled(value: unknown, depth: number): unknown {
  if (Array.isArray(value))
    return depth > MAX_DEPTH ? [] : value.map((member: unknown) => respelled(member, depth + 1))
  return isFields(value) && depth <= MAX_DEPTH ? membersOf(value, depth) : value
}

function membersOf(fields: Fields, depth: number): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      respelled(member, depth + 1),
    ]),
  )
}
