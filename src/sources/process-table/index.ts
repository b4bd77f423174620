import { identifier } from '../../event/identifier.ts'
import { readMeasured } from '../measured/read-measured.ts'
import { headText } from '../measured/whole-text.ts'
import { namelessMachines } from '../nameless.ts'
import type { Source } from '../source.ts'
import { readPs } from './ps.ts'
import { isPsHeader, isTopHeader } from './table.ts'
import { readTop } from './top.ts'

const SOURCE_ID = 'process-table'

/** Who burns at a moment: what people call first when a server is slow. */
export const processTable: Source = {
  id: SOURCE_ID,
  title: 'text of top -b and of ps aux',
  kinds: ['cpu', 'metric'],
  hint: 'top -b -d 60 -n 60 -c > top.txt; ps aux > ps.txt. Their text has no date: that of the file is taken, so keep it when copying (cp -p, tar).',
  recognise(head) {
    const lines = headText(head).split('\n').slice(0, 40)
    if (lines.some(isTopHeader)) return 0.9
    return isPsHeader(lines.find((line) => line.trim() !== '') ?? '') ? 0.9 : 0
  },
  firstTime: () => null,
  read: (inputs, env) => {
    const machines = namelessMachines(
      SOURCE_ID,
      inputs.map((input) => ({
        input,
        firstTime: input.modifiedAt,
        firstRecord: headText(input.head).slice(0, 2000),
      })),
    )
    return readMeasured(inputs, env, SOURCE_ID, (input, report) => {
      const machine = machines.get(input) ?? identifier('trail', SOURCE_ID)
      const isTop = headText(input.head).split('\n').slice(0, 40).some(isTopHeader)
      return isTop ? readTop(input, report, env, machine) : readPs(input, report, env, machine)
    })
  },
}
