import type { Score } from '../score/document.ts'
import { plural } from '../text/plural.ts'
import { formatUsd } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import { padWidth } from '../text/width.ts'

/** A score for reading: a line for each figure with what it rests on, then the machines that are not all right. */
export function scoreTable(score: Score): string {
  const { tenures, changes, waysIn, usd, machines, intruded } = score.counts
  const parts = `kind ${waysIn.kind}, source ${waysIn.source}, time ${waysIn.time}`
  const rows = [
    ['tenures', figure(score.tenureIoU), `IoU; ${countsOf(tenures)}`],
    ['changes of hands', figure(score.handsF1), `F1; ${countsOf(changes)}`],
    ['occupants', figure(score.occupantPurity), 'purity: share of the time told of the right one'],
    ['ways in', figure(score.wayIn), `right; ${waysIn.right} of ${waysIn.true} (${parts})`],
    [
      'cost',
      figure(score.costError),
      `error; ${formatUsd(usd.claimed)} claimed, ${formatUsd(usd.true)} true`,
    ],
    [
      'false incidents',
      String(score.falseIncidents),
      `on ${plural(machines - intruded, 'machine')} nobody got into`,
    ],
  ]
  const lines = rows.map(
    ([name = '', value = '', what = '']) => `  ${name.padEnd(16)}  ${value.padStart(5)}   ${what}`,
  )
  const wrong = score.machines.map(wrongsOf).filter(({ what }) => what.length > 0)
  const width = Math.max(0, ...wrong.map(({ name }) => name.length))
  const more = wrong.map(({ name, what }) => `  ${padWidth(name, width)}  ${what.join(' · ')}`)
  return `${[...lines, ...(more.length === 0 ? [] : ['', ...more])].join('\n')}\n`
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(3)
}

function countsOf(matches: Score['counts']['tenures']): string {
  if (matches.true + matches.claimed === 0) return 'none, and none claimed'
  return `${matches.true} true, ${matches.claimed} claimed, ${matches.matched} matched`
}

const GOOD = 0.9

function wrongsOf(machine: Score['machines'][number]): { name: string; what: string[] } {
  const { tenureIoU, handsF1, occupantPurity, wayIn, falseIncidents, isKnown } = machine
  const what: string[] = []
  if (!isKnown) what.push('not in the truth')
  if (falseIncidents.length > 0) what.push(plural(falseIncidents.length, 'false incident'))
  if (tenureIoU !== null && tenureIoU < GOOD) what.push(`tenures ${figure(tenureIoU)}`)
  if (handsF1 !== null && handsF1 < GOOD) what.push(`changes ${figure(handsF1)}`)
  if (occupantPurity !== null && occupantPurity < GOOD) what.push(`occupants ${figure(occupantPurity)}`)
  const wayInWrong =
    wayIn === null ? [] : (['kind', 'source', 'time'] as const).filter((part) => !wayIn[part])
  if (wayInWrong.length > 0) what.push(`way in: ${wayInWrong.join(', ')} wrong`)
  return { name: visible(machine.name), what }
}
