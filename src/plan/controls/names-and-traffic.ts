import type { TerraformPart } from '../change.ts'
import type { Control, MeasureDraft } from '../control.ts'
import { attributeOf } from '../emitters/terraform-name.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { machinesAtRisk, nameOf, withCheck } from './scene.ts'

const SHARE_OF_FIREWALL = 0.35
const SHARE_OF_SINKHOLE = 0.25
const SHARE_OF_ALLOW_LIST = 0.85
const MAX_NAMES = 200

/** Names of pools get no answer, in a whole network at once. */
export const dnsFirewall: Control = {
  id: 'dns-firewall',
  title: 'DNS firewall',
  what: 'A miner has to find its pool, mostly by name. Route 53 Resolver can refuse to answer for names of pools, for every machine of a network (VPC) at once.',
  layer: 'pool-contact',
  share: SHARE_OF_FIREWALL,
  shareBasis: {
    kind: 'judgement',
    why: 'miners that use an address, a proxy of their own or DNS over HTTPS get around it',
  },
  overhead: { ...NO_OVERHEAD, usdPerMonth: 1, friction: 0.5 },
  overheadBasis: {
    kind: 'sourced',
    why: 'AWS: $0.60 per million queries and $0.0005 per name and month in own lists; 200 names and a million queries come to $0.70',
  },
  needs: ['nobody of yours mines on purpose in this network'],
  measures: (scene) =>
    vpcs(scene).map(({ vpc, machines }): MeasureDraft => {
      const names = scene.poolNames.slice(0, MAX_NAMES)
      return {
        target: vpc,
        targets: [vpc, ...machines],
        title: `network ${vpc}: a DNS firewall`,
        effects: machines.map((machine) => ({
          on: 'sink',
          sink: `machine:${machine}`,
          share: SHARE_OF_FIREWALL,
        })),
        carriers: [],
        changes: [
          {
            what: `${names.length} names of pools get no answer in ${vpc}`,
            terraform: firewallParts(vpc, names),
          },
        ],
        closes: withCheck(scene, 'dns-firewall-off')
          .filter((one) => one.asset === vpc || one.resources.includes(vpc))
          .map(({ id }) => id),
      }
    }),
}

const LIST = 'aws_route53_resolver_firewall_domain_list'
const GROUP = 'aws_route53_resolver_firewall_rule_group'

function firewallParts(vpc: string, names: readonly string[]): TerraformPart[] {
  const group = attributeOf(GROUP, vpc, 'id')
  return [
    {
      mode: 'resource',
      type: LIST,
      name: vpc,
      attributes: { name: `davylamp-pools-${vpc}`, domains: [...names] },
    },
    { mode: 'resource', type: GROUP, name: vpc, attributes: { name: `davylamp-${vpc}` } },
    {
      mode: 'resource',
      type: 'aws_route53_resolver_firewall_rule',
      name: vpc,
      attributes: {
        name: 'pools',
        action: 'BLOCK',
        block_response: 'NXDOMAIN',
        priority: 100,
        firewall_domain_list_id: attributeOf(LIST, vpc, 'id'),
        firewall_rule_group_id: group,
      },
    },
    {
      mode: 'resource',
      type: 'aws_route53_resolver_firewall_rule_group_association',
      name: vpc,
      attributes: { name: `davylamp-${vpc}`, priority: 200, firewall_rule_group_id: group, vpc_id: vpc },
    },
  ]
}

function vpcs(scene: Parameters<Control['measures']>[0]): { vpc: string; machines: string[] }[] {
  if (withCheck(scene, 'dns-firewall-off').length === 0) return []
  const groups = new Map<string, { vpc: string; machines: string[] }>()
  for (const { id, vpc } of machinesAtRisk(scene)) {
    if (vpc === null) continue
    const group = groups.get(vpc) ?? { vpc, machines: [] }
    group.machines.push(id)
    groups.set(vpc, group)
  }
  return [...groups.values()]
}

/** The same on single machines, where there is no DNS firewall to be had. */
export const sinkhole: Control = {
  id: 'sinkhole',
  title: 'Names of pools lead nowhere',
  what: 'Lines in /etc/hosts make names of pools lead to the machine itself. It costs nothing; who is root on the machine can take them out again.',
  layer: 'pool-contact',
  share: SHARE_OF_SINKHOLE,
  shareBasis: {
    kind: 'judgement',
    why: 'stops miners that use a known name and do not look at /etc/hosts; gangs edit that file against each other',
  },
  overhead: { ...NO_OVERHEAD, friction: 0.5 },
  overheadBasis: { kind: 'judgement', why: 'nothing to restart; one more file to know of' },
  needs: [],
  measures: (scene) =>
    machinesAtRisk(scene)
      .filter(({ kind }) => kind === 'host' || kind === 'instance')
      .map((asset): MeasureDraft => ({
        target: asset.id,
        targets: [asset.id],
        title: `${nameOf(scene, asset.id)}: names of pools lead nowhere`,
        effects: [{ on: 'sink', sink: `machine:${asset.id}`, share: SHARE_OF_SINKHOLE }],
        carriers: [],
        changes: [{ what: 'lines "0.0.0.0 NAME" for names of pools in /etc/hosts' }],
        closes: [],
      })),
}

/** Out only to where it has been going. */
export const egressAllowList: Control = {
  id: 'egress-allow-list',
  title: 'Out only to where it has been going',
  what: 'Most machines talk to few others: updates, a database, an API. A rule that lets them talk to those alone stops a miner from reaching its pool, and a thief from carrying data out. The list is made from what the evidence shows they talked to.',
  layer: 'pool-contact',
  share: SHARE_OF_ALLOW_LIST,
  shareBasis: {
    kind: 'judgement',
    why: 'a miner without a pool earns nothing; 15 % stay for proxies on addresses that are allowed',
  },
  overhead: { ...NO_OVERHEAD, friction: 4 },
  overheadBasis: {
    kind: 'judgement',
    why: 'every new service and every moved address needs somebody who adds it',
  },
  needs: ['flow logs or captures of at least two weeks, with month ends in them if there are monthly jobs'],
  measures: (scene) =>
    machinesAtRisk(scene).map((asset): MeasureDraft => {
      const seen = scene.egress.get(asset.id) ?? []
      const host = nameOf(scene, asset.id)
      return {
        target: asset.id,
        targets: [asset.id],
        title: `${host}: out only to where it has been going`,
        effects: [{ on: 'sink', sink: `machine:${asset.id}`, share: SHARE_OF_ALLOW_LIST }],
        carriers: [],
        changes:
          seen.length === 0
            ? []
            : [
                {
                  what: `${host} may open connections to ${seen.length} addresses and ports alone`,
                  nft: { host, input: [], output: seen },
                },
              ],
        closes: [],
        ...(seen.length === 0
          ? { obstacle: 'no traffic was read: give flow logs or captures along with the dump' }
          : {}),
      }
    }),
}
