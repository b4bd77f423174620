import { z } from 'zod'

/** What `davylamp wire` prints of one TCP connection. */
export const ConversationDocument = z.object({
  id: z.string().describe('from the ends and the time of the first packet: the same input gives the same id'),
  phase: z
    .enum(['opened', 'progress', 'closed'])
    .optional()
    .describe('live only: an object with the same id replaces the one before'),
  file: z.string().describe('as given on the command line; the interface when watching live'),
  client: z
    .object({ ip: z.string().nullable(), port: z.int() })
    .describe('the miner, else who opened the connection'),
  server: z.object({
    ip: z.string().nullable().describe('null where flows were exported without addresses'),
    port: z.int(),
    name: z.string().nullable().describe('as the client was seen asking for it; never looked up'),
  }),
  transport: z.string().describe('what carries the dialogue: tcp, tls, websocket …'),
  dialect: z.string().nullable(),
  coin: z.string().nullable().describe('ticker, where the dialogue tells'),
  algorithm: z.string().nullable(),
  agent: z.string().nullable(),
  login: z.string().nullable(),
  worker: z.string().nullable(),
  sharesSubmitted: z.int(),
  sharesAccepted: z.int(),
  sharesRejected: z.int(),
  expectedHashes: z.number().describe('hashes that the accepted shares took on average'),
  hashrate: z.number().nullable().describe('H/s; null below 3 accepted shares or a minute'),
  hashrateError: z.number().nullable().describe('one standard error, H/s'),
  hashrate15m: z
    .number()
    .nullable()
    .describe('H/s in the last quarter of an hour before `lastSeen`; null below 3 shares in it, or a minute'),
  hashrate15mError: z.number().nullable().describe('one standard error, H/s'),
  coins: z.number().nullable().describe('earned on average; null unless --difficulty and --reward say what'),
  usd: z.number().nullable().describe('null unless --price says what a coin is worth'),
  firstSeen: z.string().nullable().describe('RFC 3339, UTC; null where it is not known'),
  lastSeen: z.string().nullable(),
  packets: z.int(),
  bytesOut: z.number().describe('bytes of IP packets, client to server'),
  bytesIn: z.number(),
  confidence: z.number().min(0).max(1),
  verdict: z.enum(['mining', 'suspect', 'none']).describe('mining from 0.5 on'),
  reasons: z.array(z.string()),
  miningProbability: z
    .number()
    .nullable()
    .optional()
    .describe('what the flow model says, where it was asked'),
  communityId: z.string().nullable(),
  origin: z.object({
    source: z.string(),
    file: z.string(),
    line: z.int().positive().optional(),
    packet: z.int().positive().optional(),
    offset: z.number().nonnegative(),
    raw: z.string().describe('the line that first showed mining, escaped and masked, at most 512 bytes'),
  }),
})
export type ConversationDocument = z.infer<typeof ConversationDocument>
