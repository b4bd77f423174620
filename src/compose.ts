import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Composition, Operator } from './cli/composition.ts'
import { flowModel } from './compose-wire.ts'
import { parseConfig } from './config/config.ts'
import { parseInventory } from './config/inventory.ts'
import { type Problem, problemInWords } from './config/problem.ts'
import type { Consumed } from './cost/consumption.ts'
import { reckon } from './cost/money.ts'
import { DETECTORS } from './detectors/index.ts'
import { DavylampError } from './errors.ts'
import type { Incident } from './incidents/incident.ts'
import { openInputs, reopen } from './inputs/open.ts'
import { systemReason } from './inputs/system-error.ts'
import type { Intel } from './intel/intel.ts'
import { loadIntel } from './intel/load.ts'
import { createPolicy } from './policy/create-policy.ts'
import { REPORTS } from './reports/index.ts'
import { SOURCES } from './sources/index.ts'
import { SqliteCase } from './store/sqlite/sqlite-case.ts'
import type { Money } from './story/document.ts'
import { visible } from './text/visible.ts'
import { describePacket } from './wire/describe.ts'

const DEFAULT_CONFIG = 'davylamp.yaml'
/** What is assumed where nobody says what a machine is: a common small one. */
const ASSUMED_TYPE = 't3.medium'

/** The composition root: the one place that knows which implementations there are. */
export function composition(): Composition {
  const intel = loadIntel()
  return {
    sources: SOURCES,
    detectors: DETECTORS,
    reports: REPORTS,
    ruleFolder: join(import.meta.dirname, '..', 'rules'),
    intel,
    flowModel,
    openInputs: (paths, isHashed, stdin) => openInputs(paths, { hashesWhileReading: isHashed, stdin }),
    reopen: (name) => reopen(name),
    describePacket,
    openCase: (file, access) => new SqliteCase(file, access),
    readOperator,
    moneyOf: (incident, consumed) => moneyOf(incident, consumed, intel),
  }
}

function readOperator(files: { config: string | null; inventory: string | null }): Operator {
  const configFile = files.config ?? (existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : null)
  const { config, problems } = parseConfig(
    configFile === null ? '' : readText(configFile),
    configFile ?? DEFAULT_CONFIG,
  )
  const inventory =
    files.inventory === null
      ? { machines: [], problems: [] }
      : parseInventory(readText(files.inventory), files.inventory)
  const all = [...problems.toSorted(byLine), ...inventory.problems.toSorted(byLine)]
  if (all.length > 0) {
    throw new DavylampError('config-invalid', all.map((one) => visible(problemInWords(one))).join('\n'))
  }
  return {
    policy: createPolicy(config),
    machines: [...config.inventory, ...inventory.machines],
    networks: config.operators.flatMap(({ addresses }) => addresses),
  }
}

function byLine(a: Problem, b: Problem): number {
  return a.line - b.line
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new DavylampError('config-unreadable', `cannot read ${file}: ${systemReason(cause)}`, { cause })
  }
}

/** What the machine has cost in the hands of whoever mined on it; nothing where nobody was seen mining. */
function moneyOf(incident: Incident, consumed: Consumed | null, intel: Intel): Money {
  if (incident.tenures.length === 0) return NOTHING_MINED
  const { machine } = incident.asset
  const { isAssumed, ...money } = reckon({
    instanceType: machine?.instanceType ?? null,
    assumedType: ASSUMED_TYPE,
    ownUsdPerHour: machine?.usdPerHour ?? null,
    held: heldSpans(incident),
    isOngoing: incident.status === 'ongoing',
    priceOf: (type) => intel.priceOf(type),
    consumed,
  })
  return isAssumed && money.usdPerHour !== null ? { ...money, assumedType: ASSUMED_TYPE } : money
}

const NOTHING_MINED: Money = {
  usdSoFar: null,
  usdPerHour: null,
  usdPerMonth: null,
  timesNormal: null,
  basis: 'no mining is in the evidence, so there is nothing to reckon',
}

/** When somebody mined there: breaks do not count, and two at once count once. */
function heldSpans({ tenures }: Incident): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = []
  for (const { start, end } of tenures.toSorted((a, b) => a.start - b.start)) {
    const last = spans.at(-1)
    if (last !== undefined && start <= last.to) last.to = Math.max(last.to, end)
    else spans.push({ from: start, to: Math.max(start, end) })
  }
  return spans
}
