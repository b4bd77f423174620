/** Row and column of a matrix that were given to each other. */
export interface Pair {
  readonly row: number
  readonly column: number
  readonly weight: number
}

/**
 * One-to-one assignment of rows to columns with the greatest total weight (Kuhn–Munkres with potentials,
 * O(rows² · columns)). Weights are finite and not negative; pairs of weight 0 are left out, as nothing speaks for them.
 * The matrix may be of any shape; pairs come by row.
 */
export function assign(weights: readonly (readonly number[])[]): Pair[] {
  const columns = weights[0]?.length ?? 0
  if (columns === 0) return []
  if (weights.length > columns) {
    return assign(transposed(weights, columns))
      .map(({ row, column, weight }) => ({ row: column, column: row, weight }))
      .toSorted((a, b) => a.row - b.row)
  }
  return cheapest(weights.map((row) => row.map((weight) => -weight)))
    .map((column, row) => ({ row, column, weight: weights[row]?.[column] ?? 0 }))
    .filter(({ weight }) => weight > 0)
}

function transposed(weights: readonly (readonly number[])[], columns: number): number[][] {
  return Array.from({ length: columns }, (_, column) => weights.map((row) => row[column] ?? 0))
}

/**
 * The column of each row at the least total cost; at most as many rows as columns. Rows are taken in one by one; each
 * time the shortest augmenting path is found by reduced costs. Index 0 stands for "none".
 */
function cheapest(costs: readonly (readonly number[])[]): number[] {
  const columns = costs[0]?.length ?? 0
  const rowPotential = new Float64Array(costs.length + 1)
  const columnPotential = new Float64Array(columns + 1)
  const rowOf = new Int32Array(columns + 1)
  for (let row = 1; row <= costs.length; row++) {
    const before = new Int32Array(columns + 1)
    const slack = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY)
    const isUsed = new Uint8Array(columns + 1)
    rowOf[0] = row
    let at = 0
    do {
      isUsed[at] = 1
      const from = rowOf[at] ?? 0
      let least = Number.POSITIVE_INFINITY
      let next = 0
      for (let column = 1; column <= columns; column++) {
        if (isUsed[column] === 1) continue
        const reduced =
          (costs[from - 1]?.[column - 1] ?? 0) - (rowPotential[from] ?? 0) - (columnPotential[column] ?? 0)
        if (reduced < (slack[column] ?? 0)) {
          slack[column] = reduced
          before[column] = at
        }
        if ((slack[column] ?? 0) < least) {
          least = slack[column] ?? 0
          next = column
        }
      }
      for (let column = 0; column <= columns; column++) {
        if (isUsed[column] === 1) {
          const owner = rowOf[column] ?? 0
          rowPotential[owner] = (rowPotential[owner] ?? 0) + least
          columnPotential[column] = (columnPotential[column] ?? 0) - least
        } else slack[column] = (slack[column] ?? 0) - least
      }
      at = next
    } while (rowOf[at] !== 0)
    while (at !== 0) {
      const previous = before[at] ?? 0
      rowOf[at] = rowOf[previous] ?? 0
      at = previous
    }
  }
  const columnOf = Array.from(costs, () => 0)
  for (let column = 1; column <= columns; column++) {
    const owner = rowOf[column] ?? 0
    if (owner > 0) columnOf[owner - 1] = column - 1
  }
  return columnOf
}
