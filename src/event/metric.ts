import { z } from 'zod'
import { EventBase } from './base.ts'

/** What is measured, whoever measures it; each with its unit in the name where it has one. */
export const METRIC_NAMES = [
  'load-1',
  'load-5',
  'load-15',
  'pressure-cpu-share',
  'throttled-share',
  'cpu-credit-balance',
  'cpu-credits-used',
  'cpu-surplus-credit-balance',
  'cpu-surplus-credits-charged',
  'response-seconds',
] as const
export const MetricName = z.enum(METRIC_NAMES)
export type MetricName = z.infer<typeof MetricName>

/**
 * One measured number of a machine or a service, from `start` to `time`. A credit is a minute of one processor at full
 * load (AWS, burstable instances).
 */
export const MetricEvent = EventBase.extend({
  kind: z.literal('metric'),
  name: MetricName,
  producerName: z.string().describe('as who measured it calls it: CPUCreditBalance, node_load1'),
  start: z.number().describe('epoch ms; equal to `time` for a reading of one moment'),
  value: z.number(),
  statistic: z.enum(['mean', 'sum', 'maximum', 'minimum', 'last']),
})
export type MetricEvent = z.infer<typeof MetricEvent>
