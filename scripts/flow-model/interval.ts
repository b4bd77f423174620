const Z_95 = 1.959964

export interface Interval {
  readonly low: number
  readonly high: number
}

/** 95 % interval of a share (Wilson 1927). */
export function wilson(hits: number, tries: number): Interval {
  if (tries === 0) return { low: 0, high: 1 }
  const share = hits / tries
  const z2 = Z_95 * Z_95
  const centre = (share + z2 / (2 * tries)) / (1 + z2 / tries)
  const half = (Z_95 / (1 + z2 / tries)) * Math.sqrt((share * (1 - share)) / tries + z2 / (4 * tries * tries))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/** Share of alarms that are right, where one flow in `oneIn` mines. */
export function precisionAt(recall: number, falseAlarms: number, oneIn: number): number {
  const right = recall / oneIn
  return right / (right + falseAlarms * (1 - 1 / oneIn))
}
