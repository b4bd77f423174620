import type { Control, MeasureDraft, Scene } from '../control.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { isInstance, isNamed, nameOf, onExposures, unwrittenFor, withCheck } from './scene.ts'

const HOURS_PER_MONTH = 730
const SHARE = 0.99

/** What is off cannot be taken, and costs nothing but its disk. */
export const stopForgotten: Control = {
  id: 'stop-forgotten',
  title: 'Stop forgotten machines',
  what: 'Machines that nobody logs in to and nobody uses are the ones that get taken without anybody noticing. Stopping keeps the disk: if somebody misses it, it is started again within a minute.',
  layer: 'presence',
  share: SHARE,
  shareBasis: {
    kind: 'judgement',
    why: 'a stopped machine has no address that answers; 1 % stays for somebody starting it again',
  },
  overhead: { ...NO_OVERHEAD, friction: 1 },
  overheadBasis: {
    kind: 'judgement',
    why: 'nobody uses it as far as the evidence goes; what it does on a schedule stops too, so the downtime is not counted',
  },
  needs: ['nobody answers "mine" within a week; a snapshot of the disk if it may be evidence'],
  measures: (scene) =>
    withCheck(scene, 'forgotten-machine').map((exposure): MeasureDraft => {
      const asset = scene.assets.get(exposure.asset)
      const call = (operation: string) => ({
        service: 'ec2',
        operation,
        region: asset?.region ?? null,
        input: { InstanceIds: [exposure.asset] },
      })
      const name = nameOf(scene, exposure.asset)
      return {
        target: exposure.asset,
        targets: [exposure.asset],
        title: `${name}: stop it`,
        effects: [
          { on: 'sink', sink: `machine:${exposure.asset}`, share: SHARE },
          ...onExposures(waysTo(scene, exposure.asset), SHARE, 'account'),
        ],
        savesUsdPerMonth: (asset?.price?.usdPerHour ?? 0) * HOURS_PER_MONTH,
        carriers: [],
        changes: [
          {
            what: `stop ${name}; its disk stays`,
            ...(isInstance(exposure.asset)
              ? { aws: { apply: [call('stop-instances')], revert: [call('start-instances')] } }
              : unwrittenFor(scene, exposure.asset)),
          },
        ],
        closes: [exposure.id],
      }
    }),
}

const SIZES = [
  'nano',
  'micro',
  'small',
  'medium',
  'large',
  'xlarge',
  '2xlarge',
  '4xlarge',
  '8xlarge',
  '16xlarge',
]
/** Sizes of a family double in price from one to the next. */
const SHARE_OF_HALF = 0.5

/** For who does not want to stop it: half the machine. */
export const shrinkForgotten: Control = {
  id: 'shrink-forgotten',
  title: 'Make idle machines smaller',
  what: 'A machine one size down costs half, and is half as good to a miner. Where stopping is too much, this keeps what runs on it running.',
  layer: 'presence',
  share: SHARE_OF_HALF,
  shareBasis: {
    kind: 'sourced',
    why: 'on-demand prices of one family double from size to size (price table)',
  },
  overhead: { ...NO_OVERHEAD, friction: 1, downtimeSeconds: 120 },
  overheadBasis: {
    kind: 'judgement',
    why: 'stop, change, start: about two minutes; the public address changes if it is no Elastic IP',
  },
  needs: ['the software fits into half the memory'],
  measures: (scene) =>
    withCheck(scene, 'forgotten-machine').flatMap((exposure): MeasureDraft[] => {
      const asset = scene.assets.get(exposure.asset)
      const [family = '', size = ''] = (asset?.instanceType ?? '').split('.')
      const at = SIZES.indexOf(size)
      const smaller = at > 0 ? SIZES[at - 1] : undefined
      if (smaller === undefined || asset === undefined || !isNamed(scene, asset.id)) return []
      const set = (value: string) => ({
        service: 'ec2',
        operation: 'modify-instance-attribute',
        region: asset.region,
        input: { InstanceId: asset.id, InstanceType: { Value: value } },
      })
      const turn = (operation: string) => ({
        service: 'ec2',
        operation,
        region: asset.region,
        input: { InstanceIds: [asset.id] },
      })
      const wait = {
        service: 'ec2',
        operation: 'wait instance-stopped',
        region: asset.region,
        input: { InstanceIds: [asset.id] },
      }
      const steps = (value: string) => [turn('stop-instances'), wait, set(value), turn('start-instances')]
      return [
        {
          target: asset.id,
          targets: [asset.id],
          title: `${nameOf(scene, asset.id)}: from ${size} to ${smaller}`,
          effects: [{ on: 'sink', sink: `machine:${asset.id}`, share: SHARE_OF_HALF }],
          savesUsdPerMonth: (asset.price?.usdPerHour ?? 0) * HOURS_PER_MONTH * SHARE_OF_HALF,
          carriers: [asset.id],
          changes: [
            {
              what: `${nameOf(scene, asset.id)} becomes ${family}.${smaller}`,
              ...(isInstance(asset.id)
                ? { aws: { apply: steps(`${family}.${smaller}`), revert: steps(`${family}.${size}`) } }
                : unwrittenFor(scene, asset.id)),
            },
          ],
          closes: [],
        },
      ]
    }),
}

function waysTo(scene: Scene, asset: string): Scene['exposures'] {
  return (scene.byAsset.get(asset) ?? []).filter((one) => one.kind === 'network')
}
