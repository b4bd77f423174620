import { existsSync, readFileSync } from 'node:fs'
import type { Composition, Operator } from './cli/composition.ts'
import { parseConfig } from './config/config.ts'
import { parseInventory } from './config/inventory.ts'
import { reckon } from './cost/money.ts'
import { DETECTORS } from './detectors/index.ts'
import { DavylampError } from './errors.ts'
import type { Incident } from './incidents/incident.ts'
import { openInputs, reopen } from './inputs/open.ts'
import type { Intel } from './intel/intel.ts'
import { loadIntel } from './intel/load.ts'
import { createPolicy } from './policy/create-policy.ts'
import { REPORTS } from './reports/index.ts'
import { SOURCES } from './sources/index.ts'
import { SqliteCase } from './store/sqlite/sqlite-case.ts'
import type { Money } from './story/document.ts'
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
    intel,
    openInputs: (paths) => openInputs(paths),
    reopen: (name) => reopen(name),
    describePacket,
    openCase: (file) => new SqliteCase(file),
    readOperator,
    moneyOf: (incident) => moneyOf(incident, intel),
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
  const all = [
    ...problems.map((problem) => ({ ...problem, file: configFile ?? DEFAULT_CONFIG })),
    ...inventory.problems.map((problem) => ({ ...problem, file: files.inventory ?? '' })),
  ]
  if (all.length > 0) {
    throw new DavylampError(
      'config-invalid',
      all.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'),
    )
  }
  return { policy: createPolicy(config), machines: [...config.inventory, ...inventory.machines] }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DavylampError('config-unreadable', `cannot read ${file}: ${reason}`, { cause })
  }
}

/** What the machine has cost in the hands of whoever mined on it. */
function moneyOf(incident: Incident, intel: Intel): Money {
  const { machine } = incident.asset
  const starts = incident.tenures.map((tenure) => tenure.start)
  const ends = incident.tenures.map((tenure) => tenure.end)
  const isHeld = starts.length > 0
  return reckon({
    instanceType: machine?.instanceType ?? null,
    assumedType: ASSUMED_TYPE,
    ownUsdPerHour: machine?.usdPerHour ?? null,
    from: isHeld ? Math.min(...starts) : incident.firstSeen,
    to: isHeld ? Math.max(...ends) : incident.firstSeen,
    isOngoing: incident.status === 'ongoing',
    priceOf: (type) => intel.priceOf(type),
  })
}
