import { z } from 'zod'
import { Identifier } from './identifier.ts'
import { Evidence } from './origin.ts'

/** `low` is pressure or hygiene, `medium` a probable foothold, `high` very likely, `critical` mining or takeover going on. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const
export const Severity = z.enum(SEVERITIES)
export type Severity = z.infer<typeof Severity>

export function isAtLeast(severity: Severity, floor: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(floor)
}

/**
 * Where a finding stands in an intrusion. Only `pressure` and `context` leave a machine unharmed;
 * `context` (an administrator could have done it) joins an incident but never makes one.
 */
export const Stage = z.enum([
  'pressure',
  'context',
  'way-in',
  'foothold',
  'persistence',
  'evasion',
  'takeover',
  'mining',
])
export type Stage = z.infer<typeof Stage>

/** Guessing at logins, or the login that followed it. `service` is sshd, su … */
export const LoginFacts = z.object({
  type: z.literal('login'),
  service: z.string(),
  srcIps: z.array(z.string()).describe('at most 20, busiest first'),
  sourceCount: z.int(),
  users: z.array(z.string()).describe('at most 20, most tried first'),
  userCount: z.int(),
  tries: z.int(),
  method: z.string().nullable(),
  style: z.enum(['fast', 'slow', 'spray', 'success']),
  pid: z.int().nullable().describe('server process of the successful login'),
  session: z.string().nullable(),
})
export type LoginFacts = z.infer<typeof LoginFacts>

/** A mining dialogue; hash rates in H/s. */
export const MiningFacts = z.object({
  type: z.literal('mining'),
  pool: z.object({ ip: z.string(), port: z.int(), name: z.string().nullable() }),
  minerIp: z.string(),
  dialect: z.string(),
  coin: z.string().nullable(),
  algorithm: z.string().nullable(),
  agent: z.string().nullable(),
  login: z.string().nullable(),
  worker: z.string().nullable(),
  sharesSubmitted: z.int(),
  sharesAccepted: z.int(),
  sharesRejected: z.int(),
  hashrate: z.number().nullable(),
  hashrateError: z.number().nullable().describe('one standard error, H/s'),
  reasons: z.array(z.string()),
  spans: z
    .array(z.object({ from: z.number(), to: z.number(), sharesAccepted: z.int() }))
    .optional()
    .describe(
      'when it was at work (epoch ms), oldest first, at most 64; the shortest breaks are left out where there are more',
    ),
})
export type MiningFacts = z.infer<typeof MiningFacts>

/** Something done on the machine itself, told by an audit trail. */
export const HostFacts = z.object({
  type: z.literal('host'),
  what: z
    .string()
    .describe(
      'id of the trick: dropper, cron, systemd, authorized-keys, ld-preload, log-wipe, miner-process …',
    ),
  path: z.string().nullable(),
  commandLine: z.string().nullable(),
  exe: z.string().nullable(),
  exeSha256: z.string().optional().describe('of the program, where it was read'),
  pid: z.int().nullable(),
  ppid: z.int().nullable().optional(),
  uid: z.int().nullable(),
  session: z.string().nullable(),
  otherSessions: z
    .array(z.string())
    .optional()
    .describe(
      'where it was done again (a job gets a session of its own every time) or made ready; at most 512',
    ),
  otherProcesses: z
    .array(z.object({ pid: z.int(), ppid: z.int().nullable(), time: z.number() }))
    .optional()
    .describe('that did it again (epoch ms), oldest first; at most 64'),
  remote: z.string().nullable().describe('address, host or URL named by the command'),
  spans: z
    .array(z.object({ from: z.number(), to: z.number() }))
    .optional()
    .describe('when it went on (epoch ms), oldest first, at most 64'),
  isTimeless: z
    .literal(true)
    .optional()
    .describe('the record tells no time: the times of the finding are the latest that can be'),
})
export type HostFacts = z.infer<typeof HostFacts>

/** What somebody who takes a machine over does to others who hold it, in kinds that tell a fight from upkeep when several meet. */
export const FIGHT_CATEGORIES = [
  'process-eviction',
  'persistence-eviction',
  'vaccination',
  'network-lock-out',
  'credential-lock-out',
  'tool-hiding',
  'guard-removal',
  'closing-the-door',
] as const
export const FightCategory = z.enum(FIGHT_CATEGORIES)
export type FightCategory = z.infer<typeof FightCategory>

/** Whom or what an act was aimed at; `self` is what the actor spared or left in its place. */
export const FightTarget = z.object({
  type: z.enum([
    'process',
    'pool',
    'path',
    'port',
    'address',
    'host',
    'container',
    'unit',
    'user',
    'key',
    'self',
  ]),
  value: z.string(),
})
export type FightTarget = z.infer<typeof FightTarget>

export const FightAct = z.object({
  time: z.number().describe('epoch ms'),
  category: FightCategory,
  what: z.string().describe('in plain words, past tense: killed kdevtmpfsi by name'),
  targets: z.array(FightTarget).describe('at most 50'),
  commandLine: z.string().nullable(),
  exe: z.string().nullable(),
  pid: z.int().nullable(),
  ppid: z.int().nullable(),
  uid: z.int().nullable(),
  session: z.string().nullable(),
  evidence: Evidence,
})
export type FightAct = z.infer<typeof FightAct>

/** Acts against other holders of a machine that came together within minutes. */
export const FightFacts = z.object({
  type: z.literal('fight'),
  acts: z.array(FightAct).describe('time order, at most 64'),
  actCount: z.int(),
  categories: z.array(FightCategory),
  persists: z
    .boolean()
    .describe('whether somebody settled in within the same minutes (cron, key, unit, miner)'),
  score: z.number().min(0).max(1),
  reasons: z.array(z.string()),
  isTimeless: z.literal(true).optional().describe('as of HostFacts; the acts are in the order of the record'),
})
export type FightFacts = z.infer<typeof FightFacts>

export const Facts = z.discriminatedUnion('type', [LoginFacts, MiningFacts, HostFacts, FightFacts])
export type Facts = LoginFacts | MiningFacts | HostFacts | FightFacts

/**
 * What a detector or a rule concluded. Never without evidence. A detector may tell the same finding
 * again with more behind it: same `id`, the newest replaces the one before.
 */
export const Finding = z.object({
  id: z.string().describe('derived from detector, key and first evidence: the same input gives the same id'),
  detector: z.string(),
  rule: z.string().optional().describe('id of the rule, where a rule concluded it'),
  title: z.string(),
  severity: Severity,
  confidence: z.number().min(0).max(1),
  stage: Stage,
  attack: z.array(z.string()).describe('ATT&CK v19 technique ids'),
  subjects: z.array(Identifier).min(1).describe('the machine first'),
  firstSeen: z.number().describe('epoch ms'),
  lastSeen: z.number(),
  count: z.int().positive(),
  evidence: z.array(Evidence).min(1).max(20),
  facts: Facts,
})
export type Finding = z.infer<typeof Finding>
