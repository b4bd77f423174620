import type { EvidenceWriter } from '../evidence-file.ts'

export interface RangeSeries {
  /** Labels of the series; `__name__` first where the query kept it. */
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly number[]
}

/**
 * What Prometheus answers to `/api/v1/query_range` (docs, "HTTP API"): a matrix of series over the same steps.
 * Times are seconds, values are text as Go's `strconv.FormatFloat(v, 'f', -1, 64)` gives it.
 */
export function writeRangeAnswer(
  file: EvidenceWriter,
  timesMs: readonly number[],
  series: readonly RangeSeries[],
): void {
  file.writeText('{"status":"success","data":{"resultType":"matrix","result":[')
  for (const [i, { metric, values }] of series.entries()) {
    const points = values.map((value, at) => `[${seconds(timesMs[at] ?? 0)},"${decimal(value)}"]`)
    file.writeText(`${i === 0 ? '' : ','}{"metric":${JSON.stringify(metric)},"values":[${points.join(',')}]}`)
  }
  file.writeText(']}}\n')
  file.flush()
}

function seconds(timeMs: number): string {
  return String(Math.round(timeMs) / 1000)
}

/** JavaScript's shortest form, without its exponent for small numbers. */
function decimal(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(20).replace(/0+$/u, '').replace(/\.$/u, '') : text
}
