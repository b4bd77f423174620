const MAX_DEPTH = 16

interface Open {
  readonly members: Record<string, unknown> | unknown[]
  name: string
}

/**
 * Nested values as Athena (Presto, Hive) prints them: `{type=IAMUser, arn=null, sessioncontext={…}}`,
 * `[{…}, {…}]`. Text has no quotes there, so a value ends before `, name=`, `}` or `]`. Null where it is
 * not that.
 */
export function parseStruct(text: string): unknown {
  if (!/^[[{]/u.test(text)) return null
  const open: Open[] = []
  let root: unknown = null
  let at = 0
  while (at < text.length) {
    const char = text[at] ?? ''
    if (char === '{' || char === '[') {
      const members: Open['members'] = char === '{' ? {} : []
      if (open.length >= MAX_DEPTH) return null
      if (open.length === 0) root = members
      else put(open.at(-1), members)
      open.push({ members, name: '' })
      at++
    } else if (char === '}' || char === ']') {
      open.pop()
      at++
      if (open.length === 0) return text.slice(at).trim() === '' ? root : null
    } else if (char === ',' || char === ' ') {
      at++
    } else {
      const top = open.at(-1)
      if (top === undefined) return null
      if (!Array.isArray(top.members)) {
        const equals = text.indexOf('=', at)
        if (equals < 0) return null
        top.name = text.slice(at, equals)
        at = equals + 1
        if (text[at] === '{' || text[at] === '[') continue
      }
      const end = endOfValue(text, at)
      const value = text.slice(at, end)
      put(top, value === 'null' ? null : value)
      at = end
    }
  }
  return null
}

function put(into: Open | undefined, value: unknown): void {
  if (into === undefined) return
  if (Array.isArray(into.members)) into.members.push(value)
  else
    Object.defineProperty(into.members, into.name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
}

function endOfValue(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at]
    if (char === '}' || char === ']') return at
    if (char === ',' && text[at + 1] === ' ') return at
  }
  return text.length
}
