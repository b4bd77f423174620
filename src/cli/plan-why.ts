import { existsSync } from 'node:fs'
import { nearest } from '../config/nearest.ts'
import { DavylampError } from '../errors.ts'
import type { Control } from '../plan/control.ts'
import { CONTROLS } from '../plan/controls/index.ts'
import type { Plan } from '../plan/document.ts'
import { safeJson } from '../reports/safe-json.ts'
import { formatShare, formatUsd } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import { wrap } from '../text/width.ts'
import type { Composition } from './composition.ts'
import { openCase } from './keep-case.ts'
import { CASE_FOLDER, caseFile } from './own-case.ts'
import { leftOutInWords } from './plan-terminal.ts'
import { terminalOptions } from './terminal.ts'

export interface PlanWhyOptions {
  readonly case?: string
  readonly format: string
}

/** `davylamp plan why [CONTROL]`: what a control is, where its numbers come from, and what it does in the last plan. */
export async function planWhy(
  id: string | null,
  options: PlanWhyOptions,
  composition: Composition,
): Promise<void> {
  if (id === null) {
    process.stdout.write(options.format === 'json' ? safeJson(CONTROLS.map(facts)) : listing())
    return
  }
  const control = CONTROLS.find((one) => one.id === id)
  if (control === undefined) {
    const meant = nearest(
      id,
      CONTROLS.map((one) => one.id),
    )
    throw new DavylampError('usage', `there is no control called ${id}`, {
      hint:
        meant === null
          ? 'davylamp plan why lists them'
          : `did you mean ${meant}? davylamp plan why lists them all`,
    })
  }
  const plan = await lastPlan(options.case ?? CASE_FOLDER, composition)
  if (options.format === 'json') {
    const chosen = plan?.chosen.filter((item) => item.control === id) ?? []
    const leftOut = plan?.leftOut.filter((item) => item.control === id) ?? []
    process.stdout.write(safeJson({ ...facts(control), chosen, leftOut }))
    return
  }
  process.stdout.write(inWords(control, plan))
}

async function lastPlan(folder: string, composition: Composition): Promise<Plan | null> {
  if (!existsSync(caseFile(folder))) return null
  const store = openCase(composition, folder)
  try {
    return await store.plan()
  } finally {
    await store.close()
  }
}

function facts({
  id,
  title,
  what,
  layer,
  share,
  shareBasis,
  overhead,
  overheadBasis,
  needs,
}: Control): object {
  return { id, title, what, layer, share, shareBasis, overhead, overheadBasis, needs }
}

function listing(): string {
  const width = Math.max(...CONTROLS.map(({ id }) => id.length)) + 2
  return CONTROLS.map(({ id, title }) => `${id.padEnd(width)}${title}\n`).join('')
}

function inWords(control: Control, plan: Plan | null): string {
  const width = Math.min(110, Math.max(60, terminalOptions(process.stdout, process.env).width))
  const lines: string[] = [control.title, '']
  const add = (label: string, text: string): void => {
    const [first = '', ...rest] = wrap(visible(text), width - 14)
    lines.push(`  ${label.padEnd(12)}${first}`, ...rest.map((line) => `${' '.repeat(14)}${line}`))
  }
  add('what', control.what)
  add(
    'removes',
    `${formatShare(control.share)} of what is left of a target (${control.shareBasis.kind}: ${control.shareBasis.why})`,
  )
  add(
    'adds up',
    `Controls of different layers multiply on what is left; of one layer ("${control.layer}") only the best counts. Ways into the same machine are alternatives: closing one of two leaves the other.`,
  )
  const { cpuPercent, usdPerMonth, friction, downtimeSeconds } = control.overhead
  add(
    'overhead',
    `friction ${friction} once; per target ${formatUsd(usdPerMonth)} a month, ${cpuPercent} % CPU, ${downtimeSeconds} s away (${control.overheadBasis.kind}: ${control.overheadBasis.why})`,
  )
  for (const need of control.needs) add('first', need)
  lines.push('', ...inPlan(control, plan, add))
  return `${lines.join('\n')}\n`
}

function inPlan({ id }: Control, plan: Plan | null, add: (label: string, text: string) => void): string[] {
  if (plan === null) {
    add('plan', 'there is none yet: davylamp plan makes one')
    return []
  }
  for (const item of plan.chosen.filter(({ control }) => control === id)) {
    add('chosen', `${item.title}: ${formatUsd(item.removesUsdPerDay)} a day`)
    add(
      '',
      `that is after the lines above it in the plan. Done first it removes ${formatUsd(item.aloneUsdPerDay)}; left out of the whole plan it puts ${formatUsd(item.lastUsdPerDay)} back at risk. The lines add up to ${formatUsd(plan.removesUsdPerDay.mid)}.`,
    )
    for (const measure of item.measures.slice(0, 20)) add('', measure.title)
  }
  for (const item of plan.leftOut.filter(({ control }) => control === id))
    add('left out', leftOutInWords(item))
  if (![...plan.chosen, ...plan.leftOut].some(({ control }) => control === id))
    add('plan', 'there is nothing here that it applies to')
  return []
}
