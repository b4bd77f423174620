import type { ResourceEvent } from '../../event/resource.ts'
import { visible } from '../../text/visible.ts'
import { booleanAt, textAt, timeAt } from '../attributes.ts'
import { UNKNOWN_ACCOUNT } from '../assets.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure } from '../document.ts'
import { exposureOf, type Loss } from '../exposure.ts'
import { proofOf } from '../inventory.ts'
import { accountCompute } from '../losses.ts'
import { given, product } from '../risk/derive.ts'
import { computeRights } from './starts-compute.ts'

const DAY_MS = 86_400_000
/** AWS's own advice: change keys every 90 days. */
const OLD_DAYS = 90
/** CIS AWS Foundations Benchmark: what was not used so long is switched off. */
const UNUSED_DAYS = 45
const ROOT = '<root_account>'

/** Ways into an account with somebody's password or key, by the credential report. */
export function credentialExposures(context: SurfaceContext): Exposure[] {
  return context.inventory.of('aws_iam_credential_report').flatMap((row) => {
    const name = textAt(row.attributes, 'user') ?? row.resourceId
    return name === ROOT ? rootExposures(row, context) : userExposures(row, name, context)
  })
}

function accountOf({ account, resourceId }: ResourceEvent): string | null {
  return account ?? /:(\d{12}):/u.exec(resourceId)?.[1] ?? null
}

function rootExposures(row: ResourceEvent, context: SurfaceContext): Exposure[] {
  const { attributes } = row
  const account = accountOf(row)
  const found: Exposure[] = []
  const losses = [accountCompute(account, null, context)]
  if (booleanAt(attributes, 'mfa_active') === false) {
    found.push(
      check('root-without-mfa', row, ['root'], context, losses, {
        title: 'the owner’s login of the account asks for a password alone',
        explanation:
          'The root user may do everything in the account, and nothing can take that from it. Whoever finds out its password, by phishing or from another site’s leak, owns the account; a second factor (a key or an app) stops that.',
        fix: 'Sign in as the root user, open Security credentials and add a multi-factor device (a hardware key, or an app).',
        why: ['the credential report says that the root user has no second factor'],
      }),
    )
  }
  for (const number of [1, 2]) {
    if (booleanAt(attributes, `access_key_${number}_active`) !== true) continue
    found.push(
      check('root-access-key', row, ['root', number], context, losses, {
        title: `the owner of the account has an access key (number ${number})`,
        explanation:
          'An access key of the root user can do everything in the account without a second factor. Leaked keys are used within minutes (Unit 42, 2023: 5 minutes after they stood on GitHub).',
        fix: 'Find out what uses it, give that a role or a user with few rights instead, then delete the key of the root user.',
        why: [`the credential report says that access key ${number} of the root user is active`],
      }),
    )
  }
  return found
}

function userExposures(row: ResourceEvent, name: string, context: SurfaceContext): Exposure[] {
  const { attributes } = row
  const account = accountOf(row)
  const losses = userLosses(name, textAt(attributes, 'arn'), account, context)
  const shown = visible(name)
  const found: Exposure[] = []
  if (booleanAt(attributes, 'password_enabled') === true && booleanAt(attributes, 'mfa_active') === false) {
    found.push(
      check('user-without-mfa', row, [name], context, losses.list, {
        title: `${shown} signs in with a password alone`,
        explanation:
          'Passwords are phished, guessed and found in leaks of other sites. A second factor makes them worthless to whoever has them.',
        fix: `Add a multi-factor device to ${shown}, and refuse what is done without one.`,
        why: [`the credential report says that ${shown} has a password and no second factor`, ...losses.why],
      }),
    )
  }
  for (const number of [1, 2]) {
    if (booleanAt(attributes, `access_key_${number}_active`) !== true) continue
    const rotated = timeAt(attributes, `access_key_${number}_last_rotated`)
    const used = timeAt(attributes, `access_key_${number}_last_used_date`)
    const age = rotated === null ? null : (context.now - rotated) / DAY_MS
    const idle = used === null ? age : (context.now - used) / DAY_MS
    if (idle !== null && idle > UNUSED_DAYS) {
      found.push(
        check('access-key-unused', row, [name, number], context, losses.list, {
          title: `access key ${number} of ${shown} was not used for ${Math.round(idle)} days`,
          explanation:
            'An access key is a password for programs: whoever has it acts as its user from anywhere. One that nobody uses does nobody good but a thief, and nobody notices when it is used again.',
          fix: `Switch it off (make it inactive); delete it after a few weeks if nobody misses it.`,
          why: [
            used === null ? 'it was never used' : `it was last used ${Math.round(idle)} days ago`,
            ...losses.why,
          ],
        }),
      )
    } else if (age !== null && age > OLD_DAYS) {
      found.push(
        check('access-key-old', row, [name, number], context, losses.list, {
          title: `access key ${number} of ${shown} is ${Math.round(age)} days old`,
          explanation:
            'An access key is a password for programs: whoever has it acts as its user from anywhere. The older it is, the more places it was copied to: laptops, build servers, repositories.',
          fix: 'Give the program a role instead of a key; where that is not possible, make a new key, put it in place and delete the old one.',
          why: [`it was made ${Math.round(age)} days ago`, ...losses.why],
        }),
      )
    }
  }
  return found
}

/** What a user may start; where his rights are not in the evidence, all of it may be. */
function userLosses(
  name: string,
  arn: string | null,
  account: string | null,
  context: SurfaceContext,
): { list: Loss[]; why: string[] } {
  const identity = context.identities.find(
    (one) => one.kind === 'user' && (arn === null ? one.name === name : one.arn === arn),
  )
  if (identity === undefined) {
    const whole = accountCompute(account, null, context)
    const derivation = product('what can be started in this account, if this user may', 'usdPerDay', [
      whole.derivation,
      {
        label: 'nobody said what this user may do',
        value: { low: 0, mid: 0.3, high: 1 },
        unit: 'factor',
        operation: 'given',
        note: null,
        source: null,
        parts: [],
      },
    ])
    return {
      list: [{ sink: { ...whole.sink, usdPerDay: derivation.value }, derivation }],
      why: ['what this user may do is not in the evidence (aws iam get-account-authorization-details)'],
    }
  }
  const rights = computeRights(identity)
  if (rights.startsCompute === 'no') return { list: [], why: ['this user may start no compute'] }
  const whole = accountCompute(account, rights.regions, context)
  return {
    list: [whole],
    why: [
      rights.startsCompute === 'yes'
        ? `this user may ${rights.actions.slice(0, 3).join(', ')}`
        : `whether this user may start compute is not certain: ${rights.notEvaluated.slice(0, 2).map(visible).join('; ')}`,
    ],
  }
}

interface Words {
  readonly title: string
  readonly explanation: string
  readonly fix: string
  readonly why: readonly string[]
}

function check(
  id: string,
  row: ResourceEvent,
  key: readonly (string | number)[],
  { catalogue }: SurfaceContext,
  losses: readonly Loss[],
  words: Words,
): Exposure {
  const entry = catalogue.check(id)
  return exposureOf({
    kind: 'account',
    check: id,
    asset: accountOf(row) ?? UNKNOWN_ACCOUNT,
    key,
    likelihood: given('chance that somebody comes in this way within 30 days', entry.value, 'chance'),
    losses,
    severity: entry.severity,
    resources: [visible(row.resourceId)],
    evidence: [proofOf(row)],
    ...words,
  })
}
