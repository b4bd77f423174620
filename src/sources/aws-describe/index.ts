import type { Input } from '../../inputs/input.ts'
import { textAt } from '../json/fields.ts'
import { JsonTree } from '../json/json-tree.ts'
import { Utf8Text } from '../json/utf8.ts'
import type { Batch, Source, SourceEnv } from '../source.ts'
import { AnswerReader } from './answer.ts'
import { SOURCE } from './id.ts'
import type { Found } from './lists.ts'
import { isCredentialReport, readAnswers } from './read-answers.ts'

/**
 * An inventory of AWS: what `aws ec2 describe-… > file` and its like print, one file per command, per region and
 * account as folders or as one heap; pages one after the other; answers that `--query` cut down to a list.
 * https://docs.aws.amazon.com/cli/latest/reference/ec2/
 */
export const awsDescribe: Source = {
  id: SOURCE,
  title: 'AWS inventory (output of describe-* commands, credential report)',
  kinds: ['resource'],
  hint: 'aws ec2 describe-instances --output json > describe-instances.json, and so on per command, region and account.',
  recognise,
  firstTime: () => null,
  read: (inputs, env): AsyncIterable<Batch> => readAll(inputs, env),
}

/** How many lists of a head must be known ones: half. */
function recognise(head: Uint8Array): number {
  if (isCredentialReport(head)) return 1
  let known = 0
  let unknown = 0
  const reader = new AnswerReader(
    {
      resource: (found) => void (isLikely(found) ? known++ : unknown++),
      bad: () => void unknown++,
      unused: (_, count) => void (unknown += count),
      leftOut: () => void known++,
      // An answer may be empty, and the first entry longer than the head.
      listed: (list, entries, rest) => void (entries === 0 || rest !== 'none' ? known++ : list),
    },
    '',
  )
  const tree = new JsonTree(reader, head.length)
  const text = new Utf8Text()
  tree.push(text.push(head))
  tree.push(text.end())
  tree.end()
  if (known === 0 || tree.flaws.text > known) return 0
  return known / (known + unknown)
}

/** Many things have a list of attributes; those of load balancers are called `stickiness.enabled` and the like. */
function isLikely({ type, attributes }: Found): boolean {
  return (
    type !== 'aws_lb_attribute' ||
    /^[a-z_]{2,40}(?:\.[a-z0-9_]{2,40}){1,4}$/u.test(textAt(attributes, 'Key') ?? '')
  )
}

async function* readAll(inputs: readonly Input[], env: SourceEnv): AsyncGenerator<Batch, void, undefined> {
  const timeOf = (input: Input): number => Math.min(input.modifiedAt ?? env.now, env.now)
  for (const input of inputs.toSorted((a, b) => timeOf(a) - timeOf(b))) {
    const report = env.reportOf(input)
    for await (const events of readAnswers(input, report, env.now)) yield { events, watermark: timeOf(input) }
  }
  yield { events: [], watermark: Infinity }
}
