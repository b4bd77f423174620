import type { ResourceEvent } from '../../event/resource.ts'
import { SEVERITIES, type Severity } from '../../event/finding.ts'
import { cutBytes, visible } from '../../text/visible.ts'
import { maskSecrets } from '../../text/secrets.ts'
import { textAt, textsAt } from '../attributes.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure, SurfaceAsset } from '../document.ts'
import { exposureOf } from '../exposure.ts'
import { proofOf } from '../inventory.ts'
import { lossesBehind } from '../losses.ts'
import { given } from '../risk/derive.ts'

const MAX_FINDINGS = 20_000
const MAX_TEXT = 1_000

/** What other scanners found, joined to the assets they name: told beside our own, never instead of it. */
export function externalFindings(context: SurfaceContext): Exposure[] {
  const byName = namesOf(context)
  return context.inventory
    .of('posture-finding')
    .filter(({ attributes }) => textAt(attributes, 'status') === 'FAIL')
    .slice(0, MAX_FINDINGS)
    .map((event) => external(event, assetOf(event, byName), context))
}

function namesOf({ assets }: SurfaceContext): Map<string, SurfaceAsset> {
  const names = new Map<string, SurfaceAsset>()
  for (const asset of assets.values()) {
    names.set(asset.id, asset)
    if (asset.terraformAddress !== null) names.set(asset.terraformAddress, asset)
    for (const address of asset.addresses) names.set(address, asset)
  }
  return names
}

/** By the id, or by the id that ends its ARN: `arn:aws:ec2:…:instance/i-0abc`. */
function assetOf(
  { attributes }: ResourceEvent,
  byName: ReadonlyMap<string, SurfaceAsset>,
): SurfaceAsset | null {
  for (const target of textsAt(attributes, 'targets')) {
    const found =
      byName.get(target) ??
      byName.get(target.slice(target.lastIndexOf('/') + 1)) ??
      byName.get(target.slice(target.lastIndexOf(':') + 1))
    if (found !== undefined) return found
  }
  return null
}

function external(event: ResourceEvent, asset: SurfaceAsset | null, context: SurfaceContext): Exposure {
  const { attributes } = event
  const entry = context.catalogue.check('external-finding')
  const tool = said(attributes, 'tool') ?? 'another scanner'
  const [target] = [...textsAt(attributes, 'targets'), ...textsAt(attributes, 'places')]
  const check = said(attributes, 'check') ?? ''
  const severity = textAt(attributes, 'severity')
  return exposureOf({
    kind: 'hygiene',
    check: 'external-finding',
    asset: asset?.id ?? (target === undefined ? (event.account ?? 'unknown') : visible(target)),
    key: [tool, check, event.resourceId],
    title: `${tool}: ${said(attributes, 'title') ?? check}`,
    explanation: said(attributes, 'risk') ?? said(attributes, 'detail') ?? 'See what the scanner says of it.',
    fix: said(attributes, 'remediation') ?? 'See what the scanner says of it.',
    likelihood: given(
      'chance that this lets somebody in within 30 days',
      entry.value,
      'chance',
      'the same for every finding of another scanner',
    ),
    losses: asset === null || asset.kind === 'account' ? [] : lossesBehind(asset, context),
    severity: isSeverity(severity) ? severity : severity === 'informational' ? 'info' : entry.severity,
    why: [
      `${tool} says so (${check})`,
      ...(said(attributes, 'detail') === null ? [] : [said(attributes, 'detail') ?? '']),
      asset === null
        ? 'what it names is not in the inventory that was read'
        : `it is about ${asset.names[0] ?? asset.id}`,
    ],
    resources: target === undefined ? [] : [visible(target)],
    evidence: [proofOf(event)],
  })
}

function said(attributes: ResourceEvent['attributes'], name: string): string | null {
  const text = textAt(attributes, name)
  return text === null ? null : cutBytes(visible(maskSecrets(text.slice(0, MAX_TEXT * 4))), MAX_TEXT)
}

function isSeverity(text: string | null): text is Severity {
  return SEVERITIES.some((one) => one === text)
}
