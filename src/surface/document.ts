import { z } from 'zod'
import { Severity } from '../event/finding.ts'

/**
 * What is exposed, how it is reached and what it could cost: what every output of `davylamp surface` renders, and
 * with `--format json` the contract itself. Money is USD, times RFC 3339 UTC. Text from evidence is masked and free of
 * control characters; whoever writes it elsewhere quotes it for where it goes.
 */

export const SURFACE_SCHEMA = 'https://davylamp.dev/schemas/surface/v1'

const Time = z.string().describe('RFC 3339, UTC')

/** An honest uncertainty: `low` ≤ `mid` ≤ `high`. */
export const Range = z.object({ low: z.number(), mid: z.number(), high: z.number() })
export type Range = z.infer<typeof Range>

/** Where in what was read a statement stands. */
export const SurfaceProof = z.object({
  source: z.string().describe('id of the source that read it'),
  file: z.string(),
  line: z.int().optional(),
  recordId: z.string().optional(),
  offset: z.number(),
  raw: z.string().describe('as it stands there: escaped, masked, at most 512 bytes'),
})
export type SurfaceProof = z.infer<typeof SurfaceProof>

/** A number and where it comes from, down to the tables and the evidence: `davylamp surface why ID` prints it. */
export interface Derivation {
  readonly label: string
  readonly value: Range
  readonly unit: 'usdPerDay' | 'usdPerHour' | 'chance' | 'factor' | 'vcpu' | 'count'
  readonly operation: 'product' | 'sum' | 'any-of' | 'given'
  readonly note: string | null
  /** A table's name and date, or `judgement` where nobody measured it. */
  readonly source: { readonly name: string; readonly date: string; readonly isJudgement: boolean } | null
  readonly parts: readonly Derivation[]
}
export const Derivation: z.ZodType<Derivation> = z.lazy(() =>
  z.object({
    label: z.string(),
    value: Range,
    unit: z.enum(['usdPerDay', 'usdPerHour', 'chance', 'factor', 'vcpu', 'count']),
    operation: z
      .enum(['product', 'sum', 'any-of', 'given'])
      .describe('how the parts make the value; any-of: 1 − Π(1 − part)'),
    note: z.string().nullable(),
    source: z.object({ name: z.string(), date: z.string(), isJudgement: z.boolean() }).nullable(),
    parts: z.array(Derivation),
  }),
)

/** What is exposed or holds what is: a machine, an account, a user … */
export const SurfaceAsset = z.object({
  id: z.string().describe("the cloud's own id, or the host's name; unique in the document"),
  kind: z
    .string()
    .describe('instance, host, load-balancer, account, cluster, node, workload, service, ingress, other'),
  names: z.array(z.string()).describe('name tag, host name …; text of strangers'),
  provider: z.string(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  resourceType: z.string().nullable().describe("Terraform's type name where there is one"),
  terraformAddress: z.string().nullable().describe('where a plan or a state names it'),
  addresses: z.array(z.string()),
  state: z.string().nullable().describe('running, stopped, planned …'),
  instanceType: z.string().nullable(),
  price: z
    .object({ usdPerHour: z.number(), basis: z.string() })
    .nullable()
    .describe('null where nobody knows the type or its price'),
  burst: z
    .object({
      mode: z.enum(['unlimited', 'standard', 'unknown']),
      surplusUsdPerHour: z.number().describe('at full load, on top of the price'),
    })
    .nullable()
    .describe('null for machines at a fixed price'),
  role: z
    .object({
      id: z.string().describe('name or ARN of the role that whoever holds the machine can use'),
      startsCompute: z.enum(['yes', 'no', 'unknown']),
      actions: z.array(z.string()).describe('actions that start compute and are allowed'),
      notEvaluated: z.array(z.string()),
    })
    .nullable(),
  launchTime: Time.nullable(),
  imageTime: Time.nullable(),
  subnet: z.string().nullable(),
  vpc: z.string().nullable(),
  securityGroups: z.array(z.string()),
  evidence: z.array(SurfaceProof),
})
export type SurfaceAsset = z.infer<typeof SurfaceAsset>

/** One object on the way, in order from the client to the machine. */
export const ChainLink = z.object({
  type: z
    .string()
    .describe(
      'internet, gateway, route-table, network-acl, security-group, load-balancer, peering, transit, interface, instance, host-firewall, service',
    ),
  id: z.string(),
  name: z.string().nullable(),
  says: z.string().describe('what it lets through, in plain words'),
})
export type ChainLink = z.infer<typeof ChainLink>

/** The one object whose change closes this way in, with what a typed emitter needs to change it. */
export const CutEdge = z.object({
  type: z
    .string()
    .describe(
      'security-group-rule, network-acl-entry, route, public-address, host-firewall-rule, listener …',
    ),
  id: z.string().describe('of the object that holds the rule: group, list, table'),
  ruleId: z.string().nullable().describe('sgr-…, rule number …'),
  terraformAddress: z.string().nullable(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  protocol: z.string().nullable().describe('as the rule says it; -1 is every protocol'),
  portFrom: z.int().nullable(),
  portTo: z.int().nullable(),
  source: z.string().nullable().describe('the network, list or group that the rule lets in'),
  isOnly: z.boolean().describe('without it nothing else on this machine lets the same through'),
  says: z.string(),
})
export type CutEdge = z.infer<typeof CutEdge>

export const ExposureSource = z.union([
  z.object({ cidr: z.string() }),
  z.object({ asset: z.string().describe('id of an asset') }),
])
export type ExposureSource = z.infer<typeof ExposureSource>

/** What listens, as the host itself says. */
export const Listener = z.object({
  address: z.string(),
  port: z.int(),
  protocol: z.string(),
  process: z.string().nullable(),
  user: z.string().nullable(),
})
export type Listener = z.infer<typeof Listener>

/** A product that may stand behind a way in. `door` of the exposure is the first. */
export const DoorMatch = z.object({
  id: z.string().describe('of the catalogue'),
  title: z.string(),
  port: z.int(),
  certainty: z
    .enum(['seen', 'port-only'])
    .describe('seen: the host, an image or another finding names the product'),
  gangs: z.array(z.string()),
  cves: z.array(z.string()).describe('exploited in the wild, newest first'),
})
export type DoorMatch = z.infer<typeof DoorMatch>

/** Money that whoever comes in can burn. Two exposures with the same sink burn it once. */
export const Sink = z.object({
  id: z.string().describe('`machine:<asset>` or `account:<account>`'),
  title: z.string(),
  usdPerDay: Range,
})
export type Sink = z.infer<typeof Sink>

export const EXPOSURE_KINDS = ['network', 'account', 'hygiene'] as const

/** A way in, or what makes one likelier or dearer. */
export const Exposure = z.object({
  id: z.string().describe('derived from what it is and where: the same dump gives the same id'),
  kind: z.enum(EXPOSURE_KINDS),
  check: z
    .string()
    .describe(
      'what it is, by id: `open-port` for network, else `imds-v1`, `root-without-mfa`, `forgotten-machine` …',
    ),
  title: z.string().describe('one line in plain words'),
  explanation: z.string().describe('for somebody without the knowledge: what it is and why it matters'),
  fix: z.string().describe('what to do, in plain words'),
  asset: z.string().describe('id of an asset'),
  resources: z.array(z.string()).describe('ids of what has to be changed, where that is not the asset'),
  address: z.string().nullable(),
  protocol: z.string().nullable().describe('tcp, udp, icmp …; -1 is every protocol'),
  portFrom: z.int().nullable(),
  portTo: z.int().nullable(),
  sources: z.array(ExposureSource).describe('who reaches it; at most 100'),
  chain: z.array(ChainLink),
  cutEdge: CutEdge.nullable(),
  door: z.string().nullable().describe('id of the likeliest product behind it'),
  doors: z.array(DoorMatch).describe('likeliest first, at most 20'),
  listening: z.union([z.boolean(), z.literal('unknown')]),
  listeners: z.array(Listener).describe('at most 20'),
  software: z.array(z.string()),
  severity: Severity,
  likelihood: Range.describe('chance that somebody comes in this way within 30 days'),
  sinks: z.array(Sink),
  usdPerDay: Range.describe('likelihood × what can be burned a day; this exposure alone'),
  derivation: Derivation,
  why: z.array(z.string()).describe('reasons in plain words, weightiest first'),
  usedIn: z.array(z.string()).describe('ids of incidents of the case that came in this way'),
  evidence: z.array(SurfaceProof).describe('at most 20'),
})
export type Exposure = z.infer<typeof Exposure>

/** Open as far as one object goes, and closed by another. */
export const Blocked = z.object({
  asset: z.string(),
  address: z.string().nullable(),
  protocol: z.string().nullable(),
  portFrom: z.int().nullable(),
  portTo: z.int().nullable(),
  by: z.object({ type: z.string(), id: z.string(), says: z.string() }),
})
export type Blocked = z.infer<typeof Blocked>

/** What could not be read, so that nobody takes silence for safety. */
export const SurfaceCoverage = z.object({
  what: z.string().describe('kind of thing: security groups, credential report, host state …'),
  scope: z.string().describe('account and region, machine, or `everything`'),
  status: z.enum(['read', 'partial', 'missing', 'unknown-until-apply', 'not-evaluated']),
  note: z.string().describe('what that means for the answer, in plain words'),
  command: z.string().nullable().describe('what to run to have it'),
})
export type SurfaceCoverage = z.infer<typeof SurfaceCoverage>

/** From the internet to compute that can be burned. */
export const AttackPath = z.object({
  id: z.string(),
  title: z.string(),
  steps: z.array(
    z.object({
      from: z.string().describe('`internet`, an asset or an account'),
      to: z.string(),
      how: z.string().describe('in plain words'),
      exposure: z.string().nullable().describe('id of the exposure that this step uses'),
    }),
  ),
  sink: z.string().describe('id of the sink'),
  likelihood: Range,
  usdPerDay: Range,
})
export type AttackPath = z.infer<typeof AttackPath>

export const Surface = z.object({
  schema: z.literal(SURFACE_SCHEMA),
  generatedAt: Time,
  tool: z.object({ name: z.literal('davylamp'), version: z.string() }),
  from: z.string().describe('whom the answers are about: `internet`, or the network of --from'),
  usdPerDay: Range.describe('at risk in all: what several exposures share counts once'),
  totals: z
    .object({
      waysIn: z.int().describe('that put money at risk'),
      machines: z.int(),
      machinesReached: z.int().describe('over the network'),
    })
    .describe('of everything found, also of what the lists below have no room for'),
  inputs: z.array(
    z.object({
      file: z.string(),
      format: z.string(),
      records: z.int(),
      bad: z.int(),
      problems: z.array(z.string()),
    }),
  ),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  assets: z.array(SurfaceAsset),
  exposures: z.array(Exposure).describe('kinds network and account, dearest first, at most 10,000'),
  hygiene: z.array(Exposure).describe('kind hygiene, dearest first, at most 10,000'),
  blocked: z.array(Blocked).describe('at most 5,000'),
  attackPaths: z.array(AttackPath).describe('dearest first, at most 100'),
  coverage: z.array(SurfaceCoverage),
  notes: z.array(z.string()).describe('assumptions and limits that the reader must know'),
})
export type Surface = z.infer<typeof Surface>
