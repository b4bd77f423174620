import type { ChosenControl, LeftOut, Plan, PlanBudget, PlanOverhead } from '../plan/document.ts'
import { plural } from '../text/plural.ts'
import { formatShare, formatUsd } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import { displayWidth, padWidth, wrap } from '../text/width.ts'

export interface PlanLook {
  readonly width: number
  readonly color: boolean
  readonly unicode: boolean
  readonly full: boolean
}

const MIN_WIDTH = 60
const MAX_WIDTH = 110
const SHOWN = 12
const SHOWN_LEFT_OUT = 8
const INDENT = 5

/** The plan for reading: the answer, what to do, what was left out and why, what comes next. */
export function planTerminal(plan: Plan, look: PlanLook): string {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, look.width))
  const lines: string[] = []
  const add = (text: string, first = 0, next = first): void => {
    const [head = '', ...rest] = wrap(visible(text), Math.max(20, width - Math.max(first, next)))
    lines.push(' '.repeat(first) + head, ...rest.map((line) => ' '.repeat(next) + line))
  }
  add(answerOf(plan), 0, 2)
  if (plan.chosen.length > 0) add(overheadOf(plan), 2)
  lines.push('')
  const shown = look.full ? plan.chosen : plan.chosen.slice(0, SHOWN)
  for (const [i, item] of shown.entries()) writeItem(item, i + 1, { width, lines, add, look })
  if (plan.chosen.length > shown.length)
    add(
      `… and ${plan.chosen.length - shown.length} more, ${formatUsd(rest(plan.chosen.slice(shown.length)))} a day together: --full shows them`,
      INDENT,
    )
  writeLeftOut(plan, look, { lines, add })
  for (const note of plan.notes) add(note, 2)
  lines.push('')
  for (const line of nextSteps(plan)) lines.push(`  ${line}`)
  const text = `${lines.join('\n')}\n`
  return look.unicode ? text : asciiOf(text)
}

interface Page {
  readonly width: number
  readonly lines: string[]
  readonly add: (text: string, first?: number, next?: number) => void
  readonly look: PlanLook
}

function answerOf({
  chosen,
  considered,
  removesShare,
  atRiskUsdPerDay,
  removesUsdPerDay,
  leftOut,
  surface,
}: Plan): string {
  const risk = `${formatUsd(atRiskUsdPerDay.mid)} a day at risk (${formatUsd(atRiskUsdPerDay.low)} to ${formatUsd(atRiskUsdPerDay.high)})`
  if (chosen.length > 0) {
    const controls = new Set(chosen.map(({ control }) => control)).size
    return `Plan: ${controls} of ${plural(considered, 'control')} ${controls === 1 ? 'removes' : 'remove'} ${formatShare(removesShare)} of ${risk}: ${formatUsd(removesUsdPerDay.mid)} a day`
  }
  if (surface.assets === 0 && surface.exposures === 0)
    return 'Plan: nothing in what was read tells of machines, networks or accounts: nothing was judged'
  if (atRiskUsdPerDay.mid === 0 && surface.exposures > 0)
    return 'Plan: no money can be named for what is open: what could be burned behind it is not in what was read'
  if (atRiskUsdPerDay.mid === 0)
    return 'Plan: nothing to do: nothing that costs money is open in what was read'
  return `Plan: nothing fits your budget: ${risk}${leftOut.length > 0 ? ', and what would help is below' : ''}`
}

function overheadOf({ overhead, budget, savesUsdPerMonth, optimality }: Plan): string {
  const parts = [
    `${formatUsd(overhead.usdPerMonth)}${ofLimit(budget.usdPerMonth, formatUsd)} a month`,
    `${round(overhead.cpuPercent)} %${ofLimit(budget.cpuPercent, (limit) => `${round(limit)} %`)} CPU`,
    `friction ${round(overhead.friction)}${ofLimit(budget.friction, round)}`,
    `${round(overhead.downtimeSeconds)} s${ofLimit(budget.downtimeSeconds, (limit) => `${round(limit)} s`)} out of service`,
  ]
  const best = optimality.isExact
    ? 'No other plan within your budget removes more.'
    : `At most ${(optimality.gap * 100).toFixed(1)} % more is possible within your budget.`
  const saves = savesUsdPerMonth > 0 ? ` It saves ${formatUsd(savesUsdPerMonth)} a month.` : ''
  return `Overhead: ${parts.join(', ')}.${saves} ${best}`
}

function ofLimit(limit: number | null, shown: (limit: number) => string): string {
  return limit === null ? '' : ` of ${shown(limit)}`
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function writeItem(item: ChosenControl, number: number, { width, lines, add, look }: Page): void {
  const money = `${less(item.removesUsdPerDay)} a day`
  const title = visible(item.title)
  const head = `${String(number).padStart(3)}. `
  const room = width - INDENT - displayWidth(money) - 2
  const [first = '', ...more] = wrap(title, room)
  const bold = look.color ? `\u001b[1m${first}\u001b[22m` : first
  lines.push(`${head}${bold}${padWidth('', room - displayWidth(first))}  ${money}`)
  for (const line of more) lines.push(' '.repeat(INDENT) + line)
  add(`${costOf(item.overhead, item.savesUsdPerMonth)} · ${formsOf(item)}`, INDENT)
  for (const text of item.how.text.slice(0, look.full ? 20 : 2)) add(text, INDENT, INDENT + 2)
  writeNotWritten(item, { width, lines, add, look })
  if (look.full) {
    for (const line of item.how.cli ?? []) lines.push(`${' '.repeat(INDENT)}$ ${line}`)
    for (const need of item.needs) add(`first: ${need}`, INDENT, INDENT + 2)
    add(`why: davylamp plan why ${item.control}`, INDENT)
  }
}

/** By hand, because it cannot be said safely: never without a word. */
function writeNotWritten({ notWritten }: ChosenControl, { add, look }: Page): void {
  const byWhat = Map.groupBy(notWritten, ({ what }) => what)
  const shown = [...byWhat].slice(0, look.full ? byWhat.size : 2)
  for (const [what, list] of shown)
    add(`not in --emit ${list.map(({ form }) => form).join(' | ')}: ${what}`, INDENT, INDENT + 2)
  if (byWhat.size > shown.length)
    add(`… and ${byWhat.size - shown.length} more that are in no file: --full shows them`, INDENT)
}

function costOf({ cpuPercent, usdPerMonth, friction, downtimeSeconds }: PlanOverhead, saves: number): string {
  const parts = [
    `friction ${round(friction)}`,
    ...(usdPerMonth > 0 ? [`${formatUsd(usdPerMonth)} a month`] : []),
    ...(cpuPercent > 0 ? [`${round(cpuPercent)} % CPU`] : []),
    ...(downtimeSeconds > 0 ? [`${round(downtimeSeconds)} s out of service`] : []),
    ...(saves > 0 ? [`saves ${formatUsd(saves)} a month`] : []),
  ]
  return parts.join(', ')
}

function formsOf({ how }: ChosenControl): string {
  const forms = [
    how.cli === null ? '' : 'aws-cli',
    how.terraform === null ? '' : 'terraform',
    how.nft === null ? '' : 'nft',
    how.sshd === null ? '' : 'sshd',
    how.systemd === null ? '' : 'systemd',
    how.kubernetes === null ? '' : 'kubernetes',
  ].filter((form) => form !== '')
  return forms.length === 0 ? 'by hand' : `--emit ${forms.join(' | ')}, each with its revert`
}

function writeLeftOut({ leftOut }: Plan, look: PlanLook, { lines, add }: Pick<Page, 'lines' | 'add'>): void {
  const told = leftOut.filter(({ kind }) => look.full || (kind !== 'worthless' && kind !== 'asked'))
  if (told.length === 0) return
  lines.push('', '  Left out')
  const shown = look.full ? told : told.slice(0, SHOWN_LEFT_OUT)
  for (const one of shown) add(leftOutInWords(one), 4, 6)
  if (told.length > shown.length) add(`… and ${told.length - shown.length} more: --full shows them`, 4)
  lines.push('')
}

export function leftOutInWords({ title, couldRemoveUsdPerDay, reason }: LeftOut): string {
  const money = couldRemoveUsdPerDay > 0 ? ` (${less(couldRemoveUsdPerDay)} a day)` : ''
  return `${title}${money}: ${reason}`
}

function nextSteps({ chosen, leftOut, budget }: Plan): string[] {
  const steps: string[] = []
  const [first] = chosen
  if (first !== undefined) {
    steps.push(`why and how reckoned:  davylamp plan why ${first.control}`)
    // The first form that any of them has; where none has one there is nothing to write.
    const form = chosen
      .map((one) => /--emit ([a-z-]+)/u.exec(formsOf(one))?.[1])
      .find((one) => one !== undefined)
    if (form !== undefined)
      steps.push(`as files to apply:     davylamp plan --emit ${form} --out plan-files/`)
    steps.push('afterwards, with a new dump:  davylamp plan verify NEW-DUMP')
  }
  if (leftOut.some(({ kind }) => kind === 'budget' || kind === 'too-dear'))
    steps.push(`with more room:        davylamp plan --budget '${moreOf(budget)}'`)
  return steps
}

/** `-$1.20`; what is too little to show has its sign after the `<`. */
function less(usd: number): string {
  const amount = formatUsd(usd)
  return amount.startsWith('< ') ? `< -${amount.slice(2)}` : `-${amount}`
}

function double(value: number | null, floor: number): string {
  return value === null ? 'any' : String(Math.max(floor, value * 2))
}

function moreOf({ cpuPercent, usdPerMonth, friction, downtimeSeconds }: PlanBudget): string {
  return `cpu=${double(cpuPercent, 2)}%,usd=${double(usdPerMonth, 20)}/month,friction=${double(friction, 3)},downtime=${double(downtimeSeconds, 60)}s`
    .replaceAll('any%', 'any')
    .replaceAll('any/month', 'any')
    .replaceAll('anys', 'any')
}

function rest(items: readonly ChosenControl[]): number {
  return items.reduce((sum, { removesUsdPerDay }) => sum + removesUsdPerDay, 0)
}

function asciiOf(text: string): string {
  return text
    .replaceAll('·', '-')
    .replaceAll('…', '...')
    .replaceAll('–', '-')
    .replaceAll('’', "'")
    .replaceAll(/[“”]/gu, '"')
}
