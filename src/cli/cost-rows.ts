import type { CostDocument, MachineCost } from '../cost/document.ts'

export type By = 'machine' | 'day' | 'hour' | 'resource' | 'process'
export type Cell = string | number | boolean | null

/** A table for files: names of columns carry their units. */
export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** The document as one table. */
export function rowsOf(document: CostDocument, by: By): Rows {
  return TABLES[by](document)
}

const TABLES: Readonly<Record<By, (document: CostDocument) => Rows>> = {
  machine: ({ machines }) => machineRows(machines),
  day: dayRows,
  hour: ({ machines }) => hourRows(machines),
  resource: resourceRows,
  process: ({ machines }) => processRows(machines),
}

function resourceRows({ bills }: CostDocument): Rows {
  return {
    columns: ['resource', 'instanceType', 'usage', 'currency'],
    rows: bills.resources.map(({ resource, instanceType, usage, currency }) => [
      resource,
      instanceType,
      usage,
      currency,
    ]),
  }
}

function processRows(machines: readonly MachineCost[]): Rows {
  return {
    columns: ['machine', 'user', 'name', 'scope', 'cores', 'coreHours', 'usdPerHour'],
    rows: machines.flatMap(({ id, workers }) =>
      workers.map(({ user, name, scope, cores, coreHours, usdPerHour }) => [
        id,
        user,
        name,
        scope,
        rounded(cores),
        rounded(coreHours),
        rounded(usdPerHour),
      ]),
    ),
  }
}

function machineRows(machines: readonly MachineCost[]): Rows {
  return {
    columns: [
      'machine',
      'instanceType',
      'usdPerHour',
      'normalShare',
      'recentShare',
      'normalUsdPerHour',
      'nowUsdPerHour',
      'nowUsdPerMonth',
      'timesNormal',
      'rises',
      'takenMachineHours',
      'takenUsd',
      'billedUsd',
      'estimatedUsd',
      'billError',
    ],
    rows: machines.map((machine) => [
      machine.id,
      machine.instanceType,
      rounded(machine.usdPerHour),
      rounded(machine.cpu?.normal?.share ?? null),
      rounded(machine.cpu?.recentShare ?? null),
      rounded(machine.normalUsdPerHour),
      rounded(machine.nowUsdPerHour),
      rounded(machine.nowUsdPerMonth),
      rounded(machine.timesNormal),
      machine.rises.length,
      rounded(machine.rises.reduce((sum, { machineHours }) => sum + machineHours, 0)),
      rounded(machine.rises.reduce((sum, { usd }) => sum + (usd ?? 0), 0)),
      machine.bill?.billedUsd ?? null,
      rounded(machine.bill?.estimatedUsd ?? null),
      rounded(machine.bill?.error ?? null),
    ]),
  }
}

function dayRows({ machines, bills }: CostDocument): Rows {
  return {
    columns: ['day', 'what', 'amount', 'currency', 'surplusUsd', 'estimatedUsd', 'error'],
    rows: [
      ...bills.days.map(({ day, usage, currency }) => [day, 'all usage', usage, currency, null, null, null]),
      ...machines.flatMap(({ id, bill }) =>
        (bill?.days ?? []).map((day) => [
          day.day,
          id,
          day.billedUsd,
          'USD',
          day.surplusUsd,
          rounded(day.estimatedUsd),
          rounded(day.error),
        ]),
      ),
    ],
  }
}

/** The steps of each machine's series: an hour each where it spans ten days or less. */
function hourRows(machines: readonly MachineCost[]): Rows {
  return {
    columns: ['machine', 'from', 'stepSeconds', 'busyShare'],
    rows: machines.flatMap(({ id, cpu }) =>
      (cpu?.values ?? []).map((value, index) => [
        id,
        new Date(Date.parse(cpu?.from ?? '') + index * (cpu?.stepSeconds ?? 0) * 1000).toISOString(),
        cpu?.stepSeconds ?? null,
        rounded(value),
      ]),
    ),
  }
}

/** Six places: below what anything here is known to. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6
}
