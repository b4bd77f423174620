import { visible } from '../text/visible.ts'
import { bindRules, type RuleBook } from '../sigma/rule-book.ts'
import { readRuleFiles } from './sigma-rules.ts'

/** Problems of rule files that are told one by one. */
const MAX_TOLD = 10

/**
 * The rules to run: ours, save those still in the sandbox, and the user's own. What is wrong with the
 * user's is told; it keeps one rule out and no other.
 */
export function ruleBook(
  given: readonly string[] | boolean | undefined,
  ruleFolder: string,
): RuleBook | null {
  if (given === false) return null
  const ours = readRuleFiles([ruleFolder])
  const theirs = Array.isArray(given) ? readRuleFiles(given) : []
  const own = new Set(ours.map(({ file }) => file))
  const book = bindRules([...ours, ...theirs], ({ status, origin }) => {
    return status !== 'experimental' || !own.has(origin.file)
  })
  const errors = book.problems.filter(({ severity }) => severity === 'error')
  for (const { file, line, message } of errors.slice(0, MAX_TOLD))
    process.stderr.write(`davylamp: ${visible(`${file}:${line}: left out: ${message}`)}\n`)
  if (errors.length > MAX_TOLD)
    process.stderr.write(
      `davylamp: and ${errors.length - MAX_TOLD} more rules left out: davylamp sigma check tells why\n`,
    )
  return book
}
