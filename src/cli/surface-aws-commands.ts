/** Commands whose answers differ by region, with the file each goes to. All of them read only. */
const BY_REGION: readonly (readonly [command: string, file: string])[] = [
  ['ec2 describe-instances', 'Reservations'],
  ['ec2 describe-network-interfaces', 'NetworkInterfaces'],
  ['ec2 describe-security-groups', 'SecurityGroups'],
  ['ec2 describe-security-group-rules', 'SecurityGroupRules'],
  ['ec2 describe-network-acls', 'NetworkAcls'],
  ['ec2 describe-route-tables', 'RouteTables'],
  ['ec2 describe-subnets', 'Subnets'],
  ['ec2 describe-vpcs', 'Vpcs'],
  ['ec2 describe-internet-gateways', 'InternetGateways'],
  ['ec2 describe-egress-only-internet-gateways', 'EgressOnlyInternetGateways'],
  ['ec2 describe-nat-gateways', 'NatGateways'],
  ['ec2 describe-vpc-peering-connections', 'VpcPeeringConnections'],
  ['ec2 describe-transit-gateway-attachments', 'TransitGatewayAttachments'],
  ['ec2 describe-transit-gateway-vpc-attachments', 'TransitGatewayVpcAttachments'],
  ['ec2 describe-transit-gateway-route-tables', 'TransitGatewayRouteTables'],
  ['ec2 describe-managed-prefix-lists', 'ManagedPrefixLists'],
  ['ec2 describe-addresses', 'Addresses'],
  ['ec2 describe-flow-logs', 'FlowLogs'],
  ['ec2 describe-vpc-block-public-access-options', 'VpcBlockPublicAccessOptions'],
  ['ec2 describe-instance-credit-specifications', 'InstanceCreditSpecifications'],
  ['elbv2 describe-load-balancers', 'LoadBalancers'],
  ['elbv2 describe-target-groups', 'TargetGroups'],
  ['elb describe-load-balancers', 'LoadBalancerDescriptions'],
  ['guardduty list-detectors', 'DetectorIds'],
  ['route53resolver list-firewall-rule-group-associations', 'FirewallRuleGroupAssociations'],
  ['service-quotas list-service-quotas --service-code ec2', 'Quotas'],
]

/** An answer that does not say whose it is goes to a file that does: `target-health-NAME-HASH`, `entries-pl-…`. */
const NAME_OF_ARN = '$(echo "$arn" | sed "s|.*/\\([^/]*/[^/]*\\)$|\\1|; s|/|-|")'

/** Over what was found in the region. */
const NESTED: readonly string[] = [
  'images=$(aws ec2 describe-instances --region "$region" --query "Reservations[].Instances[].ImageId" --output text | tr -s "[:space:]" "\\n" | sort -u | head -n 200 | tr "\\n" ",")',
  '[ -z "${images%,}" ] || aws ec2 describe-images --region "$region" --filters "Name=image-id,Values=${images%,}" --output json > "dump/$region/Images.json"',
  ...each('elbv2 describe-load-balancers', 'LoadBalancers[].LoadBalancerArn', 'arn', [
    ['elbv2 describe-listeners --load-balancer-arn "$arn"', `Listeners-${NAME_OF_ARN}`],
  ]),
  ...each('elbv2 describe-target-groups', 'TargetGroups[].TargetGroupArn', 'arn', [
    ['elbv2 describe-target-health --target-group-arn "$arn"', `target-health-${NAME_OF_ARN}`],
    ['elbv2 describe-target-group-attributes --target-group-arn "$arn"', `target-attributes-${NAME_OF_ARN}`],
  ]),
  ...each('ec2 describe-managed-prefix-lists', 'PrefixLists[].PrefixListId', 'list', [
    ['ec2 get-managed-prefix-list-entries --prefix-list-id "$list"', 'entries-$list'],
  ]),
  ...each(
    'ec2 describe-transit-gateway-route-tables',
    'TransitGatewayRouteTables[].TransitGatewayRouteTableId',
    'table',
    [
      [
        'ec2 search-transit-gateway-routes --transit-gateway-route-table-id "$table" --filters Name=state,Values=active,blackhole',
        'transit-routes-$table',
      ],
      [
        'ec2 get-transit-gateway-route-table-propagations --transit-gateway-route-table-id "$table"',
        'transit-propagations-$table',
      ],
    ],
  ),
]

/** One command for each id that a list names. */
function each(
  list: string,
  query: string,
  variable: string,
  commands: readonly (readonly [command: string, file: string])[],
): string[] {
  return [
    `for ${variable} in $(aws ${withRegion(list)} --query "${query}" --output text); do`,
    ...commands.map(([command, file]) => `  ${toFile(command, file)}`),
    'done',
  ]
}

const ONCE: readonly string[] = [
  'aws ec2 describe-regions --all-regions --output json > dump/Regions.json',
  'aws iam get-account-authorization-details --output json > dump/account-authorization-details.json',
  'aws iam get-account-summary --output json > dump/account-summary.json',
  'aws iam list-instance-profiles --output json > dump/InstanceProfiles.json',
  'aws iam generate-credential-report > /dev/null; sleep 10',
  'aws iam get-credential-report --query Content --output text | base64 -d > dump/credential-report.csv',
  'aws cloudtrail describe-trails --output json > dump/trails.json',
  'aws budgets describe-budgets --account-id "$(aws sts get-caller-identity --query Account --output text)" --output json > dump/Budgets.json',
  'aws ce get-anomaly-monitors --output json > dump/AnomalyMonitors.json',
]

/** Rights for exactly these commands, and no others. */
const ACTIONS: readonly string[] = [
  'budgets:ViewBudget',
  'ce:GetAnomalyMonitors',
  'cloudtrail:DescribeTrails',
  'ec2:DescribeAddresses',
  'ec2:DescribeEgressOnlyInternetGateways',
  'ec2:DescribeFlowLogs',
  'ec2:DescribeImages',
  'ec2:DescribeInstanceCreditSpecifications',
  'ec2:DescribeInstances',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeManagedPrefixLists',
  'ec2:DescribeNatGateways',
  'ec2:DescribeNetworkAcls',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeRegions',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeTransitGatewayAttachments',
  'ec2:DescribeTransitGatewayRouteTables',
  'ec2:DescribeTransitGatewayVpcAttachments',
  'ec2:DescribeVpcBlockPublicAccessOptions',
  'ec2:DescribeVpcPeeringConnections',
  'ec2:DescribeVpcs',
  'ec2:GetManagedPrefixListEntries',
  'ec2:GetTransitGatewayRouteTablePropagations',
  'ec2:SearchTransitGatewayRoutes',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
  'guardduty:ListDetectors',
  'iam:GenerateCredentialReport',
  'iam:GetAccountAuthorizationDetails',
  'iam:GetAccountSummary',
  'iam:GetCredentialReport',
  'iam:ListInstanceProfiles',
  'route53resolver:ListFirewallRuleGroupAssociations',
  'servicequotas:ListServiceQuotas',
]

/**
 * A shell script that makes a folder for `davylamp surface`, with the policy it needs in comments. It only reads;
 * Davylamp itself connects to nothing.
 */
export function awsCommands(): string {
  const policy = JSON.stringify(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ACTIONS, Resource: '*' }] },
    null,
    2,
  )
  return [
    '#!/bin/sh',
    '# Makes the folder dump/ for: davylamp surface dump/',
    '# Every command only reads. Davylamp itself connects to nothing: look at this, then run it yourself.',
    '# It needs these rights and no others:',
    ...policy.split('\n').map((line) => `#   ${line}`),
    'set -u',
    'umask 077',
    'mkdir -p dump',
    ...ONCE,
    '',
    'for region in $(aws ec2 describe-regions --query "Regions[].RegionName" --output text); do',
    '  mkdir -p "dump/$region"',
    ...BY_REGION.map(([command, file]) => `  ${toFile(command, file)}`),
    ...NESTED.map((line) => `  ${line}`),
    'done',
    '',
    '# On each machine, as root, into a folder of its name (dump/hosts/web-1/):',
    '#   ss -tulpn > ss.txt; sshd -T > sshd.txt; nft -j list ruleset > nft.json; docker ps --format json > docker.json',
    '# On a Kubernetes cluster: kubectl get all,ingress,clusterrole,clusterrolebinding,role,rolebinding -A -o json > kubernetes.json',
    '',
  ].join('\n')
}

function toFile(command: string, file: string): string {
  return `aws ${withRegion(command)} --output json > "dump/$region/${file}.json"`
}

function withRegion(command: string): string {
  const [service = '', operation = '', ...rest] = command.split(' ')
  return [service, operation, '--region "$region"', ...rest].join(' ')
}
