import type { TerraformBlock, TerraformValue } from '../change.ts'

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*$/u
/** What is written as it is; everything else as \\uNNNN, so that a file shows what it holds. */
const PRINTABLE = /^[\x20-\x7e]$/u

/**
 * A string literal of the Terraform language (HCL native syntax, "Template expressions"): `${` and `%{` are doubled, so
 * that nothing in it is evaluated. A lone surrogate becomes U+FFFD, because HCL is UTF-8.
 */
export function hclString(text: string): string {
  let out = '"'
  for (const char of text.toWellFormed()) out += hclChar(char)
  return `${out.replaceAll(/[$%](?=\{)/g, '$&$&')}"`
}

function hclChar(char: string): string {
  if (char === '"') return String.raw`\"`
  if (char === '\\') return String.raw`\\`
  if (char === '\n') return String.raw`\n`
  if (char === '\r') return String.raw`\r`
  if (char === '\t') return String.raw`\t`
  if (PRINTABLE.test(char)) return char
  const code = char.codePointAt(0) ?? 0
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

function isReference(value: TerraformValue): value is { readonly reference: readonly string[] } {
  return typeof value === 'object' && 'reference' in value
}

/** A value on one line. */
export function hclValue(value: TerraformValue): string {
  if (typeof value === 'string') return hclString(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '0'
  if (typeof value === 'boolean') return String(value)
  if (isList(value)) return `[${value.map(hclValue).join(', ')}]`
  if (isReference(value)) return value.reference.map(identifier).join('.')
  return `{ ${Object.entries(value.map)
    .map(([key, item]) => `${hclString(key)} = ${hclValue(item)}`)
    .join(', ')} }`
}

function isList(value: TerraformValue): value is readonly TerraformValue[] {
  return Array.isArray(value)
}

/** A name in the language: letters, digits, `_` and `-`. */
export function identifier(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_-]/g, '_')
  return IDENTIFIER.test(plain) ? plain : `_${plain}`
}

export function hclBlock(head: readonly string[], body: Omit<TerraformBlock, 'type'>, indent = ''): string {
  const inner = `${indent}  `
  const names = Object.keys(body.attributes)
  const width = Math.max(0, ...names.map((name) => name.length))
  const lines = [
    ...names.map(
      (name) => `${inner}${identifier(name).padEnd(width)} = ${hclValue(body.attributes[name] ?? '')}`,
    ),
    ...(body.blocks ?? []).map((block) => `\n${hclBlock([block.type], block, inner)}`),
  ]
  const [type = '', ...labels] = head
  return `${indent}${[identifier(type), ...labels.map(hclString)].join(' ')} {\n${lines.join('\n')}\n${indent}}`
}
