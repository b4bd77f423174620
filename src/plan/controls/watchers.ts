import type { Control, MeasureDraft } from '../control.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { machinesAtRisk, nameOf, onExposures, sinksOf, withCheck } from './scene.ts'

const SHARE_OF_AGENT = 0.6
const SHARE_OF_GUARDDUTY = 0.4
const SHARE_OF_TRAIL = 0.15
/** GuardDuty Runtime Monitoring, first 500 vCPUs. */
const USD_PER_VCPU_MONTH = 1.5
const VCPUS: Readonly<Record<string, number>> = {
  medium: 1,
  large: 2,
  xlarge: 4,
  '2xlarge': 8,
  '4xlarge': 16,
  '8xlarge': 32,
  '12xlarge': 48,
  '16xlarge': 64,
  '24xlarge': 96,
}
const LEAST_VCPUS = 2

/** Somebody on the machine who sees the miner start. */
export const endpointAgent: Control = {
  id: 'endpoint-agent',
  title: 'An endpoint agent on the machines',
  what: 'A small program on the machine that sees which programs start and whom they talk to, and tells within minutes. It does not keep anybody out: it makes a stay of weeks one of hours.',
  layer: 'detection',
  share: SHARE_OF_AGENT,
  shareBasis: {
    kind: 'judgement',
    why: 'a miner is told of within minutes and stopped within hours where somebody reads the alarm; 40 % stay for nights, weekends and miners that hide',
  },
  overhead: { cpuPercent: 1, usdPerMonth: USD_PER_VCPU_MONTH * LEAST_VCPUS, friction: 1, downtimeSeconds: 0 },
  overheadBasis: {
    kind: 'sourced',
    why: 'AWS GuardDuty Runtime Monitoring: $1.50 per vCPU and month for the first 500 vCPUs; 1 % CPU is what such agents take on an ordinary server (judgement)',
  },
  needs: ['somebody reads its alarms'],
  measures: (scene) =>
    machinesAtRisk(scene).map((asset): MeasureDraft => {
      const size = (asset.instanceType ?? '').split('.')[1] ?? ''
      const vcpus = Object.hasOwn(VCPUS, size)
        ? Math.max(LEAST_VCPUS, VCPUS[size] ?? LEAST_VCPUS)
        : LEAST_VCPUS
      return {
        target: asset.id,
        targets: [asset.id],
        title: `${nameOf(scene, asset.id)}: an endpoint agent`,
        effects: [{ on: 'sink', sink: `machine:${asset.id}`, share: SHARE_OF_AGENT }],
        overhead: { usdPerMonth: vcpus * USD_PER_VCPU_MONTH },
        carriers: [asset.id],
        changes: [
          {
            what: `install an endpoint agent on ${nameOf(scene, asset.id)}: GuardDuty Runtime Monitoring, Falco, osquery or what you have`,
          },
        ],
        closes: [],
      }
    }),
}

/** The cloud's own watchman. */
export const guardDuty: Control = {
  id: 'guardduty',
  title: 'GuardDuty on',
  what: 'AWS reads its own logs (who called what, which names were looked up) and tells when a machine talks to a mining pool or somebody starts many machines. It is one switch per region.',
  layer: 'cloud-detection',
  share: SHARE_OF_GUARDDUTY,
  shareBasis: {
    kind: 'judgement',
    why: 'it has findings for mining (CryptoCurrency:EC2/BitcoinTool.B) and tells within 5 to 15 minutes; what runs hidden or over TLS on port 443 it mostly misses',
  },
  overhead: { ...NO_OVERHEAD, usdPerMonth: 5 },
  overheadBasis: {
    kind: 'judgement',
    why: 'billed by use: $4 per million CloudTrail events and about $1 per GB of flow and DNS logs; $5 a month is a small account, 30 days are free to try',
  },
  needs: ['somebody reads its findings'],
  measures: (scene) =>
    withCheck(scene, 'guardduty-off').map((exposure): MeasureDraft => {
      const region = regionOf(exposure.resources, scene.assets.get(exposure.asset)?.region ?? null)
      const sinks = [...sinksOf(scene, 'account'), ...sinksOf(scene, 'machine')]
      return {
        target: `${exposure.asset} ${region ?? exposure.id}`,
        targets: [exposure.asset],
        title: `account ${exposure.asset}: GuardDuty on${region === null ? '' : ` in ${region}`}`,
        effects: sinks.map((sink) => ({ on: 'sink', sink, share: SHARE_OF_GUARDDUTY })),
        carriers: [],
        changes: [
          {
            what: `switch GuardDuty on${region === null ? ' in every region' : ` in ${region}`}; in the console: GuardDuty, Get started`,
            terraform: [
              { mode: 'resource', type: 'aws_guardduty_detector', name: 'on', attributes: { enable: true } },
            ],
          },
        ],
        closes: [exposure.id],
      }
    }),
}

function regionOf(resources: readonly string[], other: string | null): string | null {
  return resources.find((one) => /^[a-z]{2}(?:-[a-z]+){1,3}-\d$/u.test(one)) ?? other
}

/** Without it nobody can say what was done. */
export const cloudTrail: Control = {
  id: 'cloudtrail',
  title: 'CloudTrail in all regions',
  what: 'The record of who did what in the account. It stops nobody, but without it GuardDuty is half blind and nobody can tell afterwards what was taken.',
  layer: 'audit',
  share: SHARE_OF_TRAIL,
  shareBasis: { kind: 'judgement', why: 'shortens the search for what a thief started' },
  overhead: { ...NO_OVERHEAD, usdPerMonth: 1 },
  overheadBasis: {
    kind: 'sourced',
    why: 'AWS: the first copy of management events is free; the bucket costs cents',
  },
  needs: ['a bucket for the log'],
  measures: (scene) =>
    withCheck(scene, 'cloudtrail-off').map((exposure): MeasureDraft => ({
      target: exposure.id,
      targets: [exposure.asset],
      title: `account ${exposure.asset}: CloudTrail on`,
      effects: sinksOf(scene, 'account').map((sink) => ({ on: 'sink', sink, share: SHARE_OF_TRAIL })),
      carriers: [],
      changes: [
        {
          what: 'create a trail for all regions in the console (CloudTrail, Create trail): it makes the bucket with the right policy itself',
        },
      ],
      closes: [exposure.id],
    })),
}

const SHARE_OF_UPDATE = 0.8

/** Holes that are used and have an update. */
export const updateSoftware: Control = {
  id: 'update-software',
  title: 'Update what has holes that are used',
  what: 'For these products holes are known that strangers use every day, and updates that close them. Where an update is not possible soon, close the port.',
  layer: 'software',
  share: SHARE_OF_UPDATE,
  shareBasis: { kind: 'judgement', why: 'closes the holes that are known; the next one will come' },
  overhead: { ...NO_OVERHEAD, friction: 2, downtimeSeconds: 60 },
  overheadBasis: {
    kind: 'judgement',
    why: 'a restart of the service, and somebody who looks whether it still works',
  },
  needs: ['a backup, and a look at the notes of the release'],
  measures: (scene) =>
    scene.exposures
      .filter(
        ({ kind, doors }) => kind === 'network' && doors[0]?.certainty === 'seen' && doors[0].cves.length > 0,
      )
      .map((exposure): MeasureDraft => {
        const door = exposure.doors[0]
        const name = nameOf(scene, exposure.asset)
        return {
          target: `${exposure.asset} ${door?.id} ${exposure.portFrom}`,
          targets: [exposure.asset],
          title: `${name}: update ${door?.title}`,
          effects: onExposures([exposure], SHARE_OF_UPDATE),
          carriers: [exposure.asset],
          changes: [
            {
              what: `update ${door?.title} on ${name} to a version without ${door?.cves.slice(0, 3).join(', ')}`,
            },
          ],
          closes: [],
        }
      }),
}
