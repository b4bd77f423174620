import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DavylampError } from '../errors.ts'
import { systemReason } from '../inputs/system-error.ts'
import type { RuleFile } from '../sigma/check/check-rules.ts'
import { applyFilters } from '../sigma/filter/apply-filters.ts'
import { isRefused } from '../sigma/mappings/pipelines/context.ts'
import { applyPipelines, type Pipeline } from '../sigma/mappings/pipelines/pipeline.ts'
import { readPipeline } from '../sigma/mappings/pipelines/read-pipeline.ts'
import { withProducerNames } from '../sigma/mappings/rename-rule.ts'
import { parseRules } from '../sigma/parse/parse-rules.ts'
import type { RuleProblem, SigmaRule } from '../sigma/rule.ts'
import { plural } from '../text/plural.ts'
import { visible } from '../text/visible.ts'

const RULE_FILE = /\.ya?ml$/iu

/**
 * The texts of rule files: those named, and all `.yml` and `.yaml` below folders, in the order of
 * their names. A file that cannot be read is told and left out; when none is left that is an error.
 */
export function readRuleFiles(paths: readonly string[]): RuleFile[] {
  const files: RuleFile[] = []
  let first: string | null = null
  for (const file of paths.flatMap((path) => ruleFilesIn(path))) {
    try {
      files.push({ file, text: readFileSync(file, 'utf8') })
    } catch (error) {
      const reason = `cannot read ${file}: ${systemReason(error)}`
      first ??= reason
      process.stderr.write(`davylamp: ${visible(reason)}\n`)
    }
  }
  if (files.length > 0) return files
  throw new DavylampError('nothing-to-read', first ?? `no rules in ${paths.join(', ')}`, {
    hint: 'rules are .yml files, or folders with such files',
  })
}

function ruleFilesIn(path: string): string[] {
  const known = statSync(path, { throwIfNoEntry: false })
  if (known?.isDirectory() !== true) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && RULE_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}

/**
 * Rules ready to compile: filters among them applied, then the mapping files, else (unless records are
 * raw) the names producers give to fields. What cannot be used is told and left out.
 */
export function loadRules(
  paths: readonly string[],
  mappings: readonly string[],
  isRaw: boolean,
): SigmaRule[] {
  const files = readRuleFiles(paths)
  const pipelines = mappings.map((file) => mappingIn(file))
  const texts = new Map(files.map(({ file, text }) => [file, text]))
  const parsed = files.map(({ file, text }) => parseRules(text, file))
  for (const { problems } of parsed) tellErrors(problems)
  const correlations = parsed.flatMap((one) => one.correlations).length
  if (correlations > 0)
    process.stderr.write(
      `davylamp: ${plural(correlations, 'correlation')} left out: rules are tried on single events here\n`,
    )
  const { rules, problems } = applyFilters(
    parsed.flatMap((one) => one.rules),
    parsed.flatMap((one) => one.filters),
    (file) => texts.get(file) ?? null,
  )
  tellErrors(problems)
  if (pipelines.length === 0) return isRaw ? [...rules] : rules.map((rule) => withProducerNames(rule))
  return rules.flatMap((rule) => {
    const rewritten = applyPipelines(pipelines, rule)
    if (!isRefused(rewritten)) return [rewritten]
    process.stderr.write(
      `davylamp: ${visible(`${rule.origin.file}:${rule.origin.line}: left out: ${rewritten.refused}`)}\n`,
    )
    return []
  })
}

/** A mapping is used as a whole or not at all. */
function mappingIn(file: string): Pipeline {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new DavylampError('config-unreadable', `cannot read ${file}: ${systemReason(cause)}`, { cause })
  }
  const { pipeline, problems } = readPipeline(text, file)
  if (pipeline !== null) return pipeline
  throw new DavylampError(
    'config-invalid',
    problems.map((one) => `${one.file}:${one.line}: ${one.message}`).join('\n'),
  )
}

function tellErrors(problems: readonly RuleProblem[]): void {
  for (const { file, line, severity, message } of problems) {
    if (severity === 'error')
      process.stderr.write(`davylamp: ${visible(`${file}:${line}: left out: ${message}`)}\n`)
  }
}
