import type { ResourceEvent } from '../../event/resource.ts'
import { textAt, valueAt } from '../attributes.ts'

/** Something that would shorten a miner’s stay, and how its absence is told. */
export interface Guard {
  readonly check: string
  /** Types of resources that are the guard. */
  readonly types: readonly string[]
  /** Lists whose answer says that there is none. */
  readonly lists: readonly string[]
  readonly what: string
  readonly command: string
  readonly title: string
  readonly explanation: string
  readonly fix: string
  /** Whether one of it covers the whole account, a region, or a VPC. */
  readonly covers: 'account' | 'region' | 'vpc'
  /** Whether a resource of the type really guards. */
  readonly isOn?: (event: ResourceEvent) => boolean
}

export const GUARDS: readonly Guard[] = [
  {
    check: 'no-budget',
    covers: 'account',
    types: ['aws_budgets_budget'],
    lists: ['Budgets'],
    what: 'budgets',
    command: 'aws budgets describe-budgets --account-id ACCOUNT',
    title: 'nobody is told when the account costs more than planned',
    explanation:
      'A budget sends a message when the bill passes an amount. Without one a miner runs until somebody reads the monthly bill.',
    fix: 'Make a monthly cost budget a little above what you spend, with messages at 80 % and 100 % and on its forecast.',
  },
  {
    check: 'no-anomaly-monitor',
    covers: 'account',
    types: ['aws_ce_anomaly_monitor'],
    lists: ['AnomalyMonitors'],
    what: 'cost anomaly monitors',
    command: 'aws ce get-anomaly-monitors',
    title: 'nobody watches for sudden costs',
    explanation:
      'AWS Cost Anomaly Detection is free and tells within a day or two when a service suddenly costs more. It is slow, but quicker than the bill.',
    fix: 'Switch on a Cost Anomaly Detection monitor for all services, with messages to somebody who reads them.',
  },
  {
    check: 'guardduty-off',
    covers: 'region',
    types: ['aws_guardduty_detector'],
    lists: ['DetectorIds'],
    what: 'GuardDuty',
    command: 'aws guardduty list-detectors --region REGION',
    title: 'nobody watches the account for signs of mining (GuardDuty is off)',
    explanation:
      'GuardDuty looks at DNS, network and account logs and says when a machine talks to a mining pool or a key is used from a strange place.',
    fix: 'Switch GuardDuty on in every region that is open.',
    isOn: ({ attributes }) =>
      textAt(attributes, 'Status', 'status') !== 'DISABLED' && valueAt(attributes, 'enable') !== false,
  },
  {
    check: 'cloudtrail-off',
    covers: 'account',
    types: ['aws_cloudtrail'],
    lists: ['trailList', 'Trails'],
    what: 'CloudTrail',
    command: 'aws cloudtrail describe-trails',
    title: 'what is done in the account is not recorded (CloudTrail)',
    explanation:
      'CloudTrail writes down who started what, when, and from where. Without it nobody can tell how a thief came in or what else he did.',
    fix: 'Make a trail for all regions that writes to a bucket in another account.',
  },
  {
    check: 'flow-logs-off',
    covers: 'vpc',
    types: ['aws_flow_log'],
    lists: ['FlowLogs'],
    what: 'VPC flow logs',
    command: 'aws ec2 describe-flow-logs --region REGION',
    title: 'who talks to whom in the network is not recorded (flow logs)',
    explanation:
      'Flow logs write down every connection’s addresses, ports and amounts. They show a miner’s connection to its pool, and what a thief reached.',
    fix: 'Switch flow logs on for every VPC.',
  },
  {
    check: 'dns-firewall-off',
    covers: 'vpc',
    types: ['aws_route53_resolver_firewall_rule_group_association'],
    lists: ['FirewallRuleGroupAssociations'],
    what: 'DNS firewall',
    command: 'aws route53resolver list-firewall-rule-group-associations --region REGION',
    title: 'machines may look up the names of mining pools (no DNS firewall)',
    explanation:
      'Nearly every miner looks up its pool by name first. A DNS firewall refuses names from a list, so that it never finds it.',
    fix: 'Attach a DNS Firewall rule group with a list of mining pools (and AWS’s own lists of bad names) to every VPC.',
  },
]
