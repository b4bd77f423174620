import { z } from 'zod'

/**
 * What really happened, to judge a reading of its evidence against. Written by `davylamp range`, or by hand:
 * what is not known is left out, and is then not judged. Times are RFC 3339 with a zone (the range writes UTC with
 * microseconds), hash rates H/s, money USD. Fields are only ever added, so an older truth stays valid.
 */
export const TRUTH_SCHEMA = 'https://davylamp.dev/schemas/truth/v1'

const Time = z.iso.datetime({ offset: true, error: 'not an RFC 3339 time' }).describe('RFC 3339')

export const TrueWayIn = z.object({
  kind: z.string().describe('ssh-password, ssh-key …'),
  time: Time.describe('of the login or exploit that got them in'),
  srcIp: z.string().nullable().optional(),
  srcPort: z.int().optional(),
  user: z.string().nullable().optional(),
  occupant: z.string().optional().describe('whose it was'),
  tries: z.int().nonnegative().optional().describe('failed logins from that address before'),
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

const TrueMining = z.object({
  pool: z.object({ name: z.string(), ip: z.string(), port: z.int() }),
  coin: z.string(),
  algorithm: z.string(),
  hashrate: z.number().describe('true mean, H/s'),
  sharesSubmitted: z.int(),
  sharesAccepted: z.int(),
  sharesRejected: z.int(),
  expectedHashes: z.number().describe('sum of the difficulty of accepted shares'),
})

/** One occupant's hold on one machine, from the start of its miner to its end. */
export const TrueTenure = z.object({
  occupant: z.string(),
  start: Time,
  end: Time.describe('of the tenure, or of the evidence where it goes on'),
  isOngoing: z.boolean().optional(),
  mining: TrueMining.optional(),
})
export type TrueTenure = z.infer<typeof TrueTenure>

/** The machine goes from the hands of one occupant into those of another. */
export const TrueChange = z.object({
  time: Time,
  from: z.string(),
  to: z.string(),
  how: z.array(z.string()).optional(),
})
export type TrueChange = z.infer<typeof TrueChange>

export const TrueFile = z.object({
  path: z.string(),
  time: Time,
  what: z.string().describe('miner, cron, authorized-keys …'),
  how: z.enum(['created', 'overwritten', 'remove-failed']),
})
export type TrueFile = z.infer<typeof TrueFile>

export const TrueCost = z.object({
  instanceType: z.string().optional(),
  region: z.string().optional(),
  usdPerHour: z.number().optional().describe('on demand, Linux'),
  heldSeconds: z.number().optional(),
  usdHeld: z.number().nonnegative().describe('price of the hours held'),
  cpuShare: z.number().optional().describe('mean share of the CPU taken while held, 0 to 1'),
  usdBurst: z
    .number()
    .nonnegative()
    .optional()
    .describe(
      'surplus CPU credits that intruders caused, charged or owed, on top of usdHeld; saved credits are spent first',
    ),
})
export type TrueCost = z.infer<typeof TrueCost>

export const TrueMachine = z.object({
  name: z.string(),
  id: z.string().optional().describe('instance id'),
  names: z.array(z.string()).optional().describe('more names it goes by'),
  addresses: z.array(z.string()).optional(),
  wayIn: TrueWayIn.nullable()
    .optional()
    .describe('the first one; null: nobody got in, or nobody knows how where there are tenures'),
  laterWaysIn: z.array(TrueWayIn).optional(),
  pressure: z.array(TruePressure).optional(),
  tenures: z.array(TrueTenure).optional().describe('left out: nobody held it'),
  changes: z.array(TrueChange).optional(),
  files: z.array(TrueFile).optional().describe('what intruders wrote or tried to remove'),
  cost: TrueCost.optional(),
})
export type TrueMachine = z.infer<typeof TrueMachine>

export const TrueOccupant = z.object({
  id: z.string(),
  family: z.string().nullable().optional(),
  skill: z.string().optional().describe('low, medium, high'),
  wallets: z.array(z.string()).optional(),
  addresses: z.array(z.string()).optional().describe('they came from, downloaded from, mined to'),
  artefacts: z.array(z.object({ type: z.string(), value: z.string() })).optional(),
})
export type TrueOccupant = z.infer<typeof TrueOccupant>

/** The same hands on several machines. */
export const TrueCampaign = z.object({
  id: z.string(),
  occupants: z.array(z.string()),
  machines: z.array(z.string()).describe('by name'),
  sharedBy: z.string().optional().describe('what joins them: wallet, key, download host …'),
})

/** Somebody reached a machine from another one that it held. */
export const TrueSpread = z.object({
  occupant: z.string(),
  from: z.string().describe('machine, by name'),
  to: z.string(),
  time: Time,
})
export type TrueSpread = z.infer<typeof TrueSpread>

/** Access that was handed on: others came in with it. */
export const TrueSale = z.object({
  seller: z.string().describe('occupant'),
  machine: z.string().describe('by name'),
  srcIp: z.string().describe('where the buyer came from'),
  time: Time.describe('of the buyer’s login'),
})
export type TrueSale = z.infer<typeof TrueSale>

export const EvidencePeriod = z.object({
  path: z.string(),
  kind: z.string().describe('capture, sshd, auditd …'),
  machine: z.string(),
  from: Time,
  to: Time,
  clockSkewSeconds: z.number().optional().describe('how far the clock that stamped it was ahead'),
  isDamaged: z.boolean().optional().describe('lines cut or lost within the period'),
})
export type EvidencePeriod = z.infer<typeof EvidencePeriod>

export const Truth = z.object({
  schema: z.literal(TRUTH_SCHEMA),
  seed: z.int().optional(),
  from: Time.optional(),
  to: Time.optional(),
  machines: z
    .array(TrueMachine)
    .describe('all that there is evidence about, also those that nobody got into'),
  occupants: z.array(TrueOccupant).optional(),
  campaigns: z.array(TrueCampaign).optional(),
  spread: z.array(TrueSpread).optional(),
  sales: z.array(TrueSale).optional(),
  evidence: z.array(EvidencePeriod).optional(),
})
export type Truth = z.infer<typeof Truth>

type Told<T> = { [Field in keyof T]-?: Exclude<T[Field], undefined> }

/** A machine of the range: everything is known about it. */
export interface StagedMachine extends Told<Omit<TrueMachine, 'names' | 'laterWaysIn' | 'tenures' | 'cost'>> {
  tenures: StagedTenure[]
  cost: Told<Omit<TrueCost, 'cpuShare' | 'usdBurst'>>
}
export type StagedTenure = Told<TrueTenure>

/** The truth of a scene that the range staged. */
export interface StagedTruth extends Told<
  Omit<Truth, 'campaigns' | 'machines' | 'occupants' | 'sales' | 'spread'>
> {
  machines: StagedMachine[]
  occupants: TrueOccupant[]
}

export function truthTime(timeMs: number): string {
  const wholeMs = Math.floor(timeMs)
  const micros = Math.min(999, Math.floor((timeMs - wholeMs) * 1000))
  return `${new Date(wholeMs).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`
}
