import { DavylampError } from '../errors.ts'
import { checkRules } from '../sigma/check/check-rules.ts'
import { reportFields } from '../sigma/mappings/unknown-fields.ts'
import { visible } from '../text/visible.ts'
import { plural } from '../text/plural.ts'
import { readRuleFiles } from './sigma-rules.ts'

export interface SigmaCheckOptions {
  readonly format: 'terminal' | 'jsonl'
}

/** `davylamp sigma check RULES…`: every problem with its line, then a summary; errors make the exit code 2. */
export function sigmaCheck(paths: readonly string[], options: SigmaCheckOptions): void {
  const files = readRuleFiles(paths)
  const { rules, correlations, filters, problems } = checkRules(files, {
    unknownFields: (rule, fields) => reportFields(rule, fields).unknown,
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
  const parts = [
    plural(rules, 'rule'),
    ...(correlations > 0 ? [plural(correlations, 'correlation')] : []),
    ...(filters > 0 ? [plural(filters, 'filter')] : []),
  ]
  const summary = `${parts.join(', ')} in ${plural(files.length, 'file')}: ${errors === 0 ? 'no errors' : plural(errors, 'error')}, ${plural(problems.length - errors, 'warning')}`
  if (errors > 0) throw new DavylampError('config-invalid', summary)
  process.stderr.write(`${summary}\n`)
}
