import type { SurfaceContext } from '../context.ts'
import type { Derivation, Exposure, SurfaceAsset } from '../document.ts'
import { exposureOf, type Loss, type WayIn } from '../exposure.ts'
import { lossesBehind, nameOf } from '../losses.ts'
import { given, product, stated } from '../risk/derive.ts'
import { MachineShare, TakenChance, type Words } from './machine-share.ts'

/** Settings of machines that make a way in dearer: metadata without a token, roles that start compute, unlimited credits. */
export function machineExposures(
  ways: ReadonlyMap<string, readonly WayIn[]>,
  context: SurfaceContext,
): (Exposure | MachineShare)[] {
  const found: (Exposure | MachineShare)[] = []
  for (const asset of context.assets.values()) {
    if (asset.kind !== 'instance' || asset.state === 'terminated') continue
    const reach = ways.get(asset.id) ?? []
    const loss = lossesBehind(asset, context).find(({ sink }) => sink.id.startsWith('account:')) ?? null
    const taken = new TakenChance(reach)
    found.push(
      ...metadata(asset, reach, loss, context),
      ...role(asset, reach, taken, loss, context),
      ...credits(asset, taken, context),
    )
  }
  return found
}

function metadata(
  asset: SurfaceAsset,
  ways: readonly WayIn[],
  loss: Loss | null,
  context: SurfaceContext,
): Exposure[] {
  const { httpTokens, endpoint } = context.network.instances.get(asset.id)?.metadata ?? {}
  if (httpTokens !== 'optional' || endpoint === 'disabled') return []
  const entry = context.catalogue.check('imds-v1')
  const isReached = ways.length > 0
  return [
    exposureOf({
      kind: 'account',
      check: 'imds-v1',
      asset: asset.id,
      key: [],
      title: `programs on ${nameOf(asset)} can be tricked into handing out its keys (IMDSv1)`,
      explanation:
        'Every machine can ask an address in its own network (169.254.169.254) for its role’s keys. In the old way (IMDSv1) a single web request is enough, so that a web program that fetches addresses for strangers hands the keys out. The new way (IMDSv2) asks for a token first, which such tricks cannot get.',
      fix: 'Set the metadata options of the machine to “token required” (HttpTokens=required). Old programs that read metadata without a token have to be updated first.',
      likelihood: isReached
        ? given('chance that a program on it is tricked within 30 days', entry.value, 'chance')
        : product('chance that a program on it is tricked within 30 days', 'chance', [
            given('where strangers reach the machine', entry.value, 'chance'),
            stated('no stranger reaches it directly', { low: 0, mid: 0.05, high: 0.3 }, 'factor'),
          ]),
      losses: loss === null ? [] : [loss],
      severity: loss === null ? 'low' : isReached ? 'high' : 'medium',
      why: [
        'its metadata options say HttpTokens=optional',
        isReached ? 'strangers reach the machine' : 'no stranger reaches the machine directly',
        loss === null
          ? 'its role can start no compute, or it has none: there is less to steal'
          : 'its role can start more machines',
      ],
      evidence: asset.evidence,
    }),
  ]
}

/** What comes on top because of the role: no way in by itself, so it opens no sink of its own. */
function role(
  asset: SurfaceAsset,
  ways: readonly WayIn[],
  taken: TakenChance,
  loss: Loss | null,
  { catalogue }: SurfaceContext,
): MachineShare[] {
  const { role } = asset
  if (loss === null || role === null) return []
  const isSure = role.startsCompute === 'yes'
  const words = (): Words => ({
    title: `whoever takes ${nameOf(asset)} ${isSure ? 'can' : 'may be able to'} start more machines with its role`,
    explanation:
      'A machine’s role is what it may do in your account. Miners who get into a machine use its role to start many big ones: the bill of one small machine becomes that of a hundred.',
    fix: `Take the rights to start compute away from the role ${role.id}, or give the machine another role with what it needs and no more.`,
    why: isSure
      ? [`its role may ${role.actions.slice(0, 5).join(', ')}`]
      : [`not certain: ${role.notEvaluated.slice(0, 2).join('; ')}`],
    severity: ways.length > 0 ? 'high' : catalogue.check('role-starts-compute').severity,
  })
  return [new MachineShare('role-starts-compute', asset, taken, () => loss.derivation, words)]
}

function credits(asset: SurfaceAsset, taken: TakenChance, { catalogue }: SurfaceContext): MachineShare[] {
  const { burst, price } = asset
  if (burst === null || burst.mode === 'standard') return []
  const daily = (): Derivation =>
    product('surplus credits a day', 'usdPerDay', [
      stated(
        `surplus of ${asset.instanceType ?? 'the machine'} at full load, an hour`,
        burst.surplusUsdPerHour,
        'usdPerHour',
      ),
      stated('hours a day', 24, 'count'),
      ...(burst.mode === 'unknown'
        ? [given('whether it may use them was not read', catalogue.factor('unlimited-unknown'), 'factor')]
        : []),
    ])
  const words = (): Words => {
    const times = price === null ? null : 1 + burst.surplusUsdPerHour / price.usdPerHour
    return {
      title: `the bill of ${nameOf(asset)} can grow${times === null ? '' : ` to ${times.toFixed(1)} times`} at full load`,
      explanation:
        'This kind of machine has a small share of a processor for its price and pays extra for more (“unlimited” credits). A miner uses all of it all day.',
      fix: 'Set its credit specification to “standard”: it then slows down instead of costing more. Do not where it needs long bursts.',
      why: [
        burst.mode === 'unlimited'
          ? 'its credit specification says unlimited'
          : 'its credit specification was not read; unlimited is what AWS sets for this type',
      ],
      severity: catalogue.check('burst-unlimited').severity,
    }
  }
  return [new MachineShare('burst-unlimited', asset, taken, daily, words)]
}
