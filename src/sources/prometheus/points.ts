/** Only times that a calendar has: epoch seconds. */
export const MAX_SECONDS = 8e9

/** Moments (epoch ms) and what was measured at each, in the order of the series. */
export interface Points {
  readonly times: Float64Array
  readonly values: Float64Array
}

/** The points of a series: `[epoch seconds, "number"]` each. What is none is passed over. */
export function pointsOf(list: readonly unknown[]): Points {
  const times = new Float64Array(list.length)
  const values = new Float64Array(list.length)
  let length = 0
  for (const one of list) {
    if (!Array.isArray(one) || one.length !== 2) continue
    const [seconds, text] = one as readonly unknown[]
    if (typeof seconds !== 'number' || typeof text !== 'string') continue
    const value = Number(text)
    if (!Number.isFinite(value) || !(seconds > 0 && seconds < MAX_SECONDS)) continue
    times[length] = seconds * 1000
    values[length] = value
    length++
  }
  return length === list.length
    ? { times, values }
    : { times: times.slice(0, length), values: values.slice(0, length) }
}
