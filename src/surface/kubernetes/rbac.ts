import type { ResourceEvent } from '../../event/resource.ts'
import { visible } from '../../text/visible.ts'
import { objectAt, objectsAt, textAt, textsAt } from '../attributes.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure } from '../document.ts'
import { exposureOf, type Loss } from '../exposure.ts'
import { proofOf } from '../inventory.ts'
import { given } from '../risk/derive.ts'
import { CLUSTER } from './cluster.ts'

/** Whoever asks without a name, and whoever has any name. */
const STRANGERS = new Set(['system:anonymous', 'system:unauthenticated'])
const ANYBODY = 'system:authenticated'
/** What every cluster gives them. https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles */
const HARMLESS = new Set([
  'system:public-info-viewer',
  'system:discovery',
  'system:basic-user',
  'system:service-account-issuer-discovery',
])

/** Rights that a cluster gives to strangers, or all of its rights to whoever is in it. */
export function anonymousRights(losses: readonly Loss[], context: SurfaceContext): Exposure[] {
  return context.inventory.of('ClusterRoleBinding', 'RoleBinding').flatMap((binding) => {
    const role = textAt(objectAt(binding.attributes, 'roleRef'), 'name') ?? ''
    if (HARMLESS.has(role)) return []
    const subjects = objectsAt(binding.attributes, 'subjects').flatMap(
      (subject) => textAt(subject, 'name') ?? [],
    )
    const stranger = subjects.find((name) => STRANGERS.has(name))
    const rights = rightsOf(role, binding, context)
    if (stranger !== undefined)
      return [finding('rbac-anonymous', binding, stranger, role, rights, losses, context)]
    const isWide = rights === null ? role === 'cluster-admin' : rights.isEverything
    if (!isWide) return []
    const everybody = subjects.find(
      (name) => name === ANYBODY || name === 'system:serviceaccounts' || name === 'default',
    )
    return everybody === undefined
      ? []
      : [finding('rbac-wildcard', binding, everybody, role, rights, losses, context)]
  })
}

interface Rights {
  readonly isEverything: boolean
  readonly startsPods: boolean
}

/** Null where the role is not in the evidence. */
function rightsOf(role: string, binding: ResourceEvent, { inventory }: SurfaceContext): Rights | null {
  const namespace = textAt(objectAt(binding.attributes, 'metadata'), 'namespace')
  const kind = textAt(objectAt(binding.attributes, 'roleRef'), 'kind') ?? 'ClusterRole'
  const found = inventory.find(kind, kind === 'Role' && namespace !== null ? `${namespace}/${role}` : role)
  if (found === null) return role === 'cluster-admin' ? { isEverything: true, startsPods: true } : null
  const rules = objectsAt(found.attributes, 'rules')
  const has = (verbs: readonly string[], resources: readonly string[]): boolean =>
    rules.some(
      (rule) =>
        textsAt(rule, 'verbs').some((verb) => verb === '*' || verbs.includes(verb)) &&
        textsAt(rule, 'resources').some((resource) => resource === '*' || resources.includes(resource)),
    )
  return {
    isEverything: rules.some(
      (rule) => textsAt(rule, 'verbs').includes('*') && textsAt(rule, 'resources').includes('*'),
    ),
    startsPods:
      has(
        ['create', 'update', 'patch'],
        ['pods', 'deployments', 'daemonsets', 'jobs', 'cronjobs', 'replicasets', 'statefulsets'],
      ) || has(['create'], ['pods/exec']),
  }
}

function finding(
  check: 'rbac-anonymous' | 'rbac-wildcard',
  binding: ResourceEvent,
  subject: string,
  role: string,
  rights: Rights | null,
  losses: readonly Loss[],
  { catalogue }: SurfaceContext,
): Exposure {
  const entry = catalogue.check(check)
  const isHarmless = rights !== null && !rights.startsPods && !rights.isEverything
  const name = visible(role)
  return exposureOf({
    kind: 'account',
    check,
    asset: CLUSTER,
    key: [binding.resourceType, binding.resourceId, subject],
    title:
      check === 'rbac-anonymous'
        ? `the cluster gives the role ${name} to everybody who asks, without a password`
        : `the cluster gives all its rights (${name}) to ${visible(subject)}`,
    explanation:
      check === 'rbac-anonymous'
        ? 'Anonymous requests come from anybody who reaches the cluster’s API. Gangs look for such clusters and start miners on every machine of them.'
        : 'Every program of the cluster that runs under this name may do everything: whoever breaks into one of them has the cluster.',
    fix: `Delete the binding ${visible(binding.resourceId)}, or name in it the people and programs that need the role.`,
    likelihood: given('chance that somebody comes in this way within 30 days', entry.value, 'chance'),
    losses: isHarmless ? [] : losses,
    severity: isHarmless ? 'medium' : entry.severity,
    why: [
      `${binding.resourceType} ${visible(binding.resourceId)} binds ${visible(subject)} to ${name}`,
      rights === null
        ? 'what the role allows is not in the evidence'
        : rights.isEverything
          ? 'the role allows everything'
          : rights.startsPods
            ? 'the role can start programs'
            : 'the role cannot start programs',
    ],
    resources: [visible(binding.resourceId)],
    evidence: [proofOf(binding)],
  })
}
