import type { Input } from '../../inputs/input.ts'
import { type JsonPath, JsonTree, type Opening, type TreeReader } from '../json/json-tree.ts'
import { Utf8Text } from '../json/utf8.ts'
import type { Batch, Source, SourceEnv } from '../source.ts'
import type { Overview } from './document.ts'
import { SOURCE } from './id.ts'
import { overviewOf, readDocument, timeOf } from './read-document.ts'

/**
 * Terraform and OpenTofu: a plan as `terraform show -json PLAN` prints it, a state as `terraform show -json` does,
 * and the state file itself (version 4).
 * https://developer.hashicorp.com/terraform/internals/json-format
 */
export const terraform: Source = {
  id: SOURCE,
  title: 'Terraform plan or state (JSON)',
  kinds: ['resource'],
  hint: 'terraform plan -out plan.bin && terraform show -json plan.bin > plan.json; or terraform show -json > state.json.',
  recognise,
  firstTime: () => null,
  read: (inputs, env): AsyncIterable<Batch> => readAll(inputs, env),
}

/** Members that only these documents have, beside the version of Terraform. */
const TELLING: ReadonlySet<string> = new Set([
  'configuration',
  'format_version',
  'lineage',
  'planned_values',
  'prior_state',
  'resource_changes',
  'serial',
])

class Members implements TreeReader {
  readonly names = new Set<string>()

  open(path: JsonPath, isArray: boolean): Opening {
    this.scalar(path)
    return path.length === 0 && !isArray ? 'enter' : 'pass'
  }

  scalar(path: JsonPath): void {
    if (path.length === 1) this.names.add(path[0] ?? '')
  }

  take(): void {
    // Nothing is asked for.
  }

  end(): void {
    // A head may end anywhere.
  }
}

function recognise(head: Uint8Array): number {
  const members = new Members()
  const tree = new JsonTree(members, head.length)
  const text = new Utf8Text()
  tree.push(text.push(head))
  tree.push(text.end())
  const telling = [...members.names].filter((name) => TELLING.has(name)).length
  if (telling === 0 || tree.flaws.text > 0) return 0
  return members.names.has('terraform_version') ? 1 : telling > 1 ? 0.8 : 0
}

async function* readAll(inputs: readonly Input[], env: SourceEnv): AsyncGenerator<Batch, void, undefined> {
  const looked: { input: Input; overview: Overview; time: number }[] = []
  for (const input of inputs) {
    const overview = await overviewOf(input)
    looked.push({ input, overview, time: timeOf(overview, input, env.now) })
  }
  for (const { input, overview, time } of looked.toSorted((a, b) => a.time - b.time)) {
    const report = env.reportOf(input)
    for await (const events of readDocument(input, report, overview, env.now))
      yield { events, watermark: time }
  }
  yield { events: [], watermark: Infinity }
}
