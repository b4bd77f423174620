/** Cells beyond this are left out: no exporter writes so many columns. */
const MAX_CELLS = 256

/** The cells of one CSV row; quoted ones without their quotes, doubled quotes made one (RFC 4180). */
export function splitCells(line: string): string[] {
  if (!line.includes('"')) return line.split(',', MAX_CELLS)
  const cells: string[] = []
  let at = 0
  while (at <= line.length && cells.length < MAX_CELLS) {
    if (line[at] === '"') {
      const end = closingQuote(line, at + 1)
      cells.push(line.slice(at + 1, end).replaceAll('""', '"'))
      const comma = line.indexOf(',', end)
      at = comma === -1 ? line.length + 1 : comma + 1
    } else {
      const comma = line.indexOf(',', at)
      const end = comma === -1 ? line.length : comma
      cells.push(line.slice(at, end))
      at = end + 1
    }
  }
  return cells
}

function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from)
  while (at !== -1 && line[at + 1] === '"') at = line.indexOf('"', at + 2)
  return at === -1 ? line.length : at
}
