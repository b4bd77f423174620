const MAX_CELLS = 2000

/** The cells of a header, quotes taken off. */
export function cellsOf(row: string, separator: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < row.length && cells.length < MAX_CELLS; at++) {
    const char = row[at] ?? ''
    if (char === '"') isQuoted = !isQuoted
    else if (char === separator && !isQuoted) {
      cells.push(cell.trim())
      cell = ''
    } else cell += char
  }
  cells.push(cell.trim())
  return cells
}
