/** What one parsed document may hold: more is left out, and it counts as cut. */
const MAX_NODES = 200_000
const MAX_DEPTH = 64

/**
 * A parsed value as a plain tree of its own: YAML may refer to the same node again and again, or to itself, and what
 * is small in the file may be endless when it is walked. Null = too large, too deep or a circle.
 */
export function plainTree(value: unknown): unknown {
  const budget = { nodes: MAX_NODES }
  const copy = copied(value, 0, budget)
  return budget.nodes < 0 ? null : copy
}

function copied(value: unknown, depth: number, budget: { nodes: number }): unknown {
  if (--budget.nodes < 0 || depth > MAX_DEPTH) {
    budget.nodes = -1
    return null
  }
  if (Array.isArray(value)) {
    const list: unknown[] = []
    for (const one of value as unknown[]) {
      if (budget.nodes < 0) return null
      list.push(copied(one, depth + 1, budget))
    }
    return list
  }
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  const object: Record<string, unknown> = Object.create(null)
  for (const [key, one] of Object.entries(value)) {
    if (budget.nodes < 0) return null
    object[key] = copied(one, depth + 1, budget)
  }
  return { ...object }
}
