import { join, sep } from 'node:path'
import { visible } from '../text/visible.ts'
import type { SigmaRule } from '../sigma/rule.ts'
import { bindRules, isCurrent, type RuleBook } from '../sigma/rule-book.ts'
import { readMapping, readRuleFiles } from './sigma-rules.ts'

/** Problems of rule files that are told one by one. */
const MAX_TOLD = 10

/**
 * The rules to run: ours, save those still in the sandbox, and the user's own. What is wrong with the
 * user's is told; it keeps one rule out and no other. Mapping files are for the user's rules. `hasCloud`:
 * there are records of a cloud's or a cluster's control plane.
 */
export function ruleBook(
  given: readonly string[] | boolean | undefined,
  ruleFolder: string,
  { mappings = [], hasCloud }: { mappings?: readonly string[] | undefined; hasCloud: boolean },
): RuleBook | null {
  if (given === false) return null
  // Half of ours are for clouds: without such evidence they would only take time and memory.
  const cloud = join(ruleFolder, 'cloud') + sep
  const ours = readRuleFiles([ruleFolder]).filter(({ file }) => hasCloud || !file.startsWith(cloud))
  const theirs = Array.isArray(given) ? readRuleFiles(given) : []
  const own = new Set(ours.map(({ file }) => file))
  const isOurs = ({ origin }: SigmaRule): boolean => own.has(origin.file)
  const pipelines = mappings.map((file) => readMapping(file))
  const book = bindRules([...ours, ...theirs], {
    isWanted: (rule) => isCurrent(rule) && (rule.status !== 'experimental' || !isOurs(rule)),
    pipelinesOf: (rule) => (isOurs(rule) ? [] : pipelines),
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
