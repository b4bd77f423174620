import { quoteShell } from '../../text/shell.ts'
import { visible } from '../../text/visible.ts'
import type { AwsCall, Json } from '../change.ts'
import { asciiJson } from './ascii-json.ts'
import type { EmittedFile, Emitter, PlannedChange } from './emitter.ts'

const REGION = /^[a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}$/u
const NAME = /^[a-z][a-z0-9-]{1,60}$/u
/** A word that no program takes for an option, and that `aws` does not read a file or a URL for. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9_.:/@,+-]*$/u

/**
 * The words of one `aws` command. Where a value is more than plain, all of the input goes as JSON: `aws` gives `-x`,
 * `file://…` and `http://…` a meaning of their own in single values.
 */
export function awsWords({ service, operation, region, input }: AwsCall): string[] | null {
  const verbs = operation.split(' ')
  if (!NAME.test(service) || !verbs.every((verb) => NAME.test(verb))) return null
  if (region !== null && !REGION.test(region)) return null
  const where = region === null ? [] : ['--region', region]
  const start = ['aws', service, ...verbs, ...where]
  const options = Object.entries(input).map(([key, value]) => optionOf(key, value))
  if (options.every((option) => option !== null)) return [...start, ...options.flat()]
  return [...start, '--cli-input-json', asciiJson(input)]
}

function optionOf(key: string, value: Json): string[] | null {
  const option = `--${key.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()}`
  if (typeof value === 'boolean') return [value ? option : option.replace('--', '--no-')]
  if (typeof value === 'number') return [option, String(value)]
  if (typeof value === 'string') return isPlain(value) ? [option, value] : null
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === 'string' && isPlain(item))
  )
    return [option, ...value.map(String)]
  return value === null ? null : [option, asciiJson(value)]
}

function isPlain(value: string): boolean {
  return PLAIN.test(value) && !value.includes('://')
}

export interface AwsEntry {
  readonly planned: PlannedChange
  readonly apply: readonly (readonly string[])[]
  readonly revert: readonly (readonly string[])[]
}

/** Changes as commands; one that cannot be said as a whole is refused as a whole, and named. */
export function awsEntries(changes: readonly PlannedChange[]): {
  readonly entries: readonly AwsEntry[]
  readonly refused: readonly string[]
} {
  const refused: string[] = []
  const entries = changes.flatMap((planned): AwsEntry[] => {
    const { aws } = planned.change
    if (aws === undefined) return []
    const apply = aws.apply.map(awsWords)
    const revert = aws.revert.map(awsWords)
    if (isComplete(apply) && isComplete(revert)) return [{ planned, apply, revert }]
    refused.push(`${visible(planned.title)}: its region or operation is none that AWS knows`)
    return []
  })
  return { entries, refused }
}

/** `aws` commands for a POSIX shell, and the same as JSON for programs. */
export const awsCli: Emitter = {
  id: 'aws-cli',
  title: 'AWS CLI: apply.sh, revert.sh, commands.json',
  emit(changes) {
    const { entries, refused } = awsEntries(changes)
    if (entries.length === 0) return { files: [], refused }
    const files: EmittedFile[] = [
      {
        path: 'apply.sh',
        text: script(entries.map(({ planned, apply }) => ({ planned, commands: apply }))),
        isExecutable: true,
      },
      {
        path: 'revert.sh',
        text: script(entries.map(({ planned, revert }) => ({ planned, commands: revert })).toReversed()),
        isExecutable: true,
      },
      { path: 'commands.json', text: json(entries), isExecutable: false },
    ]
    return { files, refused }
  },
}

function isComplete(
  commands: readonly (readonly string[] | null)[],
): commands is readonly (readonly string[])[] {
  return commands.every((words) => words !== null)
}

function script(
  parts: readonly { planned: PlannedChange; commands: readonly (readonly string[])[] }[],
): string {
  const lines = [
    '#!/bin/sh',
    '# Read it before you run it. It stops at the first command that fails.',
    'set -eu',
    '',
  ]
  for (const { planned, commands } of parts) {
    lines.push(`# ${comment(planned.title)}`, `# ${comment(planned.change.what)}`)
    if (commands.length === 0) lines.push('# nothing to do here')
    for (const words of commands) lines.push(words.map(quoteShell).join(' '))
    lines.push('')
  }
  return lines.join('\n')
}

/** One line, whatever was in it. */
export function comment(text: string): string {
  return visible(text)
}

function json(entries: readonly AwsEntry[]): string {
  const rows = entries.map(({ planned, apply, revert }) => ({
    measure: planned.measure,
    title: visible(planned.title),
    apply,
    revert,
  }))
  return `${asciiJson(rows, 2)}\n`
}
