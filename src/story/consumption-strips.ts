import type { Consumed } from '../cost/consumption.ts'
import { burstOf, steadySurplusUsdPerHour } from '../cost/burst.ts'
import { niceStep, type StepSeries } from '../cost/step-series.ts'
import type { Incident } from '../incidents/incident.ts'
import { formatTime } from '../text/time.ts'
import type { Money, Strip } from './document.ts'

/** As many points as a wide page has pixels to spare for. */
const MAX_STEPS = 240
const MINUTE_MS = 60_000
/** Of the time before, so much is shown that what is normal can be seen. */
const LEAD_SHARE = 0.15
const MIN_LEAD_MS = 30 * MINUTE_MS
/** A measured zero is no gap. */
const LEAST = 0.001

/** How busy the machine was around an incident, how slow its service, and what its hours cost: what shows that somebody else worked on it. */
export function consumptionStrips(incident: Incident, consumed: Consumed | null, money: Money): Strip[] {
  if (consumed === null) return []
  const lead = Math.max(MIN_LEAD_MS, (incident.lastSeen - incident.firstSeen) * LEAD_SHARE)
  const range = { from: incident.firstSeen - lead, to: incident.lastSeen }
  const cpu = stripOf('cpu', 'CPU', consumed.cpu, range, (value) => value)
  const strips = cpu === null ? [] : [{ ...cpu, max: 1 }]
  const cost = cpu === null ? null : costStrip(incident, cpu, money)
  if (cost !== null) strips.push(cost)
  const slow =
    consumed.responses === null ? null : stripOf('response', 'slowness', consumed.responses, range, Math.exp)
  return slow === null ? strips : [...strips, slow]
}

/** USD an hour at the load of each step: it moves on machines that are billed for their load. */
function costStrip(incident: Incident, cpu: Strip, money: Money): (Strip & { max: number }) | null {
  const burst = burstOf(incident.asset.machine?.instanceType ?? null)
  if (burst?.surplusUsdPerVcpuHour === null || burst === null || money.usdPerHour === null) return null
  const most = steadySurplusUsdPerHour(burst, 1)
  const now = steadySurplusUsdPerHour(burst, cpu.values.at(-1) ?? 0)
  const price = Math.max(0, money.usdPerHour - now)
  const values = cpu.values.map((busy) => (busy === 0 ? 0 : price + steadySurplusUsdPerHour(burst, busy)))
  return { ...cpu, kind: 'cost', label: 'cost', values, max: price + most }
}

function stripOf(
  kind: NonNullable<Strip['kind']>,
  label: string,
  series: StepSeries,
  { from, to }: { from: number; to: number },
  valueOf: (mean: number) => number,
): Strip | null {
  const stepMs = niceStep(to - from, MAX_STEPS, series.stepMs)
  const begin = Math.floor(Math.max(from, series.from ?? from) / stepMs) * stepMs
  const count = Math.min(MAX_STEPS + 1, Math.ceil((to - begin) / stepMs))
  if (!(count > 1)) return null
  const values = Array.from({ length: count }, (_, index) => {
    const mean = series.mean(begin + index * stepMs, begin + (index + 1) * stepMs)
    return mean === null ? 0 : Math.max(LEAST, valueOf(mean.value))
  })
  if (values.every((value) => value === 0)) return null
  return {
    kind,
    label,
    from: formatTime(begin),
    to: formatTime(begin + count * stepMs),
    stepSeconds: stepMs / 1000,
    values,
  }
}
