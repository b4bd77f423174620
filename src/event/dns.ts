import { z } from 'zod'
import { EventBase } from './base.ts'

/** A name looked up or answered (RFC 1035). OCSF: DNS Activity (4003). Sigma: category dns. */
export const DnsEvent = EventBase.extend({
  kind: z.literal('dns'),
  query: z.string().describe('lower case, without the last dot'),
  queryType: z.string(),
  isResponse: z.boolean(),
  responseCode: z.string().nullable(),
  answers: z.array(z.string()).describe('addresses and names'),
  srcIp: z.string().describe('the client that asked'),
  dstIp: z.string().describe('the resolver; empty where a log does not say'),
})
export type DnsEvent = z.infer<typeof DnsEvent>
