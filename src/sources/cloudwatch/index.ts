import { identifier, type Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { readMeasured } from '../measured/read-measured.ts'
import { headText } from '../measured/whole-text.ts'
import { namelessMachines } from '../nameless.ts'
import type { Source } from '../source.ts'
import { readAnswers } from './answers.ts'

const SOURCE_ID = 'cloudwatch'

/** What CloudWatch measured of instances. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const cloudwatch: Source = {
  id: SOURCE_ID,
  title: 'CloudWatch metrics (get-metric-data, get-metric-statistics): CPU, CPU credits, response times',
  kinds: ['cpu', 'metric'],
  hint: "aws cloudwatch get-metric-data with CPUUtilization, CPUCreditBalance, CPUSurplusCreditsCharged of the instance, its id in Id or Label (Label: \"${PROP('Dim.InstanceId')} ${PROP('MetricName')}\").",
  recognise(head) {
    const text = headText(head)
    if (!text.trimStart().startsWith('{')) return 0
    if (text.includes('"MetricDataResults"')) return 0.95
    return text.includes('"Datapoints"') && text.includes('"Label"') ? 0.9 : 0
  },
  firstTime: () => null,
  read: (inputs, env) => {
    const unnamed = namelessMachines(
      SOURCE_ID,
      inputs.map((input) => ({ input, firstTime: null, firstRecord: headText(input.head).slice(0, 2000) })),
    )
    return readMeasured(inputs, env, SOURCE_ID, (input, report) =>
      readAnswers(input, report, unnamedOf(input, unnamed)),
    )
  },
}

/** `get-metric-statistics` does not say of whom: the name of the instance may stand in the name of the file or folder. */
function unnamedOf(input: Input, unnamed: ReadonlyMap<Input, Identifier>): Identifier {
  const named = /(?:^|[^0-9a-z])(i-[0-9a-f]{8,17})(?:[^0-9a-z]|$)/u.exec(input.name)?.[1]
  return named === undefined
    ? (unnamed.get(input) ?? identifier('trail', SOURCE_ID))
    : identifier('instance', named)
}
