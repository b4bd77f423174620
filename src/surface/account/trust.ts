import { visible } from '../../text/visible.ts'
import { UNKNOWN_ACCOUNT } from '../assets.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure } from '../document.ts'
import { exposureOf } from '../exposure.ts'
import { proofOf } from '../inventory.ts'
import { accountCompute } from '../losses.ts'
import { given } from '../risk/derive.ts'
import type { Identity } from './identities.ts'
import type { Statement } from './policy.ts'
import { computeRights } from './starts-compute.ts'

/** Roles that strangers may become. */
export function trustExposures(context: SurfaceContext): Exposure[] {
  return context.identities.flatMap((identity) => {
    if (identity.kind !== 'role' || identity.trust === null) return []
    const open = identity.trust.find((statement) => isForEverybody(statement))
    return open === undefined ? [] : [publicRole(identity, open, context)]
  })
}

function isForEverybody({ isAllow, principals }: Statement): boolean {
  return isAllow && principals.some((one) => one === '*' || one === 'AWS:*' || one === 'Federated:*')
}

/** Conditions that say who it is; others (a time, a session name, TLS) keep no stranger out. */
const WHO =
  /^(?:aws:(?:principal(?:org(?:id|paths)|account|arn)|source(?:account|arn|ip|vpce?|vpc|orgid))|sts:externalid)$/u

function publicRole(role: Identity, { conditions }: Statement, context: SurfaceContext): Exposure {
  const { catalogue } = context
  const limits = conditions.filter(({ key }) => WHO.test(key)).map(({ key }) => key)
  const id = limits.length === 0 ? 'role-public-trust' : 'role-wide-trust'
  const entry = catalogue.check(id)
  const rights = computeRights(role)
  const name = visible(role.name)
  return exposureOf({
    kind: 'account',
    check: id,
    asset: role.account ?? UNKNOWN_ACCOUNT,
    key: [role.arn ?? role.name],
    title:
      limits.length === 0
        ? `everybody with an AWS account may become the role ${name}`
        : `the role ${name} is open to every AWS account; only ${limits.join(' and ')} keeps strangers out`,
    explanation:
      'A role is a set of rights that others may borrow. This one says that anybody may: a stranger needs no password and no key of yours, only its name.',
    fix: `In the trust policy of ${name} name the accounts or services that need it instead of *.`,
    likelihood: given('chance that somebody comes in this way within 30 days', entry.value, 'chance'),
    losses: rights.startsCompute === 'no' ? [] : [accountCompute(role.account, rights.regions, context)],
    severity: entry.severity,
    why: [
      'its trust policy lets in *',
      rights.startsCompute === 'yes'
        ? `it may start compute: ${rights.actions.slice(0, 3).join(', ')}`
        : rights.startsCompute === 'no'
          ? 'it may start no compute'
          : `whether it may start compute is not certain: ${rights.notEvaluated.slice(0, 2).map(visible).join('; ')}`,
    ],
    resources: [visible(role.arn ?? role.name)],
    evidence: [proofOf(role.resource)],
  })
}
