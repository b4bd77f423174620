import { z } from 'zod'

/**
 * What really happened on a stage, to judge a reading of its evidence against. Times are RFC 3339 UTC
 * with microseconds, hash rates H/s, money USD. Written by `davylamp range`, or by hand.
 */
export const TRUTH_SCHEMA = 'https://davylamp.dev/schemas/truth/v1'

const Time = z.string().describe('RFC 3339, UTC, microseconds')

export const TrueWayIn = z.object({
  kind: z.string().describe('ssh-password, ssh-key …'),
  time: Time.describe('of the login or exploit that got them in'),
  srcIp: z.string(),
  srcPort: z.int().optional(),
  user: z.string().nullable(),
  tries: z.int().nonnegative().describe('failed logins from that address before'),
})
export type TrueWayIn = z.infer<typeof TrueWayIn>

/** Attempts that are not an incident by themselves. */
export const TruePressure = z.object({
  kind: z.string().describe('ssh-guessing …'),
  tries: z.int(),
  sources: z.array(z.object({ ip: z.string(), tries: z.int() })),
  firstSeen: Time,
  lastSeen: Time,
})
export type TruePressure = z.infer<typeof TruePressure>

/** One occupant's hold on one machine, from the start of its miner to its end. */
export const TrueTenure = z.object({
  occupant: z.string(),
  start: Time,
  end: Time.describe('of the tenure, or of the evidence where it goes on'),
  isOngoing: z.boolean(),
  mining: z.object({
    pool: z.object({ name: z.string(), ip: z.string(), port: z.int() }),
    coin: z.string(),
    algorithm: z.string(),
    hashrate: z.number().describe('true mean, H/s'),
    sharesSubmitted: z.int(),
    sharesAccepted: z.int(),
    sharesRejected: z.int(),
    expectedHashes: z.number().describe('sum of the difficulty of accepted shares'),
  }),
})
export type TrueTenure = z.infer<typeof TrueTenure>

const TrueChange = z.object({
  time: Time,
  from: z.string(),
  to: z.string(),
  how: z.array(z.string()),
})

export const TrueFile = z.object({
  path: z.string(),
  time: Time,
  what: z.string().describe('miner, cron, authorized-keys …'),
  how: z.enum(['created', 'overwritten', 'remove-failed']),
})
export type TrueFile = z.infer<typeof TrueFile>

const TrueCost = z.object({
  instanceType: z.string(),
  region: z.string(),
  usdPerHour: z.number().describe('on demand, Linux'),
  heldSeconds: z.number(),
  usdHeld: z.number().describe('price of the hours held'),
})

export const TrueMachine = z.object({
  name: z.string(),
  id: z.string().describe('instance id'),
  addresses: z.array(z.string()),
  wayIn: TrueWayIn.nullable(),
  pressure: z.array(TruePressure),
  tenures: z.array(TrueTenure),
  changes: z.array(TrueChange),
  files: z.array(TrueFile).describe('what intruders wrote or tried to remove'),
  cost: TrueCost,
})
export type TrueMachine = z.infer<typeof TrueMachine>

const TrueOccupant = z.object({
  id: z.string(),
  family: z.string().nullable(),
  wallets: z.array(z.string()),
  addresses: z.array(z.string()).describe('they came from, downloaded from, mined to'),
})

export const EvidencePeriod = z.object({
  path: z.string(),
  kind: z.string().describe('capture, sshd, auditd …'),
  machine: z.string(),
  from: Time,
  to: Time,
})
export type EvidencePeriod = z.infer<typeof EvidencePeriod>

export const Truth = z.object({
  schema: z.literal(TRUTH_SCHEMA),
  seed: z.int(),
  from: Time,
  to: Time,
  machines: z.array(TrueMachine),
  occupants: z.array(TrueOccupant),
  evidence: z.array(EvidencePeriod),
})
export type Truth = z.infer<typeof Truth>

export function truthTime(timeMs: number): string {
  const wholeMs = Math.floor(timeMs)
  const micros = Math.min(999, Math.floor((timeMs - wholeMs) * 1000))
  return `${new Date(wholeMs).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`
}
