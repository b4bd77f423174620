import { existsSync, readFileSync } from 'node:fs'
import { DavylampError, EXIT_FOUND, EXIT_NOTHING_FOUND } from '../errors.ts'
import { systemReason } from '../inputs/system-error.ts'
import { Plan } from '../plan/document.ts'
import { type Verification, type VerifiedControl, verifyPlan } from '../plan/verify.ts'
import { safeJson } from '../reports/safe-json.ts'
import { plural } from '../text/plural.ts'
import { formatUsd } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import { wrap } from '../text/width.ts'
import type { Composition } from './composition.ts'
import { openCase } from './keep-case.ts'
import { CASE_FOLDER, caseFile } from './own-case.ts'
import { readDump, surfaceDocument } from './plan-reading.ts'
import type { ReadingOptions } from './reading.ts'
import { terminalOptions } from './terminal.ts'

export interface PlanVerifyOptions extends ReadingOptions {
  readonly case?: string
  /** A plan as JSON, instead of the last one of the case. */
  readonly plan?: string
  readonly format: 'terminal' | 'json'
}

/** `davylamp plan verify NEW-DUMP…`: exit 0 where everything is proven closed, 10 where something is open or not proven. */
export async function planVerify(
  paths: readonly string[],
  options: PlanVerifyOptions,
  composition: Composition,
): Promise<void> {
  const plan = await planOf(options, composition)
  const surface = surfaceDocument(paths) ?? (await readDump(paths, options, composition, null)).surface
  const verification = verifyPlan(plan, surface)
  process.stdout.write(
    options.format === 'json'
      ? safeJson(verification)
      : inWords(verification, terminalOptions(process.stdout, process.env)),
  )
  const isDone = verification.controls.every(({ state }) => state === 'closed' || state === 'not-in-a-dump')
  process.exitCode = isDone ? EXIT_NOTHING_FOUND : EXIT_FOUND
}

async function planOf(options: PlanVerifyOptions, composition: Composition): Promise<Plan> {
  if (options.plan !== undefined) return planFile(options.plan)
  const folder = options.case ?? CASE_FOLDER
  const hint = 'davylamp plan makes one; or name it: --plan plan.json'
  if (!existsSync(caseFile(folder)))
    throw new DavylampError('not-in-case', `there is no case in ${folder}`, { hint })
  const store = openCase(composition, folder)
  try {
    const plan = await store.plan()
    if (plan === null) throw new DavylampError('not-in-case', 'the case holds no plan', { hint })
    return plan
  } finally {
    await store.close()
  }
}

function planFile(file: string): Plan {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'no JSON' : systemReason(cause)
    throw new DavylampError('document-invalid', `cannot read ${file}: ${reason}`, { cause })
  }
  const read = Plan.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new DavylampError(
    'document-invalid',
    `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    {
      hint: 'davylamp plan --format json makes one',
    },
  )
}

const WORDS: Readonly<Record<VerifiedControl['state'], string>> = {
  closed: 'closed',
  partly: 'PARTLY',
  open: 'OPEN',
  unknown: 'not proven',
  'not-in-a-dump': 'not seen',
}

const STATE_COLUMN = 12

function inWords(
  { controls, atRiskUsdPerDay, beforeUsdPerDay, added }: Verification,
  { width }: { readonly width: number },
): string {
  const room = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width))
  const line = (state: string, text: string): string[] =>
    wrap(visible(text), room - 2 - STATE_COLUMN).map(
      (part, i) => `  ${(i === 0 ? state : '').padEnd(STATE_COLUMN)}${part}`,
    )
  const count = (state: VerifiedControl['state']): number =>
    controls.filter((one) => one.state === state).length
  const head = `${count('closed')} of ${plural(controls.length, 'control')} proven closed; at risk now ${formatUsd(atRiskUsdPerDay)} a day, ${formatUsd(beforeUsdPerDay)} when the plan was made`
  const lines = controls.flatMap(({ title, state, exposures }) => [
    ...line(WORDS[state], title),
    ...(state === 'not-in-a-dump' ? line('', 'a dump does not show it: look yourself') : []),
    ...exposures
      .filter((one) => one.state !== 'closed')
      .flatMap((one) => line('', `${one.title}: ${one.note}`)),
  ])
  const fresh = added
    .slice(0, MAX_ADDED)
    .flatMap(({ title, usdPerDay }) => line('new', `${title} (${formatUsd(usdPerDay)} a day)`))
  return `${[...wrap(head, room), '', ...lines, ...fresh].join('\n')}\n`
}

const MIN_WIDTH = 60
const MAX_WIDTH = 120
const MAX_ADDED = 5
