import type { Asset } from '../assets/asset.ts'
import { typeOf, valueOf } from '../event/identifier.ts'
import type { Evidence } from '../event/origin.ts'
import type { Incident } from '../incidents/incident.ts'

/** Source of proofs → whose control plane it is. */
const PROVIDERS: Readonly<Record<string, Provider>> = {
  cloudtrail: 'aws',
  guardduty: 'aws',
  'kubernetes-audit': 'kubernetes',
}
type Provider = 'aws' | 'kubernetes' | 'other'

/** Hijacking of compute and of cloud services (T1496 and what lies below it). */
const COMPUTING = /^T1496(?:\.00[14])?$/u

/** An account of a cloud, or a cluster: it has no disk, no traffic and no logins over SSH. */
export function isAccount({ identifiers }: Asset): boolean {
  return identifiers.length > 0 && identifiers.every((id) => typeOf(id) === 'account')
}

/** `the account 123456789012`, `the cluster`: within a sentence. */
export function accountName(incident: Incident): string {
  const [id = ''] = incident.asset.identifiers
  if (valueOf(id) === 'kubernetes') return 'the cluster'
  return `the account ${valueOf(id)}`
}

export function isComputing(incident: Incident): boolean {
  return incident.findings.some(({ attack }) => attack.some((id) => COMPUTING.test(id)))
}

export function providerOf(incident: Incident): Provider {
  const known = proofsOf(incident).map(({ source }) => PROVIDERS[source])
  return known.find((provider) => provider !== undefined) ?? 'other'
}

/** Who called, as far as the proofs show. */
export type Caller =
  | { readonly kind: 'user'; readonly name: string; readonly accessKeyId: string | null }
  | { readonly kind: 'role'; readonly name: string }
  | { readonly kind: 'root' }

/** Names and sessions have these characters only (IAM: "IAM name requirements"). */
const ARN =
  /"arn"\s*:\s*"arn:aws[\w-]*:(?:iam|sts)::\d{12}:(root|(?:user|assumed-role)\/[\w+=,.@/-]{1,600})"/u
const KEY = /"accessKeyId"\s*:\s*"(AKIA[0-9A-Z]{12,124})"/u
const SERVICE_ROLE = /^AWSServiceRoleFor/u
const MAX_CALLERS = 3

/** AWS: the callers of an incident, in order of their proofs; at most three. */
export function callersOf(incident: Incident): Caller[] {
  const callers = new Map<string, Caller>()
  for (const { raw } of proofsOf(incident)) {
    const caller = callerIn(raw)
    if (caller === null) continue
    const key = caller.kind === 'root' ? 'root' : `${caller.kind} ${caller.name}`
    if (!callers.has(key)) callers.set(key, caller)
  }
  return [...callers.values()].slice(0, MAX_CALLERS)
}

/** Proofs are cut: the record need not be whole. */
function callerIn(raw: string): Caller | null {
  const who = ARN.exec(raw)?.[1]
  if (who === undefined) return null
  if (who === 'root') return { kind: 'root' }
  const [kind, ...path] = who.split('/')
  // Users may have a path before their name; sessions have their name behind the role's.
  const name = kind === 'user' ? path.at(-1) : path[0]
  if (name === undefined || name === '') return null
  if (kind === 'user') return { kind: 'user', name, accessKeyId: KEY.exec(raw)?.[1] ?? null }
  return SERVICE_ROLE.test(name) ? null : { kind: 'role', name }
}

/** Whose credentials they are, as a way in names them: `the machine i-0abc (role web)`, `user/build`. */
export function credentialsOf(user: string | null): string {
  const [, role, machine] = /^assumed-role\/([^/]{1,128})\/(i-[0-9a-f]{8,17})$/u.exec(user ?? '') ?? []
  return role === undefined || machine === undefined
    ? (user ?? 'somebody')
    : `the machine ${machine} (role ${role})`
}

/** `the user build`, `the role web` */
export function callerName(caller: Caller): string {
  return caller.kind === 'root' ? 'root' : `the ${caller.kind} ${caller.name}`
}

function proofsOf(incident: Incident): Evidence[] {
  return incident.findings.flatMap(({ evidence }) => evidence)
}
