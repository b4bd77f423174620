import { nearestWord } from '../../nearest-word.ts'
import { type DocumentPath, Locator, readDocuments } from '../../parse/documents.ts'
import { isRecord, type Tell } from '../../parse/selection.ts'
import type { RuleProblem } from '../../rule.ts'
import { CONDITION_KEYS, readChecks } from './conditions.ts'
import { FIELD_TRANSFORMATIONS, type TransformationFactory } from './field-transformations.ts'
import { Parameters } from './parameters.ts'
import { applyEntries, type Pipeline, type PipelineEntry } from './pipeline.ts'
import { RULE_TRANSFORMATIONS } from './rule-transformations.ts'
import { VALUE_TRANSFORMATIONS } from './value-transformations.ts'

const TRANSFORMATIONS: Readonly<Record<string, TransformationFactory>> = {
  ...FIELD_TRANSFORMATIONS,
  ...VALUE_TRANSFORMATIONS,
  ...RULE_TRANSFORMATIONS,
}
/** What pySigma has and rules that are matched, not translated, have no use for. */
const FOR_QUERIES: Readonly<Record<string, string>> = {
  query_expression_placeholders:
    'writes parts of a query, and nothing is translated into queries here: use value_placeholders',
  field_name_transform: 'needs a Python function: use field_name_mapping',
  strict_field_mapping_failure: 'is what `sigma check` does: it reports fields that no record has',
}

const PIPELINE_KEYS = [
  'name',
  'priority',
  'vars',
  'transformations',
  'allowed_backends',
  'postprocessing',
  'finalizers',
]
const MAX_NESTING = 8

export interface ReadPipeline {
  /** Null where anything in it is wrong: a mapping applied in part would change what rules mean. */
  readonly pipeline: Pipeline | null
  readonly problems: readonly RuleProblem[]
}

/** A mapping file (YAML). Strict: what it does not know is an error with its line. Never throws. */
export function readPipeline(text: string, file: string): ReadPipeline {
  const read = [...readDocuments(text)]
  const documents = read.flatMap((one) => one.documents)
  const faults = read.flatMap((one) => one.problems)
  const problems: RuleProblem[] = faults.map((one) => ({ ...one, file, severity: 'error' }))
  const locator = new Locator(text)
  const tell: Tell = (path, severity, message) => {
    problems.push({ file, ...locator.positionOf(0, path), severity, message })
  }
  const [document] = documents
  if (documents.length !== 1 || document === undefined || !isRecord(document.content)) {
    if (faults.length === 0) tell([], 'error', 'a mapping file is one YAML map with transformations')
    return { pipeline: null, problems }
  }
  const pipeline = pipelineOf(document.content, tell)
  return { pipeline: problems.some(({ severity }) => severity === 'error') ? null : pipeline, problems }
}

function pipelineOf(content: Readonly<Record<string, unknown>>, tell: Tell): Pipeline {
  const parameters = new Parameters(content, [], tell, PIPELINE_KEYS)
  for (const key of ['postprocessing', 'finalizers']) {
    if (parameters.has(key))
      tell([key], 'warning', `${key} has no meaning here: nothing is translated into queries`)
  }
  const name = parameters.textOrNull('name') ?? ''
  const priority = Number(parameters.raw('priority') ?? 0)
  if (!Number.isFinite(priority)) parameters.fail('priority', 'priority must be a number')
  const variables = parameters.has('vars') ? parameters.textMap('vars') : new Map<string, readonly string[]>()
  const entries = entriesOf(parameters.raw('transformations') ?? [], ['transformations'], tell, 0)
  parameters.isDone()
  return { name, priority, variables, entries }
}

function entriesOf(content: unknown, path: DocumentPath, tell: Tell, depth: number): PipelineEntry[] {
  if (!Array.isArray(content)) {
    tell(path, 'error', `${String(path.at(-1))} must be a list`)
    return []
  }
  return content.flatMap((one: unknown, at) => entryOf(one, [...path, at], tell, depth) ?? [])
}

function entryOf(content: unknown, path: DocumentPath, tell: Tell, depth: number): PipelineEntry | null {
  if (!isRecord(content)) {
    tell(path, 'error', 'a transformation must be a map')
    return null
  }
  const checks = readChecks({ content, path, tell })
  const type = typeof content['type'] === 'string' ? content['type'] : ''
  const parameters = new Parameters(content, path, tell, ['id', 'type', ...CONDITION_KEYS])
  const transformation =
    type === 'nest' ? nested(parameters, depth) : factoryOf(type, path, tell)?.(parameters)
  if (transformation === undefined || !parameters.isDone() || checks === null) return null
  return { id: parameters.textOrNull('id'), checks, transformation }
}

function nested(parameters: Parameters, depth: number): PipelineEntry['transformation'] {
  if (depth >= MAX_NESTING) parameters.fail('items', 'items are nested too deeply')
  const entries =
    depth >= MAX_NESTING
      ? []
      : entriesOf(parameters.raw('items'), [...parameters.path, 'items'], parameters.tell, depth + 1)
  return (rule, _, context) => applyEntries(entries, rule, context)
}

function factoryOf(type: string, path: DocumentPath, tell: Tell): TransformationFactory | undefined {
  if (Object.hasOwn(TRANSFORMATIONS, type)) return TRANSFORMATIONS[type]
  const reason = Object.hasOwn(FOR_QUERIES, type) ? FOR_QUERIES[type] : undefined
  const meant = nearestWord(type, Object.keys(TRANSFORMATIONS))
  if (type === '') tell(path, 'error', 'type is missing')
  else if (reason !== undefined) tell([...path, 'type'], 'error', `${type} ${reason}`)
  else
    tell(
      [...path, 'type'],
      'error',
      `unknown transformation ${type}${meant === null ? '' : ` (did you mean ${meant}?)`}`,
    )
  return undefined
}
