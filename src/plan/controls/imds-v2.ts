import type { SurfaceAsset } from '../../surface/document.ts'
import type { TerraformPart } from '../change.ts'
import type { Control } from '../control.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { isInstance, nameOf, onExposures, unwrittenFor, withCheck } from './scene.ts'

const SHARE = 0.9
/** Of ways in over the network to what the machine's role may start: those that only make the server fetch an address. */
const SHARE_OF_ROLE = 0.3

/** The machine's keys only for who can ask properly. */
export const imdsV2: Control = {
  id: 'imds-v2',
  title: 'IMDSv2 only',
  what: 'Every AWS machine can ask an address inside (169.254.169.254) for keys of its role. In the old way a web page with a hole is enough to have it asked by a stranger. The new way (IMDSv2) wants a token first, which such holes cannot fetch.',
  layer: 'metadata',
  share: SHARE,
  shareBasis: {
    kind: 'judgement',
    why: 'closes theft of role keys through server-side request forgery; who runs code on the machine can still ask',
  },
  overhead: { ...NO_OVERHEAD, friction: 0.5 },
  overheadBasis: {
    kind: 'sourced',
    why: 'AWS: no restart; software with an SDK older than 2020 loses its role (CloudWatch metric MetadataNoToken shows who asks the old way)',
  },
  needs: ['the CloudWatch metric MetadataNoToken of the machine is 0 for a week'],
  measures(scene) {
    return withCheck(scene, 'imds-v1').map((exposure) => {
      const asset = scene.assets.get(exposure.asset)
      const name = nameOf(scene, exposure.asset)
      const ways = (scene.byAsset.get(exposure.asset) ?? []).filter((one) => one.kind === 'network')
      const call = (tokens: string) => ({
        service: 'ec2',
        operation: 'modify-instance-metadata-options',
        region: asset?.region ?? null,
        input: { InstanceId: exposure.asset, HttpTokens: tokens, HttpEndpoint: 'enabled' },
      })
      const terraform = overrideOf(asset)
      return {
        target: exposure.asset,
        targets: [exposure.asset],
        title: `${name}: IMDSv2 only`,
        effects: [...onExposures([exposure], SHARE), ...onExposures(ways, SHARE_OF_ROLE, 'account')],
        carriers: [],
        changes: [
          {
            what: `${name}: its metadata service wants a token`,
            ...(isInstance(exposure.asset)
              ? { aws: { apply: [call('required')], revert: [call('optional')] } }
              : unwrittenFor(scene, exposure.asset)),
            ...(terraform === null ? {} : { terraform: [terraform] }),
          },
        ],
        closes: [exposure.id],
      }
    })
  },
}

/** In the user's own files, where the machine stands in their root module. */
function overrideOf(asset: SurfaceAsset | undefined): TerraformPart | null {
  const match = /^(aws_instance|aws_launch_template)\.([A-Za-z_][\w-]*)(?:\[[^\]]*\])?$/u.exec(
    asset?.terraformAddress ?? '',
  )
  if (match === null) return null
  return {
    mode: 'override',
    type: match[1] ?? '',
    name: match[2] ?? '',
    attributes: {},
    blocks: [{ type: 'metadata_options', attributes: { http_tokens: 'required', http_endpoint: 'enabled' } }],
  }
}
