import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { nearest } from './nearest.ts'
import { pathInWords, type Problem } from './problem.ts'
import { KEYS } from './schema.ts'

/** More than an operator writes by hand, and little enough for the YAML reader. */
const MAX_YAML_LENGTH = 4 * 1024 * 1024

interface Source {
  readonly file: string
  readonly document: Document
  readonly lines: LineCounter
  /** Which keys are known where: '' for a document with sections, else the section that the whole document is. */
  readonly section: string
}

/**
 * Reads YAML (or JSON, which is YAML) strictly against a schema: either the value, or every problem
 * with its path and line. Never throws.
 */
export function readStrict<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
  section = '',
): { value: T | null; problems: Problem[] } {
  const failed = (message: string): { value: null; problems: Problem[] } => ({
    value: null,
    problems: [{ file, path: '', line: 1, message }],
  })
  if (text.length > MAX_YAML_LENGTH) return failed('is too large')
  try {
    const lines = new LineCounter()
    const document: Document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'error',
    })
    return validate({ file, document, lines, section }, schema)
  } catch (error) {
    // Too deep for the reader's stack, or aliases that multiply.
    return failed(error instanceof RangeError ? 'is nested too deeply' : 'cannot be read as YAML')
  }
}

function validate<T>(source: Source, schema: z.ZodType<T>): { value: T | null; problems: Problem[] } {
  const { file, document, lines } = source
  const faults = [...document.errors, ...document.warnings]
  if (faults.length > 0) {
    const problems = faults.map(({ pos, message }) => ({
      file,
      path: '',
      line: lines.linePos(pos[0]).line || 1,
      message: shortened(message),
    }))
    return { value: null, problems }
  }
  const content: unknown = document.toJS()
  const result = schema.safeParse(content ?? emptyOf(source.section))
  if (result.success) return { value: result.data, problems: [] }
  const { issues } = result.error
  return {
    value: null,
    problems: issues.filter((issue) => !isMoot(issue, issues)).flatMap((issue) => problemsOf(issue, source)),
  }
}

/** What an entry lacks as a whole is not worth saying while one of its keys is misspelt. */
function isMoot(issue: z.core.$ZodIssue, issues: readonly z.core.$ZodIssue[]): boolean {
  const at = pathInWords(issue.path)
  return (
    issue.code === 'custom' &&
    issues.some((other) => other.code === 'unrecognized_keys' && pathInWords(other.path) === at)
  )
}

function emptyOf(section: string): unknown {
  return section === '' ? {} : []
}

function problemsOf(issue: z.core.$ZodIssue, source: Source): Problem[] {
  if (issue.code !== 'unrecognized_keys') return [problemAt(issue.path, source, messageOf(issue, source))]
  return issue.keys.map((key) => {
    const meant = nearest(key, KEYS[sectionOf(issue.path, source)] ?? [])
    const hint = meant === null ? '' : ` (did you mean ${meant}?)`
    return problemAt([...issue.path, key], source, `unknown key${hint}`)
  })
}

function sectionOf(path: readonly PropertyKey[], source: Source): string {
  return source.section === '' ? String(path[0] ?? '') : source.section
}

const MAX_MESSAGE_LENGTH = 200

/** The library quotes what it stumbled over, however long that is. */
function shortened(message: string): string {
  return message.length <= MAX_MESSAGE_LENGTH ? message : `${message.slice(0, MAX_MESSAGE_LENGTH)}…`
}

function problemAt(path: readonly PropertyKey[], source: Source, message: string): Problem {
  return {
    file: source.file,
    path: pathInWords(path),
    line: lineOf(path, source),
    message: shortened(message),
  }
}

const WORDS: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping',
  string: 'a text',
  number: 'a number',
}

function messageOf(issue: z.core.$ZodIssue, { document }: Source): string {
  if (issue.code === 'invalid_union') return issue.errors[0]?.[0]?.message ?? issue.message
  if (issue.code !== 'invalid_type') return issue.message
  if (issue.path.length > 0 && !document.hasIn(issue.path)) return 'is missing'
  const isBare = issue.expected === 'string' && isScalar(document.getIn(issue.path, true))
  return `must be ${WORDS[issue.expected] ?? issue.expected}${isBare ? ' (put it in quotes)' : ''}`
}

/** The line of the key or element, or of the nearest thing around it that is there. */
function lineOf(path: readonly PropertyKey[], { document, lines }: Source): number {
  let node: unknown = document.contents
  let offset = offsetOf(node)
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : key) === String(part))
      offset = offsetOf(pair?.key) ?? offset
      node = pair?.value
    } else if (isSeq(node)) {
      node = node.items[Number(part)]
      offset = offsetOf(node) ?? offset
    } else break
  }
  return lines.linePos(offset ?? 0).line || 1
}

function offsetOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null
}
