import type { ResourceEvent } from '../../event/resource.ts'
import { objectAt, objectsAt, textAt, textsAt, valueAt } from '../attributes.ts'
import { type Inventory, saidOrReferred, terraformAddressOf } from '../inventory.ts'
import { MANAGED_POLICIES } from './compute-actions.ts'
import { parsePolicy, type Statement } from './policy.ts'

/** A role or a user with what its policies say. */
export interface Identity {
  readonly kind: 'role' | 'user'
  readonly name: string
  readonly arn: string | null
  readonly account: string | null
  readonly statements: readonly Statement[]
  /** Null = it has none. */
  readonly boundary: readonly Statement[] | null
  /** Who may become it; null = nobody said. */
  readonly trust: readonly Statement[] | null
  /** Instance profiles that carry it, by name and ARN. */
  readonly profiles: readonly string[]
  /** Policies whose text is not in the evidence. */
  readonly unread: readonly string[]
  readonly resource: ResourceEvent
}

const ROLE = ['aws_iam_role']
const USER = ['aws_iam_user']

/** All roles and users of the evidence: answers of IAM, plans and states. */
export function identitiesOf(inventory: Inventory): Identity[] {
  const policies = new PolicyBook(inventory)
  const profiles = profilesByRole(inventory)
  const groups = new Map(inventory.of('aws_iam_group').map((group) => [nameOf(group), group]))
  return [
    ...inventory.of(...ROLE).map((event) => identity('role', event, policies, profiles, groups)),
    ...inventory.of(...USER).map((event) => identity('user', event, policies, profiles, groups)),
  ]
}

/** The role behind an instance profile, given by name, ARN or Terraform address. */
export function roleOfProfile(profile: string, identities: readonly Identity[]): Identity | null {
  const name = lastPart(profile)
  const roles = identities.filter(({ kind }) => kind === 'role')
  return (
    roles.find(
      ({ profiles }) => profiles.includes(profile) || profiles.some((one) => lastPart(one) === name),
    ) ?? null
  )
}

function identity(
  kind: Identity['kind'],
  event: ResourceEvent,
  policies: PolicyBook,
  profiles: ReadonlyMap<string, readonly string[]>,
  groups: ReadonlyMap<string, ResourceEvent>,
): Identity {
  const { attributes } = event
  const name = nameOf(event)
  const found = policies.of(event, name)
  const unread = [...found.unread]
  const statements = [...found.statements]
  for (const group of textsAt(attributes, 'GroupList', 'groups')) {
    const held = groups.get(group)
    if (held === undefined) {
      unread.push(`group ${group}`)
      continue
    }
    const more = policies.of(held, group)
    statements.push(...more.statements)
    unread.push(...more.unread)
  }
  const boundary =
    textAt(objectAt(attributes, 'PermissionsBoundary'), 'PermissionsBoundaryArn') ??
    textAt(attributes, 'permissions_boundary')
  const limits = boundary === null ? null : policies.byArn(boundary)
  if (boundary !== null && limits === null) unread.push(`boundary ${lastPart(boundary)}`)
  return {
    kind,
    name,
    arn: textAt(attributes, 'Arn', 'arn'),
    account: event.account,
    statements,
    boundary: limits,
    trust: parsePolicy(valueAt(attributes, 'AssumeRolePolicyDocument', 'assume_role_policy')),
    profiles: [
      ...objectsAt(attributes, 'InstanceProfileList').flatMap((one) => [
        ...(textAt(one, 'InstanceProfileName') === null ? [] : [textAt(one, 'InstanceProfileName') ?? '']),
        ...(textAt(one, 'Arn') === null ? [] : [textAt(one, 'Arn') ?? '']),
      ]),
      ...keysOf(event, name).flatMap((key) => profiles.get(key) ?? []),
    ],
    unread,
    resource: event,
  }
}

/** Documents of policies, wherever they stand. */
class PolicyBook {
  readonly #byArn = new Map<string, Statement[]>()
  readonly #attached = new Map<string, string[]>()
  readonly #inline = new Map<string, Statement[][]>()

  constructor(inventory: Inventory) {
    for (const event of inventory.of('aws_iam_policy')) this.#addPolicy(event)
    for (const event of inventory.of('aws_iam_role_policy', 'aws_iam_user_policy', 'aws_iam_group_policy')) {
      const owner = saidOrReferred(event, 'role', 'RoleName', 'user', 'UserName', 'group', 'GroupName')
      const statements = parsePolicy(valueAt(event.attributes, 'policy', 'PolicyDocument'))
      if (owner !== null && statements !== null)
        this.#inline.set(owner, [...(this.#inline.get(owner) ?? []), statements])
    }
    for (const event of inventory.of(
      'aws_iam_role_policy_attachment',
      'aws_iam_user_policy_attachment',
      'aws_iam_group_policy_attachment',
    )) {
      const owner = saidOrReferred(event, 'role', 'user', 'group', 'RoleName')
      const arn = saidOrReferred(event, 'policy_arn', 'PolicyArn')
      if (owner !== null && arn !== null)
        this.#attached.set(owner, [...(this.#attached.get(owner) ?? []), arn])
    }
  }

  byArn(arn: string): Statement[] | null {
    const known = this.#byArn.get(arn)
    if (known !== undefined) return known
    const name = lastPart(arn)
    if (!/^arn:aws[\w-]*:iam::aws:policy\//u.test(arn) || !Object.hasOwn(MANAGED_POLICIES, name)) return null
    const actions = MANAGED_POLICIES[name] ?? []
    return [
      {
        isAllow: true,
        actions,
        notActions: [],
        resources: ['*'],
        notResources: [],
        principals: [],
        conditions: [],
      },
    ]
  }

  of(event: ResourceEvent, name: string): { statements: Statement[]; unread: string[] } {
    const { attributes } = event
    const keys = keysOf(event, name)
    const statements: Statement[] = keys.flatMap((key) => (this.#inline.get(key) ?? []).flat())
    const unread: string[] = []
    for (const one of objectsAt(
      attributes,
      'RolePolicyList',
      'UserPolicyList',
      'GroupPolicyList',
      'inline_policy',
    )) {
      const found = parsePolicy(valueAt(one, 'PolicyDocument', 'policy'))
      if (found === null) unread.push(textAt(one, 'PolicyName', 'name') ?? 'an inline policy')
      else statements.push(...found)
    }
    const arns = [
      ...objectsAt(attributes, 'AttachedManagedPolicies').flatMap((one) => textAt(one, 'PolicyArn') ?? []),
      ...textsAt(attributes, 'managed_policy_arns'),
      ...keys.flatMap((key) => this.#attached.get(key) ?? []),
    ]
    for (const arn of new Set(arns)) {
      const found = this.byArn(arn)
      if (found === null) unread.push(lastPart(arn))
      else statements.push(...found)
    }
    return { statements, unread }
  }

  #addPolicy(event: ResourceEvent): void {
    const { attributes } = event
    const arn = textAt(attributes, 'Arn', 'arn')
    const versions = objectsAt(attributes, 'PolicyVersionList')
    const current = versions.find((version) => valueAt(version, 'IsDefaultVersion') === true) ?? versions[0]
    const statements = parsePolicy(
      current === undefined
        ? valueAt(attributes, 'policy', 'PolicyDocument', 'Document')
        : valueAt(current, 'Document'),
    )
    if (statements === null) return
    for (const key of [arn, event.resourceId, terraformAddressOf(event)])
      if (key !== null) this.#byArn.set(key, statements)
  }
}

function profilesByRole(inventory: Inventory): Map<string, string[]> {
  const profiles = new Map<string, string[]>()
  for (const event of inventory.of('aws_iam_instance_profile')) {
    const { attributes, resourceId } = event
    const names = [
      textAt(attributes, 'Arn', 'arn'),
      textAt(attributes, 'InstanceProfileName', 'name'),
      resourceId,
      terraformAddressOf(event),
    ]
    const own = saidOrReferred(event, 'role')
    const roles = [
      ...objectsAt(attributes, 'Roles').flatMap((role) => textAt(role, 'RoleName') ?? []),
      ...(own === null ? [] : [own]),
    ]
    for (const role of roles)
      profiles.set(role, [
        ...(profiles.get(role) ?? []),
        ...names.filter((name): name is string => name !== null),
      ])
  }
  return profiles
}

/** What others call an identity by: its name, or in a plan its id or address. */
function keysOf(event: ResourceEvent, name: string): string[] {
  return [...new Set([name, event.resourceId, terraformAddressOf(event) ?? name])]
}

function nameOf({ attributes, name, resourceId }: ResourceEvent): string {
  return textAt(attributes, 'RoleName', 'UserName', 'GroupName', 'name') ?? name ?? resourceId
}

export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
