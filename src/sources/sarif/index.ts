import type { ResourceEvent } from '../../event/resource.ts'
import type { Input } from '../../inputs/input.ts'
import { type Fields, isFields, listAt, numberAt, objectAt, parseFields, textAt } from '../json/fields.ts'
import { plainTree } from '../plain-tree.ts'
import { tellDecision, tellProblem } from '../reading.ts'
import type { Batch, Source, SourceEnv } from '../source.ts'
import { headText, wholeText } from '../whole-text.ts'

const MAX_RESULTS = 100_000
const MAX_LOCATIONS = 100
const MAX_RAW = 512

/** Findings of any scanner in SARIF 2.1.0. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export const sarif: Source = {
  id: 'sarif',
  title: 'Findings of scanners in SARIF 2.1.0 (Trivy, Checkov, KICS …)',
  kinds: ['resource'],
  hint: 'trivy config --format sarif . > trivy.sarif; checkov -d . -o sarif',
  recognise,
  firstTime: () => null,
  read: (inputs, env): AsyncIterable<Batch> => readAll(inputs, env),
}

function recognise(head: Uint8Array): number {
  const text = headText(head)
  if (!/^\s*\{/u.test(text)) return 0
  if (/"\$schema"\s*:\s*"[^"]{0,300}sarif[^"]{0,100}"/u.test(text)) return 1
  return /"version"\s*:\s*"2\.1\.0"/u.test(text) && /"runs"\s*:\s*\[/u.test(text) ? 0.9 : 0
}

async function* readAll(inputs: readonly Input[], env: SourceEnv): AsyncGenerator<Batch, void, undefined> {
  const timeOf = (input: Input): number => Math.min(input.modifiedAt ?? env.now, env.now)
  for (const input of inputs.toSorted((a, b) => timeOf(a) - timeOf(b))) {
    const report = env.reportOf(input)
    const time = timeOf(input)
    report.format = 'sarif'
    tellDecision(report, input.modifiedAt === null ? 'time: when it was read' : "time: the file's date")
    const document = parseFields(await wholeText(input, report))
    const runs = listAt(document ?? {}, 'runs').filter(isFields)
    if (document === null || plainTree(document) === null) {
      report.records++
      report.bad++
      tellProblem(report, document === null ? 'it is not whole JSON' : 'it is nested too deeply or too large')
      continue
    }
    const events: ResourceEvent[] = []
    for (const run of runs) {
      for (const result of listAt(run, 'results')) {
        report.records++
        const found =
          isFields(result) && events.length < MAX_RESULTS ? findingOf(result, run, input.name, time) : null
        if (found === null) report.bad++
        else events.push(found)
      }
    }
    yield { events, watermark: time }
  }
  yield { events: [], watermark: Infinity }
}

function findingOf(result: Fields, run: Fields, file: string, time: number): ResourceEvent | null {
  const rules = listAt(objectAt(objectAt(run, 'tool'), 'driver'), 'rules').filter(isFields)
  const index = numberAt(result, 'ruleIndex') ?? numberAt(objectAt(result, 'rule'), 'index')
  const id = textAt(result, 'ruleId') ?? textAt(objectAt(result, 'rule'), 'id')
  const rule =
    (index === null ? undefined : rules[index]) ?? rules.find((one) => textAt(one, 'id') === id) ?? {}
  const check = id ?? textAt(rule, 'id')
  if (check === null) return null
  const locations = listAt(result, 'locations').filter(isFields).slice(0, MAX_LOCATIONS)
  const places = locations.map(placeOf).filter((one) => one !== '')
  const targets = locations.flatMap(targetsOf)
  const kind = textAt(result, 'kind') ?? 'fail'
  const isSuppressed = listAt(result, 'suppressions').some(
    (one) => isFields(one) && textAt(one, 'status') !== 'rejected',
  )
  return {
    kind: 'resource',
    time,
    timeQuality: 'unknown',
    observer: 'account:unknown',
    subjects: [],
    origin: {
      source: 'sarif',
      file,
      offset: 0,
      recordId: check,
      raw: `${check} ${places[0] ?? ''}`.trim().slice(0, MAX_RAW),
    },
    provider: 'other',
    resourceType: 'posture-finding',
    resourceId: `${check}/${places[0] ?? ''}`,
    name: null,
    account: null,
    region: null,
    state: 'observed',
    attributes: {
      tool: textAt(objectAt(objectAt(run, 'tool'), 'driver'), 'name') ?? 'SARIF',
      check,
      status: isSuppressed ? 'MUTED' : kind === 'fail' ? 'FAIL' : kind.toUpperCase(),
      severity: severityOf(result, rule),
      title: textAt(objectAt(rule, 'shortDescription'), 'text') ?? textAt(rule, 'name') ?? check,
      detail: textAt(objectAt(result, 'message'), 'text'),
      risk: textAt(objectAt(rule, 'fullDescription'), 'text'),
      remediation: textAt(objectAt(rule, 'help'), 'text'),
      targets,
      places,
    },
    unknownAttributes: [],
  }
}

function placeOf(location: Fields): string {
  const physical = objectAt(location, 'physicalLocation')
  const uri = textAt(objectAt(physical, 'artifactLocation'), 'uri') ?? ''
  const line = numberAt(objectAt(physical, 'region'), 'startLine')
  return line === null || uri === '' ? uri : `${uri}:${line}`
}

/** Names of resources: logical locations, as scanners of Terraform and clusters give them. */
function targetsOf(location: Fields): string[] {
  return listAt(location, 'logicalLocations')
    .filter(isFields)
    .flatMap((one) => [textAt(one, 'fullyQualifiedName'), textAt(one, 'name')])
    .filter((name): name is string => name !== null)
}

/** GitHub's `security-severity` is a CVSS score; else the level. */
function severityOf(result: Fields, rule: Fields): string {
  const score =
    numberAt(objectAt(result, 'properties'), 'security-severity') ??
    numberAt(objectAt(rule, 'properties'), 'security-severity')
  if (score !== null) return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low'
  const level =
    textAt(result, 'level') ?? textAt(objectAt(rule, 'defaultConfiguration'), 'level') ?? 'warning'
  return level === 'error' ? 'high' : level === 'warning' ? 'medium' : 'low'
}
