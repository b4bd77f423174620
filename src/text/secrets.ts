import { maskAudit } from './secret-audit.ts'
import { secretMarks } from './secret-arguments.ts'
import { maskCommands } from './secret-commands.ts'
import { maskFields } from './secret-fields.ts'
import { isSecretName, MASK } from './secret-names.ts'
import { maskShapes } from './secret-shapes.ts'

/**
 * Text without its secrets: access keys, private keys, tokens, passwords in command lines, URLs, JSON,
 * environments. What is public or needed as evidence stays: wallets, hosts, hashes, paths, users, and
 * enough of a key's id to find it. Linear in the length of any text; masking twice changes nothing.
 *
 * Call it before `visible`, on the text as it was found.
 */
export function maskSecrets(text: string): string {
  return maskCommands(maskFields(maskShapes(maskAudit(text, maskSecrets, maskArguments))))
}

/** The same for the arguments of one process, the program first. */
export function maskArguments(args: readonly string[]): string[] {
  const marks = secretMarks(args.map((text) => ({ text, breakMark: null })))
  return args.map((text, i) => {
    const mark = marks[i] ?? -1
    return mark >= 0 && mark < text.length ? text.slice(0, mark) + MASK : maskSecrets(text)
  })
}

/** Values nested deeper than this are masked whole rather than looked through. */
const MAX_DEPTH = 64
const ARGUMENT_LISTS = new Set(['args', 'argv', 'arguments'])

/** A copy of a JSON-like tree with every secret in it masked, by content and by the name of the field that holds it. */
export function maskDeep<T>(value: T): T
export function maskDeep(value: unknown): unknown {
  return maskTree(value, '', 0)
}

function maskTree(value: unknown, name: string, depth: number): unknown {
  if (typeof value === 'string') return value !== '' && isSecretName(name) ? MASK : maskSecrets(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return MASK
  if (Array.isArray(value)) {
    if (ARGUMENT_LISTS.has(name) && value.every((item) => typeof item === 'string'))
      return maskArguments(value)
    return value.map((item) => maskTree(item, name, depth + 1))
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskTree(item, key, depth + 1)]))
}
