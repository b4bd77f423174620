import {
  ALL_LONG,
  type Count,
  curveOf,
  LENGTH_CLASSES,
  type LengthClass,
  OPERATING_POINT,
  type Point,
  SHORT,
  sumOf,
  variedRecall,
} from './curve.ts'
import { precisionAt, wilson } from './interval.ts'
import type { Tried } from './validate.ts'

/** What validation gave. */
export interface Trials {
  /** By the mining port that was left out. */
  readonly portsLeftOut: ReadonlyMap<number, readonly Tried[]>
  readonly servicesLeftOut: readonly Tried[]
}

/** The tables of docs/flow-model.md by the name of their place. */
export function tables({ portsLeftOut, servicesLeftOut }: Trials): Map<string, string> {
  return new Map([
    ['operating-point', operatingPoint(portsLeftOut, servicesLeftOut)],
    ['curve', curveTable((group) => pooled(portsLeftOut, group))],
    ['curve-services', curveTable((group) => curveOf(servicesLeftOut, group))],
    ['precision', precision(pooled(portsLeftOut, ALL_LONG))],
  ])
}

/** Each port at the thresholds of the models that had not seen it; other flows were tried once for every port. */
export function pooled(portsLeftOut: ReadonlyMap<number, readonly Tried[]>, group: LengthClass): Point[] {
  const curves = [...portsLeftOut.values()].map((tried) => curveOf(tried, group))
  return (curves[0] ?? []).map(({ level }, at) => ({
    level,
    mining: sumOf(curves.flatMap((curve) => curve[at]?.mining ?? [])),
    other: sumOf(curves.flatMap((curve) => curve[at]?.other ?? [])),
  }))
}

function operatingPoint(
  portsLeftOut: ReadonlyMap<number, readonly Tried[]>,
  servicesLeftOut: readonly Tried[],
): string {
  return table(
    ['left out', 'recall', 'connections', '95 % interval', 'false alarms', 'recall, flows varied'],
    [
      ...[...portsLeftOut].map(([port, tried]) => operatingRow(`mining port ${port}`, tried)),
      operatingRow('a quarter of connections and services', servicesLeftOut),
    ],
  )
}

function operatingRow(name: string, tried: readonly Tried[]): string[] {
  const point = curveOf(tried, ALL_LONG).find(({ level }) => level === OPERATING_POINT)
  if (point === undefined || point.mining.tries === 0)
    return [name, 'no mining flow of at least 10 packets', '', '', '', '']
  const { mining, other } = point
  return [
    name,
    share(mining),
    `${mining.connections}`,
    interval(mining),
    `${share(other)}, ${interval(other)}`,
    share(variedRecall(tried, OPERATING_POINT)),
  ]
}

function curveTable(curve: (group: LengthClass) => readonly Point[]): string {
  const classes = [ALL_LONG, ...LENGTH_CLASSES, SHORT]
  const curves = classes.map((group) => ({ group, points: curve(group) }))
  const levels = curves[0]?.points ?? []
  return table(
    ['false alarms on 10 packets and more', ...classes.map(({ name }) => name)],
    levels.map(({ level }, at) => [
      percent(level),
      ...curves.map(({ points }) => {
        const point = points[at]
        if (point === undefined) return ''
        return `${rate(point.mining)} (${intervalOf(point.mining)}); ${rate(point.other)}`
      }),
    ]),
  )
}

function precision(points: readonly Point[]): string {
  return table(
    ['false alarms', 'recall', 'one flow in 1,000 mines', 'one flow in 10,000 mines'],
    points.map(({ level, mining }) => {
      const recall = mining.hits / mining.tries
      return [
        percent(level),
        percent(recall),
        percent(precisionAt(recall, level, 1000)),
        percent(precisionAt(recall, level, 10_000)),
      ]
    }),
  )
}

/** Flows of one connection are not independent: the interval is that of as many tries as there are connections. */
function intervalOf(count: Count): string {
  const { low, high } = wilson((count.hits / count.tries) * count.connections, count.connections)
  return `${percent(low)}–${percent(high)}`
}

function interval(count: Count): string {
  return count.tries === 0 ? '' : intervalOf(count)
}

function share({ hits, tries }: Count): string {
  return `${rate({ hits, tries, connections: 0 })} (${hits} of ${tries})`
}

function rate({ hits, tries }: Count): string {
  return tries === 0 ? '–' : percent(hits / tries)
}

function percent(value: number): string {
  const hundred = value * 100
  return `${hundred >= 99.95 || hundred === 0 ? hundred.toFixed(0) : hundred >= 10 ? hundred.toFixed(1) : hundred.toFixed(2)} %`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
