import { z } from 'zod'
import { EventBase } from './base.ts'

/** One request as a server, a proxy or a sensor logged it. OCSF: HTTP Activity (4002). Sigma: category webserver, proxy. */
export const HttpEvent = EventBase.extend({
  kind: z.literal('http'),
  role: z.enum(['server', 'client']).describe('the subject answered (access log) or asked (sensor, proxy)'),
  srcIp: z.string().nullable(),
  srcHost: z.string().nullable(),
  dstIp: z.string().nullable(),
  dstPort: z.int().nullable(),
  user: z.string().nullable(),
  method: z.string().nullable(),
  host: z.string().nullable(),
  path: z.string().describe('path as sent, without the query'),
  query: z.string().nullable().describe('as sent, without the question mark'),
  protocol: z.string().nullable(),
  status: z.int().nullable(),
  bytes: z.number().nullable().describe('of the answer'),
  seconds: z.number().nullable().describe('until the answer was sent, where the log tells'),
  referrer: z.string().nullable(),
  userAgent: z.string().nullable(),
})
export type HttpEvent = z.infer<typeof HttpEvent>
