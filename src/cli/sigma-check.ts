import { DavylampError } from '../errors.ts'
import { checkRules } from '../sigma/check/check-rules.ts'
import { reportFields } from '../sigma/mappings/unknown-fields.ts'
import { visible } from '../text/visible.ts'
import { plural } from '../text/plural.ts'
import { readRuleFiles } from './sigma-rules.ts'

export interface SigmaCheckOptions {
  readonly format: 'terminal' | 'jsonl'
}

/** `davylamp sigma check RULES…`: every problem with its line; errors make the exit code 2. */
export function sigmaCheck(paths: readonly string[], options: SigmaCheckOptions): void {
  const files = readRuleFiles(paths)
  const problems = checkRules(files, {
    unknownFields: (rule) => reportFields(rule).unknown,
  })
  for (const problem of problems) {
    const { file, line, column, severity, message } = problem
    process.stdout.write(
      options.format === 'jsonl'
        ? `${JSON.stringify({ file, line, column, severity, message })}\n`
        : `${visible(`${file}:${line}:${column}: ${severity}: ${message}`)}\n`,
    )
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.length - errors
  if (errors > 0)
    throw new DavylampError(
      'config-invalid',
      `${plural(errors, 'error')}, ${plural(warnings, 'warning')} in ${plural(files.length, 'file')}`,
    )
  process.stderr.write(`${plural(files.length, 'file')}: no errors, ${plural(warnings, 'warning')}\n`)
}
