/** Something wrong in a file that the operator wrote. */
export interface Problem {
  readonly file: string
  /** Where in the document: `known[2].walet`; empty for the document itself. */
  readonly path: string
  /** One-based. */
  readonly line: number
  readonly message: string
}

/** `davylamp.yaml:12: known[2].walet: unknown key (did you mean wallet?)` */
export function problemInWords({ file, path, line, message }: Problem): string {
  return `${file}:${line}: ${path === '' ? '' : `${path}: `}${message}`
}

export function pathInWords(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}
