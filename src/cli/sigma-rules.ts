import { isUtf8 } from 'node:buffer'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DavylampError } from '../errors.ts'
import { systemReason } from '../inputs/system-error.ts'
import type { RuleFile } from '../sigma/check/check-rules.ts'
import type { Pipeline } from '../sigma/mappings/pipelines/pipeline.ts'
import { readPipeline } from '../sigma/mappings/pipelines/read-pipeline.ts'
import { bindRules, type RuleBook } from '../sigma/rule-book.ts'
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
      files.push({ file, text: textIn(readFileSync(file), file) })
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

/** UTF-8, or UTF-16 with its mark, as some editors write it. */
function textIn(bytes: Uint8Array, file: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (!isUtf8(bytes))
    process.stderr.write(
      `davylamp: ${visible(`${file}: is no UTF-8: what cannot be read shows as \uFFFD`)}\n`,
    )
  return new TextDecoder().decode(bytes)
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
 * Rules and correlations ready to run, whatever their status: filters applied, then the mapping files, else
 * (unless records are raw) the names producers give to fields. What cannot be used is told and left out.
 */
export function loadRules(paths: readonly string[], mappings: readonly string[], isRaw: boolean): RuleBook {
  const files = readRuleFiles(paths)
  const pipelines = mappings.map((file) => readMapping(file))
  const book = bindRules(files, {
    isWanted: () => true,
    pipelinesOf: () => pipelines,
    isRaw: isRaw || pipelines.length > 0,
  })
  for (const { file, line, severity, message } of book.problems) {
    if (severity === 'error')
      process.stderr.write(`davylamp: ${visible(`${file}:${line}: left out: ${message}`)}\n`)
  }
  if (book.rules.rules.length > 0) return book
  throw new DavylampError('config-invalid', `no rule in ${paths.join(', ')} can be used`)
}

/** A mapping is used as a whole or not at all. */
export function readMapping(file: string): Pipeline {
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
