import { assess } from '../cost/assess.ts'
import { COST_SCHEMA, type CostDocument } from '../cost/document.ts'
import { IDLE_SHARE, type Power } from '../cost/power.ts'
import type { Price } from '../cost/price.ts'
import { DavylampError, EXIT_FOUND, EXIT_NOTHING_FOUND } from '../errors.ts'
import { analyse } from '../pipeline/analyse.ts'
import { maskDeep } from '../text/secrets.ts'
import { formatTime } from '../text/time.ts'
import { visibleDeep } from '../text/visible.ts'
import type { Composition } from './composition.ts'
import { renderCsv, renderMarkdown } from './cost-files.ts'
import { renderCost } from './cost-page.ts'
import type { By } from './cost-rows.ts'
import { openEvidence, type ReadingOptions, tellProblems, tellSkipped } from './reading.ts'
import { terminalOptions } from './terminal.ts'
import { VERSION } from './version.ts'

export interface CostOptions extends ReadingOptions {
  readonly format: 'terminal' | 'json' | 'csv' | 'markdown'
  readonly by: By
  readonly type?: string
  readonly price?: readonly string[]
  readonly watts?: string
  readonly usdPerKwh?: string
  readonly inventory?: string
  readonly config?: string
}

/** A common small machine, where nobody says what it is. */
const ASSUMED_TYPE = 't3.medium'

/** `davylamp cost PATH…` */
export async function cost(
  paths: readonly string[],
  options: CostOptions,
  composition: Composition,
): Promise<void> {
  const now = Date.now()
  const power = powerOf(options)
  const prices = pricesOf(options.price ?? [], now)
  const operator = composition.readOperator({
    config: options.config ?? null,
    inventory: options.inventory ?? null,
  })
  const evidence = await openEvidence(paths, options, composition, now)
  try {
    tellSkipped(evidence.skipped)
    const groups = new Map(evidence.inputs.map((input) => [input.name, input.group]))
    const analysis = await analyse(evidence.reading, {
      detectors: [],
      context: { intel: composition.intel },
      machines: operator.machines,
      rules: null,
      since: evidence.since,
      until: evidence.until,
      groupOf: (file) => groups.get(file) ?? '',
    })
    tellProblems(analysis.reports)
    const { machines, bills, notes } = assess(analysis.consumption, (id) => analysis.assets.assetOf(id), {
      givenType: options.type ?? null,
      assumedType: options.type ?? ASSUMED_TYPE,
      priceOf: (type) => prices.get(type.toLowerCase()) ?? composition.intel.priceOf(type),
      power,
    })
    const told: CostDocument = {
      schema: COST_SCHEMA,
      generatedAt: formatTime(now),
      tool: { name: 'davylamp', version: VERSION },
      machines,
      bills,
      skipped: [...evidence.skipped],
      notes: [...decisions(analysis.reports), ...notes],
    }
    const document = visibleDeep(options.showSecrets === true ? told : maskDeep(told))
    process.stdout.write(rendered(document, options, evidence.zone.name))
    const { jumps, firstSpends } = document.bills
    const isOdd = machines.some(({ rises }) => rises.length > 0) || jumps.length + firstSpends.length > 0
    process.exitCode = isOdd ? EXIT_FOUND : EXIT_NOTHING_FOUND
  } finally {
    evidence.opened.close()
  }
}

function rendered(document: CostDocument, options: CostOptions, timezone: string): string {
  if (options.format === 'json') return `${JSON.stringify(document, null, 2)}\n`
  if (options.format === 'csv') return renderCsv(document, options.by)
  if (options.format === 'markdown') return renderMarkdown(document, options.by)
  return renderCost(document, options.by, { ...terminalOptions(process.stdout, process.env), timezone })
}

/** Formats of what is added up here, as reports call them. */
const MEASURING = /bill|FOCUS|CUR|Cost Explorer|sysstat|sadf|sar|prometheus|cloudwatch|process-table|cgroup/iu

/** What was decided while bills and measurements were read: whoever looks at sums must know. That of other evidence is of no use here. */
function decisions(reports: Parameters<typeof tellProblems>[0]): string[] {
  return reports
    .all()
    .filter(([, report]) => MEASURING.test(report.format))
    .flatMap(([, report]) => report.decisions.map((decision) => `${report.file}: ${decision}`))
    .slice(0, 50)
}

const PRICE = /^([A-Za-z][\w.-]{1,60})=(\d{1,9}(?:\.\d{1,12})?)$/u

function pricesOf(given: readonly string[], now: number): ReadonlyMap<string, Price> {
  const prices = new Map<string, Price>()
  for (const text of given) {
    const match = PRICE.exec(text)
    if (match === null)
      throw new DavylampError('usage', `--price ${text}: not a type and its price`, {
        hint: 'like this: --price t3.large=0.0912',
      })
    prices.set((match[1] ?? '').toLowerCase(), {
      usdPerHour: Number(match[2]),
      region: '--price',
      date: formatTime(now).slice(0, 10),
    })
  }
  return prices
}

/** Null where the machines are not the owner's own hardware. Throws `usage`. */
function powerOf({ watts, usdPerKwh }: CostOptions): Power | null {
  if (watts === undefined && usdPerKwh === undefined) return null
  if (watts === undefined || usdPerKwh === undefined)
    throw new DavylampError('usage', '--watts and --usd-per-kwh go together: power and its price')
  const [full = '', idle] = watts.split(',')
  const fullWatts = positive('--watts', full)
  const idleWatts = idle === undefined ? fullWatts * IDLE_SHARE : positive('--watts', idle)
  if (idleWatts > fullWatts)
    throw new DavylampError('usage', `--watts ${watts}: more idling than at full load`)
  return { fullWatts, idleWatts, usdPerKwh: positive('--usd-per-kwh', usdPerKwh) }
}

function positive(option: string, text: string): number {
  if (!/^\d{1,9}(?:\.\d{1,9})?$/u.test(text) || Number(text) <= 0)
    throw new DavylampError('usage', `${option} ${text}: not a number above zero`)
  return Number(text)
}
