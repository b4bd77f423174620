import { DavylampError, EXIT_FOUND, EXIT_NOTHING_FOUND } from '../errors.ts'
import { parseBudget } from '../plan/budget.ts'
import { CONTROLS } from '../plan/controls/index.ts'
import type { OpenIncident } from '../plan/control.ts'
import type { EmitterId } from '../plan/emitters/emitter.ts'
import { makePlan, type Planned } from '../plan/make-plan.ts'
import { type Budget, DEFAULT_BUDGET } from '../plan/overhead.ts'
import { safeJson } from '../reports/safe-json.ts'
import type { IncidentEntry } from '../story/document.ts'
import type { Surface } from '../surface/document.ts'
import { formatTime } from '../text/time.ts'
import { nearest } from '../config/nearest.ts'
import type { Composition } from './composition.ts'
import { CaseKeeper } from './keep-case.ts'
import { writeEmitted } from './plan-emit.ts'
import { planMarkdown } from './plan-markdown.ts'
import { type PlanBasis, readDump, surfaceDocument } from './plan-reading.ts'
import { planTerminal } from './plan-terminal.ts'
import type { ReadingOptions } from './reading.ts'
import { terminalOptions } from './terminal.ts'
import { VERSION } from './version.ts'

export interface PlanOptions extends ReadingOptions {
  readonly budget?: string
  readonly without?: readonly string[]
  readonly only?: readonly string[]
  readonly format: 'terminal' | 'json' | 'markdown'
  readonly emit?: EmitterId
  readonly out?: string
  readonly config?: string
  readonly full?: boolean
  /** `undefined` = the usual place, `false` = none. */
  readonly case?: string | false
}

/** `davylamp plan [PATH…]` */
export async function plan(
  paths: readonly string[],
  options: PlanOptions,
  composition: Composition,
): Promise<void> {
  const budget = budgetOf(options.budget)
  const asked = {
    without: controlsNamed(options.without ?? []),
    only: options.only === undefined ? null : controlsNamed(options.only),
  }
  if ((options.emit === undefined) !== (options.out === undefined))
    throw new DavylampError('usage', '--emit and --out go together', {
      hint: 'as in --emit aws-cli --out plan-files/',
    })
  const operator = composition.readOperator({ config: options.config ?? null, inventory: null })
  const keeper = new CaseKeeper(composition, options.case)
  try {
    const basis = await basisOf(paths, options, composition, keeper)
    const planned = makePlan({
      ...basis,
      controls: CONTROLS,
      budget,
      incidents: openIncidents(await keeper.incidents(), basis.surface),
      operators: operator.networks,
      poolNames: composition.intel.poolHosts(),
      ...asked,
      generatedAt: formatTime(Date.now()),
      toolVersion: VERSION,
    })
    await keeper.keepPlan(planned.plan)
    if (options.emit !== undefined && options.out !== undefined)
      writeEmitted(planned.changes, options.emit, options.out, operator.networks)
    process.stdout.write(rendered(planned, options))
    process.exitCode = planned.plan.chosen.length > 0 ? EXIT_FOUND : EXIT_NOTHING_FOUND
  } finally {
    await keeper.close()
  }
}

function rendered({ plan: document }: Planned, options: PlanOptions): string {
  if (options.format === 'json') return safeJson(document)
  if (options.format === 'markdown') return planMarkdown(document)
  return planTerminal(document, {
    ...terminalOptions(process.stdout, process.env),
    full: options.full === true,
  })
}

export function budgetOf(text: string | undefined): Budget {
  if (text === undefined) return DEFAULT_BUDGET
  const read = parseBudget(text)
  if (read.budget === null) throw new DavylampError('usage', `--budget ${read.problem}`)
  return read.budget
}

function controlsNamed(names: readonly string[]): Set<string> {
  const ids = CONTROLS.map(({ id }) => id)
  const unknown = names.find((name) => !ids.includes(name))
  if (unknown === undefined) return new Set(names)
  const meant = nearest(unknown, ids)
  throw new DavylampError('usage', `there is no control called ${unknown}`, {
    hint:
      meant === null
        ? 'davylamp plan why lists them'
        : `did you mean ${meant}? davylamp plan why lists them all`,
  })
}

/** A surface as JSON, a dump, or what `davylamp surface` last left in the case. */
async function basisOf(
  paths: readonly string[],
  options: PlanOptions,
  composition: Composition,
  keeper: CaseKeeper,
): Promise<PlanBasis> {
  if (paths.length > 0) {
    const surface = surfaceDocument(paths)
    return surface === null ? readDump(paths, options, composition, keeper) : { surface, egress: new Map() }
  }
  const surface = await keeper.surface()
  if (surface === null)
    throw new DavylampError('not-in-case', 'the case holds no surface to plan for', {
      hint: 'davylamp surface PATH… makes one; or give the dump itself: davylamp plan PATH…',
    })
  return { surface, egress: new Map() }
}

const HOURS_A_DAY = 24

/** What nobody has ended, on the machine that the surface knows by one of its names. */
export function openIncidents(incidents: readonly IncidentEntry[], { assets }: Surface): OpenIncident[] {
  const byName = new Map(
    assets.flatMap(({ id, names, addresses }) =>
      [id, ...names, ...addresses].map((name) => [name, id] as const),
    ),
  )
  return incidents
    .filter(({ status, severity }) => status === 'ongoing' && severity !== 'info' && severity !== 'low')
    .map(({ id, asset, title, money, todo }) => {
      const names = [...asset.names, asset.id]
      const own = names.map((name) => byName.get(name)).find((found) => found !== undefined)
      return {
        id,
        asset: own ?? asset.id,
        names,
        title,
        usdPerDay: (money.usdPerHour ?? 0) * HOURS_A_DAY,
        todo,
      }
    })
}
