/** Terraform addresses: `module.a["x"].module.b.aws_subnet.public[0]`. */

/** Without the instance keys of modules and resource: what the configuration calls it. */
export function withoutKeys(address: string): string {
  let out = ''
  let isInString = false
  let depth = 0
  for (let at = 0; at < address.length; at++) {
    const char = address[at] ?? ''
    if (isInString) {
      if (char === '\\') at++
      else if (char === '"') isInString = false
    } else if (char === '[') depth++
    else if (char === ']') depth = Math.max(0, depth - 1)
    else if (char === '"') isInString = depth > 0
    else if (depth === 0) out += char
  }
  return out
}

/** The last instance key, with its brackets; empty where there is none. */
export function keyOf(address: string): string {
  if (!address.endsWith(']')) return ''
  const quoted = address.lastIndexOf('["')
  const open = address.endsWith('"]') ? quoted : address.lastIndexOf('[')
  return open < 0 ? '' : address.slice(open)
}

/** `a`, `b` of `module.a["x"].module.b[0]`. */
export function moduleNames(moduleAddress: string): string[] {
  const parts = withoutKeys(moduleAddress).split('.')
  const names: string[] = []
  for (let i = 0; i + 1 < parts.length; i += 2) if (parts[i] === 'module') names.push(parts[i + 1] ?? '')
  return names
}

export function keyText(index: unknown): string {
  if (typeof index === 'number') return `[${index}]`
  return typeof index === 'string' ? `["${index}"]` : ''
}

/** How much of two addresses is the same from the start. */
export function commonLength(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}
