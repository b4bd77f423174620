import type { Json, Unwritten } from '../change.ts'
import type { Control, MeasureDraft, Scene } from '../control.ts'
import { attributeOf } from '../emitters/terraform-name.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { accountsAtRisk, nameOf, onExposures, shortened, sinksOf, withCheck } from './scene.ts'

const SHARE_OF_REGIONS = 0.6
const SHARE_OF_SIZES = 0.6
const SHARE_OF_ROLE = 0.95

function policy(sid: string, statement: Record<string, Json>): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: sid, Effect: 'Deny', ...statement }] })
}

const POLICY = 'aws_organizations_policy'

/** A service control policy, attached to accounts. */
function organizationPolicy(
  name: string,
  description: string,
  content: string,
  accounts: readonly string[],
): MeasureDraft['changes'] {
  const attachments = accounts.filter(isAccount)
  const unwritten = accounts
    .filter((account) => !isAccount(account))
    .map((account): Unwritten => ({
      form: 'terraform',
      why: `attach it to "${shortened(account)}" by hand: that is not the twelve digits of an account`,
    }))
  return [
    {
      what: `${description}; in the console: AWS Organizations, Policies, Service control policies, Create, then attach it`,
      terraform: [
        {
          mode: 'resource',
          type: POLICY,
          name,
          attributes: { name, description, type: 'SERVICE_CONTROL_POLICY', content },
        },
        ...attachments.map((account) => ({
          mode: 'resource' as const,
          type: 'aws_organizations_policy_attachment',
          name: `${name} ${account}`,
          attributes: { policy_id: attributeOf(POLICY, name, 'id'), target_id: account },
        })),
      ],
      unwritten,
    },
  ]
}

function isAccount(id: string): boolean {
  return /^\d{12}$/u.test(id)
}

/** Regions in which the surface shows something of the user's. */
function usedRegions(scene: Scene): string[] {
  const regions = [...scene.assets.values()].map(({ region }) => region).filter((region) => region !== null)
  return [...new Set(regions)].toSorted()
}

/** Nobody starts machines where nobody looks. */
export const regionLimit: Control = {
  id: 'region-limit',
  title: 'Only the regions you use',
  what: 'AWS has more than 17 regions open in every account, and a stolen key works in all of them. A rule of the organisation (service control policy) forbids starting anything outside the ones you use.',
  layer: 'where-may-start',
  share: SHARE_OF_REGIONS,
  shareBasis: {
    kind: 'judgement',
    why: 'quotas count per region: with 2 of 17 left open much less can be started, but thieves seldom use all of them',
  },
  overhead: { ...NO_OVERHEAD, friction: 1.5 },
  overheadBasis: { kind: 'judgement', why: 'who wants a new region has to ask; needs AWS Organizations' },
  needs: [
    'the account belongs to an organisation, and is not its management account; run it with rights of the management account',
  ],
  measures: (scene) =>
    withCheck(scene, 'regions-open')
      .slice(0, 1)
      .map((exposure): MeasureDraft => {
        const regions = usedRegions(scene)
        const content = policy('OnlyRegionsInUse', {
          Action: [
            'ec2:RunInstances',
            'ec2:RequestSpotInstances',
            'ec2:CreateFleet',
            'ecs:RunTask',
            'lambda:CreateFunction',
            'sagemaker:Create*',
            'batch:SubmitJob',
            'lightsail:CreateInstances',
            'eks:CreateNodegroup',
          ],
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:RequestedRegion': regions } },
        })
        return {
          target: exposure.asset,
          targets: [exposure.asset],
          title: `account ${exposure.asset}: nothing is started outside ${regions.join(', ')}`,
          effects: sinksOf(scene, 'account').map((sink) => ({ on: 'sink', sink, share: SHARE_OF_REGIONS })),
          carriers: [],
          changes: organizationPolicy(
            'davylamp-regions',
            'nothing that computes is started outside the regions in use',
            content,
            [exposure.asset],
          ),
          closes: [exposure.id],
        }
      }),
}

/** No machine parks and no graphics cards for who holds a key. */
export const sizeLimit: Control = {
  id: 'size-limit',
  title: 'No big machines and no graphics cards',
  what: 'Thieves start the biggest machines a key allows. A rule of the organisation forbids types with graphics cards and the sizes you do not use.',
  layer: 'what-may-start',
  share: SHARE_OF_SIZES,
  shareBasis: {
    kind: 'judgement',
    why: 'vCPU quotas of ordinary families stay open; the dear ones are closed',
  },
  overhead: { ...NO_OVERHEAD, friction: 1.5 },
  overheadBasis: { kind: 'judgement', why: 'who needs a big machine has to ask; needs AWS Organizations' },
  needs: [
    'the account belongs to an organisation, and is not its management account; run it with rights of the management account',
  ],
  measures: (scene) => {
    const sinks = sinksOf(scene, 'account')
    if (sinks.length === 0) return []
    const content = policy('NoBigMachines', {
      Action: ['ec2:RunInstances', 'ec2:RequestSpotInstances', 'ec2:CreateFleet'],
      Resource: 'arn:aws:ec2:*:*:instance/*',
      Condition: {
        StringLike: {
          'ec2:InstanceType': [
            'p*',
            'g*',
            'inf*',
            'trn*',
            '*.8xlarge',
            '*.12xlarge',
            '*.16xlarge',
            '*.24xlarge',
            '*.32xlarge',
            '*.48xlarge',
            '*.metal*',
          ],
        },
      },
    })
    return [
      {
        target: 'account',
        targets: sinks.map((sink) => sink.slice('account:'.length)),
        title: 'no big machines and no graphics cards',
        effects: sinks.map((sink) => ({ on: 'sink' as const, sink, share: SHARE_OF_SIZES })),
        carriers: [],
        changes: organizationPolicy(
          'davylamp-sizes',
          'no machine of 8xlarge and up, none with graphics cards',
          content,
          accountsAtRisk(scene),
        ),
        closes: [],
      },
    ]
  },
}

/** A machine that cannot start machines. */
export const roleWithoutCompute: Control = {
  id: 'role-without-compute',
  title: 'Roles of machines that cannot start machines',
  what: 'A machine can have a role, that is keys of its own. If the role may start machines, whoever takes this one can start hundreds. A small policy on the role forbids just that.',
  layer: 'role',
  share: SHARE_OF_ROLE,
  shareBasis: {
    kind: 'judgement',
    why: 'an explicit deny wins over every allow; 5 % stay for roles that the role may take on',
  },
  overhead: { ...NO_OVERHEAD, friction: 1 },
  overheadBasis: {
    kind: 'judgement',
    why: 'nothing to restart; breaks what starts machines on purpose (autoscalers, CI)',
  },
  needs: ['the machine starts no others on purpose: look for RunInstances of this role in CloudTrail'],
  measures: (scene) => {
    const roles = new Map<string, string[]>()
    for (const asset of scene.assets.values())
      if (asset.role?.startsCompute === 'yes')
        roles.set(asset.role.id, [...(roles.get(asset.role.id) ?? []), asset.id])
    return [...roles].map(([role, machines]): MeasureDraft => {
      const name = role.split('/').at(-1) ?? role
      const key = { RoleName: name, PolicyName: 'davylamp-no-compute' }
      const content = policy('NoCompute', {
        Action: [
          'ec2:RunInstances',
          'ec2:RequestSpotInstances',
          'ec2:CreateFleet',
          'ec2:RequestSpotFleet',
          'ecs:RunTask',
          'lambda:CreateFunction',
          'batch:SubmitJob',
          'lightsail:CreateInstances',
          'sagemaker:Create*',
          'servicequotas:RequestServiceQuotaIncrease',
        ],
        Resource: '*',
      })
      const isPlanned = machines.every((machine) => scene.assets.get(machine)?.state === 'planned')
      const ways = machines.flatMap((machine) => scene.byAsset.get(machine) ?? [])
      return {
        target: role,
        targets: [role, ...machines],
        title: `role ${name} (${machines
          .map((machine) => nameOf(scene, machine))
          .slice(0, 3)
          .join(', ')}): may not start machines`,
        effects: onExposures(ways, SHARE_OF_ROLE, 'account'),
        carriers: [],
        changes: [
          {
            what: `a policy on ${name} that denies starting compute`,
            // A role that a plan will make is not there yet.
            ...(isPlanned
              ? {}
              : {
                  aws: {
                    apply: [
                      {
                        service: 'iam',
                        operation: 'put-role-policy',
                        region: null,
                        input: { ...key, PolicyDocument: content },
                      },
                    ],
                    revert: [{ service: 'iam', operation: 'delete-role-policy', region: null, input: key }],
                  },
                }),
            terraform: [
              {
                mode: 'resource',
                type: 'aws_iam_role_policy',
                name: `no_compute_${name}`,
                attributes: { name: 'davylamp-no-compute', role: name, policy: content },
              },
            ],
          },
        ],
        closes: withCheck(scene, 'role-starts-compute')
          .filter(
            ({ asset, resources }) => machines.includes(asset) || resources.includes(role) || asset === role,
          )
          .map(({ id }) => id),
      }
    })
  },
}
