import { z } from 'zod'
import { Severity, Stage } from '../event/finding.ts'

/**
 * The story of an investigation: what every output renders, and with `--format json` the contract
 * itself. Times are RFC 3339 UTC with microseconds, money is USD, hash rates are H/s, durations seconds.
 * All text in it is already masked (unless the user asked otherwise) and free of control characters;
 * every renderer still escapes it for where it goes.
 */

export const SCHEMA = 'https://davylamp.dev/schemas/investigation/v1'

const Time = z.string().describe('RFC 3339, UTC, microseconds')

export const Proof = z.object({
  source: z.string(),
  file: z.string(),
  line: z.int().optional(),
  packet: z.int().optional(),
  recordId: z.string().optional(),
  offset: z.number(),
  time: Time,
  raw: z.string().describe('as it stands there: escaped, masked, at most 512 bytes'),
})
export type Proof = z.infer<typeof Proof>

export const InputEntry = z.object({
  file: z.string(),
  format: z.string(),
  storedBytes: z.number().nullable(),
  bytes: z.number(),
  records: z.int(),
  bad: z.int(),
  unused: z.int(),
  duplicates: z.int(),
  late: z.int(),
  from: Time.nullable(),
  to: Time.nullable(),
  decisions: z.array(z.string()),
  problems: z.array(z.string()),
})
export type InputEntry = z.infer<typeof InputEntry>

export const SkippedEntry = z.object({ file: z.string(), reason: z.string() })
export type SkippedEntry = z.infer<typeof SkippedEntry>

export const AssetName = z.object({
  id: z.string(),
  names: z.array(z.string()).describe('host name first, then addresses, instance id …'),
})
export type AssetName = z.infer<typeof AssetName>

export const CoverageEntry = z.object({
  asset: z.string(),
  kind: z.string().describe('kind of evidence: network, login, process …'),
  from: Time.nullable(),
  to: Time.nullable(),
  note: z.string(),
})
export type CoverageEntry = z.infer<typeof CoverageEntry>

export const WayIn = z.object({
  kind: z.string().describe('ssh-password, ssh-key …'),
  time: Time,
  srcIp: z.string().nullable(),
  user: z.string().nullable(),
  confidence: z.number(),
  evidence: z.array(Proof),
})
export type WayIn = z.infer<typeof WayIn>

export const Artefact = z.object({ type: z.string(), value: z.string(), evidence: z.array(Proof) })
export type Artefact = z.infer<typeof Artefact>

export const Occupant = z.object({
  id: z.string().describe('unknown-1 … or wallet based'),
  family: z.string().nullable().describe('gang it is like, as public descriptions know it'),
  familyConfidence: z.number(),
  wayIn: WayIn.nullable().optional().describe('how it came in, where a login is known to be its own'),
  reasons: z.array(z.string()),
  artefacts: z.array(Artefact),
})
export type Occupant = z.infer<typeof Occupant>

export const Tenure = z.object({
  occupant: z.string(),
  start: Time,
  end: Time,
  startKnown: z.boolean(),
  endKnown: z.boolean(),
  confidence: z.number(),
  hashrate: z.number().nullable(),
  sharesAccepted: z.int().nullable(),
  evidence: z.array(Proof),
})
export type Tenure = z.infer<typeof Tenure>

export const Change = z.object({
  time: Time,
  from: z.string(),
  to: z.string(),
  how: z.array(z.string()),
  confidence: z.number(),
  evidence: z.array(Proof),
})
export type Change = z.infer<typeof Change>

export const Money = z.object({
  usdSoFar: z.number().nullable(),
  usdPerHour: z.number().nullable(),
  usdPerMonth: z.number().nullable(),
  timesNormal: z.number().nullable(),
  basis: z.string().describe('how it was reckoned, with every assumption'),
  assumedType: z
    .string()
    .optional()
    .describe('instance type whose price was taken because that of the machine is not known'),
  stolenShare: z
    .number()
    .nullable()
    .optional()
    .describe("of the machine's processors, taken from its owner's work: 0 to 1; null where nobody can say"),
})
export type Money = z.infer<typeof Money>

export const StoryFinding = z.object({
  id: z.string(),
  detector: z.string(),
  rule: z.string().optional().describe('id of the rule, where a rule concluded it'),
  title: z.string(),
  severity: Severity,
  confidence: z.number(),
  stage: Stage,
  attack: z.array(z.object({ id: z.string(), name: z.string(), v18: z.string().nullable() })),
  firstSeen: Time,
  lastSeen: Time,
  count: z.int(),
  evidence: z.array(Proof),
})
export type StoryFinding = z.infer<typeof StoryFinding>

/** One sentence of the story; `time` places it on the timeline, null for the summary. */
export const Sentence = z.object({ text: z.string(), time: Time.nullable(), evidence: z.array(Proof) })
export type Sentence = z.infer<typeof Sentence>

export const ToDo = z.object({ text: z.string(), command: z.string().optional() })
export type ToDo = z.infer<typeof ToDo>

/** A row of small bars under the timeline: `values` are equal steps from `from` to `to`, any unit. */
export const Strip = z.object({
  label: z.string(),
  kind: z
    .enum(['guessing', 'cpu', 'cost', 'response'])
    .optional()
    .describe('tries; busy share 0–1 of the machine; USD an hour; seconds per request'),
  from: Time,
  to: Time,
  stepSeconds: z.number().optional(),
  values: z.array(z.number()).describe('0 = nothing, or not measured'),
  max: z.number().optional().describe('what a full bar stands for; absent = the highest value'),
})
export type Strip = z.infer<typeof Strip>

export const IncidentEntry = z.object({
  id: z.string(),
  aliases: z.array(z.string()),
  asset: AssetName,
  severity: Severity,
  status: z.enum(['ongoing', 'ended', 'unknown']),
  firstSeen: Time,
  lastSeen: Time,
  title: z.string(),
  summary: z
    .array(Sentence)
    .describe('two to four sentences that answer: who, how, since when, what it means'),
  wayIn: WayIn.nullable(),
  occupants: z.array(Occupant),
  tenures: z.array(Tenure),
  changes: z.array(Change),
  reach: z.array(z.object({ what: z.string(), kind: z.string(), evidence: z.array(Proof) })),
  money: Money,
  findings: z.array(StoryFinding),
  sentences: z.array(Sentence).describe('the timeline, in time order'),
  strips: z.array(Strip),
  todo: z.array(ToDo),
})
export type IncidentEntry = z.infer<typeof IncidentEntry>

/** The same hands on several machines: they share what is so much their own that it is no chance. */
export const CampaignEntry = z.object({
  id: z.string(),
  name: z.string().describe('of the occupant, as the machines call it'),
  occupants: z.array(z.object({ incident: z.string(), asset: z.string(), occupant: z.string() })),
  sharedBy: z.array(z.object({ type: z.string(), value: z.string(), assets: z.array(z.string()) })),
  spread: z.array(
    z.object({ from: z.string(), to: z.string(), time: Time, how: z.string(), evidence: z.array(Proof) }),
  ),
})
export type CampaignEntry = z.infer<typeof CampaignEntry>

export const PressureEntry = z.object({
  asset: z.string(),
  kind: z.string(),
  count: z.int(),
  sources: z.int().describe('addresses it came from'),
  sourceIps: z.array(z.string()).describe('at most 1,000, busiest first'),
  firstSeen: Time,
  lastSeen: Time,
})
export type PressureEntry = z.infer<typeof PressureEntry>

/** A finding that makes no incident: nobody is shown to have got in, but somebody should know. */
export const AttentionEntry = StoryFinding.extend({ asset: z.string() })
export type AttentionEntry = z.infer<typeof AttentionEntry>

/** Something that costs, or works, far more than is normal for it. It never says by itself that somebody mines. */
export const SpendingEntry = z.object({
  id: z.string(),
  kind: z
    .enum(['jump', 'first-spend', 'load'])
    .describe('bill: far above its own normal, or never paid for before; load: of a machine'),
  title: z.string(),
  severity: Severity,
  likeness: z
    .enum(['strong', 'some', 'little', 'unknown'])
    .describe('how much it looks as mining would look; what makes it is not in such evidence'),
  confidence: z.number().describe('a judgement, not a measurement: below 0.5, whatever it looks like'),
  why: z.string(),
  asset: z.string().nullable(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  resources: z.array(z.string()).describe('what it is charged for, at most 10'),
  parts: z
    .array(
      z.object({
        service: z.string().nullable(),
        usageType: z.string().nullable(),
        instanceType: z.string().nullable(),
        amountPerDay: z.number(),
        normalPerDay: z.number(),
      }),
    )
    .describe('of a bill: what has risen, at most 5'),
  since: Time,
  until: Time,
  isOngoing: z.boolean(),
  currency: z.string().nullable(),
  amountPerDay: z.number().nullable(),
  normalPerDay: z.number().nullable(),
  timesNormal: z.number().nullable().describe('null: nothing was normal before, or it is not money'),
  beyond: z.number().nullable().describe('money beyond normal in all of that time, in `currency`'),
  sentences: z.array(z.string()),
  evidence: z.array(Proof),
  todo: z.array(ToDo).describe('what evidence to fetch next'),
})
export type SpendingEntry = z.infer<typeof SpendingEntry>

export const AssetEntry = z.object({
  id: z.string(),
  names: z.array(z.string()),
  status: z
    .enum(['occupied', 'intruded', 'pressure', 'clean', 'not-judged'])
    .describe(
      'clean: nothing found, in evidence that would have shown mining; not-judged: nothing found in what could be seen, and that was not enough',
    ),
  reason: z.string(),
  joins: z.array(z.string()).describe('why its names are taken for one machine'),
  toJudge: z.array(ToDo).optional().describe('of not-judged: what would make a verdict possible'),
})
export type AssetEntry = z.infer<typeof AssetEntry>

export const Investigation = z.object({
  schema: z.literal(SCHEMA),
  generatedAt: Time,
  tool: z.object({ name: z.literal('davylamp'), version: z.string() }),
  inputs: z.array(InputEntry),
  skipped: z.array(SkippedEntry),
  coverage: z.array(CoverageEntry),
  assets: z.array(AssetEntry),
  incidents: z.array(IncidentEntry).describe('the most expensive first'),
  campaigns: z.array(CampaignEntry).describe('the same hands on several machines'),
  pressure: z.array(PressureEntry),
  attention: z
    .array(AttentionEntry)
    .describe(
      'worth a look, in no incident: rules, alerts of other sensors, likenesses; gravest first, at most 500',
    ),
  spending: z
    .array(SpendingEntry)
    .optional()
    .describe(
      'what costs or works far more than is normal, in no incident; what looks most like mining first',
    ),
  suppressed: z.array(z.object({ what: z.string(), reason: z.string(), count: z.int() })),
  notes: z.array(z.string()).describe('clock skew, assumptions, limits reached: what the reader must know'),
})
export type Investigation = z.infer<typeof Investigation>
