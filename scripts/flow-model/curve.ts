import { isLong, thresholdAt, type Tried } from './validate.ts'

/** Shares of false alarms that are told. */
export const LEVELS = [0.002, 0.005, 0.01, 0.02, 0.05] as const
/** The one that probability 0.5 stands for. */
export const OPERATING_POINT = 0.005

export interface LengthClass {
  readonly name: string
  readonly from: number
  readonly to: number
}

export const LENGTH_CLASSES: readonly LengthClass[] = [
  { name: '10–14 packets', from: 10, to: 14 },
  { name: '15–29 packets', from: 15, to: 29 },
  { name: '30 packets', from: 30, to: 30 },
]
export const SHORT: LengthClass = { name: 'under 10 packets', from: 1, to: 9 }
export const ALL_LONG: LengthClass = { name: '10 packets and more', from: 10, to: 30 }

/** How many of how many flows were above the threshold; `connections` of them are told apart. */
export interface Count {
  readonly hits: number
  readonly tries: number
  readonly connections: number
}

export interface Point {
  readonly level: number
  readonly mining: Count
  readonly other: Count
}

/** Recall and false alarms of flows of a length, at thresholds placed on all flows of at least 10 packets. */
export function curveOf(tried: readonly Tried[], { from, to }: LengthClass): Point[] {
  const inClass = tried.filter(({ flow }) => flow.packets.length >= from && flow.packets.length <= to)
  return LEVELS.map((level) => {
    const threshold = thresholdAt(tried, level)
    return {
      level,
      mining: countOf(inClass, threshold, true),
      other: countOf(inClass, threshold, false),
    }
  })
}

/** The same of the flows varied: inside TLS, slower, joined later. */
export function variedRecall(tried: readonly Tried[], level: number): Count {
  const threshold = thresholdAt(tried, level)
  const varied = tried.filter(isLong).map((one) => ({ ...one, score: one.variedScore }))
  return countOf(varied, threshold, true)
}

/** Counts of several trials together. */
export function sumOf(counts: readonly Count[]): Count {
  return counts.reduce((sum, count) => ({
    hits: sum.hits + count.hits,
    tries: sum.tries + count.tries,
    connections: sum.connections + count.connections,
  }))
}

function countOf(tried: readonly Tried[], threshold: number, isMiner: boolean): Count {
  const own = tried.filter(({ flow }) => flow.isMiner === isMiner)
  return {
    hits: own.filter(({ score }) => score > threshold).length,
    tries: own.length,
    connections: new Set(own.map(({ flow }) => flow.group)).size,
  }
}
