export type Cell = string

const HEADER = ['', 'wall s', 'CPU s', 'MB/s', 'records/s', 'cost', 'change', 'peak MB', 'change'] as const

/** A table of text: the first column to the left, figures to the right. */
export class Table {
  readonly #rows: (readonly Cell[])[] = [HEADER]

  add(...cells: readonly Cell[]): void {
    this.#rows.push(cells)
  }

  /** A line over the whole width. */
  heading(text: string): void {
    this.#rows.push([text])
  }

  toString(): string {
    const columns = this.#rows.filter((row) => row.length > 1)
    const widths = HEADER.map((_, column) => Math.max(...columns.map((row) => row[column]?.length ?? 0)))
    return this.#rows
      .map((row) =>
        row.length === 1
          ? `\n${row[0]}`
          : row
              .map((cell, column) => {
                const width = widths[column] ?? 0
                return column === 0 ? cell.padEnd(width) : cell.padStart(width)
              })
              .join('  ')
              .trimEnd(),
      )
      .join('\n')
  }
}

export function fixed(value: number | null, digits: number): Cell {
  return value === null ? '-' : value.toFixed(digits)
}

export function grouped(value: number | null): Cell {
  return value === null ? '-' : Math.round(value).toLocaleString('en')
}
