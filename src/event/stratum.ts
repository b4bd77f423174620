import { z } from 'zod'
import { EventBase } from './base.ts'

/**
 * What a pool-mining dialogue had told up to `time`: cumulative counts, repeated as the dialogue goes
 * on and once more at its end. `start` (epoch ms, first packet) and the endpoints name the dialogue,
 * so a reader keeps the newest and never adds two of the same dialogue. `src` is the miner.
 */
export const StratumEvent = EventBase.extend({
  kind: z.literal('stratum'),
  phase: z.enum(['opened', 'progress', 'closed']),
  communityId: z.string(),
  srcIp: z.string(),
  srcPort: z.int(),
  dstIp: z.string(),
  dstPort: z.int(),
  start: z.number(),
  dialect: z.enum(['cryptonote', 'bitcoin', 'ethereum', 'ethereum-stratum', 'equihash', 'unknown']),
  coin: z.string().nullable().describe('ticker in capitals (XMR, BTC, ETH, ZEC), where the dialogue tells'),
  algorithm: z.string().nullable(),
  agent: z.string().nullable().describe('miner software as it names itself'),
  login: z.string().nullable().describe('wallet or account'),
  worker: z.string().nullable(),
  sharesSubmitted: z.int(),
  sharesAccepted: z.int(),
  sharesRejected: z.int(),
  expectedHashes: z.number().describe('sum of the difficulty of accepted shares: hashes that took'),
  hashesVariance: z
    .number()
    .optional()
    .describe('of expectedHashes: sum of the squares of the difficulties, where they are known'),
  confidence: z.number().min(0).max(1),
  reasons: z.array(z.string()).describe('what in the dialogue shows mining, shortest first'),
  poolName: z
    .string()
    .optional()
    .describe(
      'host:port (or host) by which the miner itself asked for the pool: of a proxy, in HTTP, in its greeting',
    ),
  resolvedFrom: z
    .string()
    .optional()
    .describe('the name by which the miner had looked the pool up, where DNS was seen'),
})
export type StratumEvent = z.infer<typeof StratumEvent>
