import { type Fields, fieldsOf, listAt, textAt } from '../json/fields.ts'

/** A resource in an answer, before it is known where it stands. */
export interface Found {
  readonly type: string
  readonly id: string
  readonly attributes: Fields
  /** Its text holds secrets: it is not shown as proof. */
  readonly isSecret?: boolean
}

/** What stands beside the list in its document, or what its file is called, where elements do not say whose they are. */
export interface Beside {
  readonly fields: Fields
  /** Last part of the input's name, without its ending. */
  readonly stem: string
}

/** How one list of the answers of `aws … describe-*` is read. */
export interface List {
  /** Elements do not say whose they are: what stands beside the list has to be known first. */
  readonly needsBeside?: boolean
  /** Null = the element makes no sense. */
  read(element: Fields, beside: Beside): Found[] | null
}

/** Elements that are one resource each, with their id under one of these names. */
function of(type: string, ...ids: readonly string[]): List {
  return {
    read: (element) => {
      for (const name of ids) {
        const id = textAt(element, name)
        if (id !== null) return [{ type, id, attributes: element }]
      }
      return null
    },
  }
}

/** Elements that wrap a list: each of its elements is read with the wrapping element beside it. */
function wrapping(name: string, inner: List): List {
  return {
    read: (element, { stem }) =>
      listAt(element, name).flatMap((one) => {
        const fields = fieldsOf(one)
        return fields === null ? [] : (inner.read(fields, { fields: element, stem }) ?? [])
      }),
  }
}

const instances = of('aws_instance', 'InstanceId')
const reservations: List = {
  read: (element) =>
    'Instances' in element
      ? listAt(element, 'Instances').flatMap((one) => {
          const fields = fieldsOf(one)
          if (fields === null) return []
          const owner = textAt(element, 'OwnerId')
          const known = owner === null || 'OwnerId' in fields ? fields : { ...fields, OwnerId: owner }
          return instances.read(known, { fields: element, stem: '' }) ?? []
        })
      : null,
}

/** Their configuration for the customer's router holds the keys of the tunnels. */
const vpnConnections: List = {
  read: (element) => {
    const id = textAt(element, 'VpnConnectionId')
    const { CustomerGatewayConfiguration: _, Options: __, ...attributes } = element
    return id === null ? null : [{ type: 'aws_vpn_connection', id, attributes, isSecret: true }]
  },
}

const groupRules: List = {
  read: (element) => {
    const id = textAt(element, 'SecurityGroupRuleId')
    if (id === null) return null
    const type = element['IsEgress'] === true ? 'egress' : 'ingress'
    return [{ type: `aws_vpc_security_group_${type}_rule`, id, attributes: element }]
  },
}

/** Elements of something that stands beside them, under `owner`; where it does not, the file is named after it. */
function belonging(type: string, owner: string, idOf: (element: Fields) => string | null): List {
  return {
    needsBeside: true,
    read: (element, { fields, stem }) => {
      const id = idOf(element)
      if (id === null) return null
      const known = textAt(element, owner) ?? textAt(fields, owner) ?? ownerIn(stem, owner)
      return [
        {
          type,
          id: known === null ? id : `${known}/${id}`,
          attributes: known === null || owner in element ? element : { ...element, [owner]: known },
        },
      ]
    },
  }
}

const OWNER_IN_NAME: Readonly<Record<string, RegExp>> = {
  PrefixListId: /pl-[0-9a-f]{8,17}/u,
  TransitGatewayRouteTableId: /tgw-rtb-[0-9a-f]{8,17}/u,
}

/**
 * Whose elements a file holds, by its name: the id in it (`entries-pl-0123456789abcdef0`), or for what has an ARN
 * the name and hash that end it, with any sign between them (`target-health-web-0123456789abcdef`).
 */
function ownerIn(stem: string, owner: string): string | null {
  const pattern = OWNER_IN_NAME[owner]
  return pattern === undefined ? stem : (pattern.exec(stem)?.[0] ?? null)
}

const targets = belonging('aws_lb_target_group_attachment', 'TargetGroupArn', (element) => {
  const target = fieldsOf(element['Target'])
  const id = target === null ? null : textAt(target, 'Id')
  return target === null || id === null ? null : `${id}:${textAt(target, 'Port') ?? ''}`
})
const prefixEntries = belonging('aws_ec2_managed_prefix_list_entry', 'PrefixListId', (element) =>
  textAt(element, 'Cidr'),
)
const transitRoutes = belonging(
  'aws_ec2_transit_gateway_route',
  'TransitGatewayRouteTableId',
  (element) => textAt(element, 'DestinationCidrBlock') ?? textAt(element, 'PrefixListId'),
)
const transitPropagations = belonging(
  'aws_ec2_transit_gateway_route_table_propagation',
  'TransitGatewayRouteTableId',
  (element) => textAt(element, 'TransitGatewayAttachmentId'),
)
const transitAssociations = belonging(
  'aws_ec2_transit_gateway_route_table_association',
  'TransitGatewayRouteTableId',
  (element) => textAt(element, 'TransitGatewayAttachmentId'),
)
const listeners = of('aws_lb_listener', 'ListenerArn')
const listenerRules = of('aws_lb_listener_rule', 'RuleArn')

/** Attributes as `Key` and `Value`, of a load balancer or a target group: one resource for all of them. */
const attributesOf: List = {
  read: (element) => {
    const group = textAt(element, 'TargetGroupArn')
    if (group !== null) return [{ type: 'aws_lb_target_group_attributes', id: group, attributes: element }]
    const balancer = textAt(element, 'LoadBalancerArn') ?? textAt(element, 'LoadBalancerName')
    return balancer === null ? null : [{ type: 'aws_lb_attributes', id: balancer, attributes: element }]
  },
}

/** What `describe-*`, `list-*` and `get-*` print, by the name of the list. */
export const LISTS: Readonly<Record<string, List>> = {
  Reservations: reservations,
  Instances: instances,
  SecurityGroups: of('aws_security_group', 'GroupId'),
  SecurityGroupRules: groupRules,
  NetworkAcls: of('aws_network_acl', 'NetworkAclId'),
  RouteTables: of('aws_route_table', 'RouteTableId'),
  Subnets: of('aws_subnet', 'SubnetId'),
  Vpcs: of('aws_vpc', 'VpcId'),
  InternetGateways: of('aws_internet_gateway', 'InternetGatewayId'),
  EgressOnlyInternetGateways: of('aws_egress_only_internet_gateway', 'EgressOnlyInternetGatewayId'),
  NatGateways: of('aws_nat_gateway', 'NatGatewayId'),
  VpnGateways: of('aws_vpn_gateway', 'VpnGatewayId'),
  VpnConnections: vpnConnections,
  CustomerGateways: of('aws_customer_gateway', 'CustomerGatewayId'),
  VpcPeeringConnections: of('aws_vpc_peering_connection', 'VpcPeeringConnectionId'),
  TransitGateways: of('aws_ec2_transit_gateway', 'TransitGatewayId'),
  TransitGatewayAttachments: of('aws_ec2_transit_gateway_attachment', 'TransitGatewayAttachmentId'),
  TransitGatewayVpcAttachments: of('aws_ec2_transit_gateway_vpc_attachment', 'TransitGatewayAttachmentId'),
  TransitGatewayPeeringAttachments: of(
    'aws_ec2_transit_gateway_peering_attachment',
    'TransitGatewayAttachmentId',
  ),
  TransitGatewayRouteTables: of('aws_ec2_transit_gateway_route_table', 'TransitGatewayRouteTableId'),
  TransitGatewayStaticRoutes: wrapping('Routes', transitRoutes),
  TransitGatewayPropagations: wrapping('TransitGatewayRouteTablePropagations', transitPropagations),
  TransitGatewayRouteTablePropagations: transitPropagations,
  Associations: transitAssociations,
  Routes: transitRoutes,
  NetworkInterfaces: of('aws_network_interface', 'NetworkInterfaceId'),
  Addresses: of('aws_eip', 'AllocationId', 'PublicIp'),
  ManagedPrefixLists: of('aws_ec2_managed_prefix_list', 'PrefixListId'),
  PrefixLists: of('aws_ec2_managed_prefix_list', 'PrefixListId'),
  Entries: prefixEntries,
  VpcEndpoints: of('aws_vpc_endpoint', 'VpcEndpointId'),
  VpcBlockPublicAccessExclusions: of('aws_vpc_block_public_access_exclusion', 'ExclusionId'),
  DhcpOptions: of('aws_vpc_dhcp_options', 'DhcpOptionsId'),
  FlowLogs: of('aws_flow_log', 'FlowLogId'),
  LoadBalancers: of('aws_lb', 'LoadBalancerArn', 'LoadBalancerName'),
  LoadBalancerDescriptions: of('aws_elb', 'LoadBalancerName', 'DNSName'),
  Listeners: listeners,
  LoadBalancerListeners: wrapping('Listeners', listeners),
  Rules: listenerRules,
  TargetGroups: of('aws_lb_target_group', 'TargetGroupArn'),
  TargetHealthDescriptions: targets,
  LoadBalancerTargetHealth: wrapping('TargetHealthDescriptions', targets),
  LoadBalancerAttributes: attributesOf,
  TargetGroupAttributes: attributesOf,
  Attributes: belonging('aws_lb_attribute', 'ResourceArn', (element) => textAt(element, 'Key')),
  AutoScalingGroups: of('aws_autoscaling_group', 'AutoScalingGroupName'),
  LaunchTemplates: of('aws_launch_template', 'LaunchTemplateId'),
  LaunchTemplateVersions: belonging('aws_launch_template_version', 'LaunchTemplateId', (element) =>
    textAt(element, 'VersionNumber'),
  ),
  LaunchConfigurations: of('aws_launch_configuration', 'LaunchConfigurationName'),
  SpotInstanceRequests: of('aws_spot_instance_request', 'SpotInstanceRequestId'),
  InstanceCreditSpecifications: of('aws_instance_credit_specification', 'InstanceId'),
  InstanceStatuses: of('aws_instance_status', 'InstanceId'),
  InstanceTypes: of('aws_ec2_instance_type', 'InstanceType'),
  InstanceTypeOfferings: of('aws_ec2_instance_type_offering', 'InstanceType'),
  InstanceInformationList: of('aws_ssm_managed_instance', 'InstanceId'),
  Images: of('aws_ami', 'ImageId'),
  Volumes: of('aws_ebs_volume', 'VolumeId'),
  Snapshots: of('aws_ebs_snapshot', 'SnapshotId'),
  KeyPairs: of('aws_key_pair', 'KeyPairId', 'KeyName'),
  Regions: of('aws_region', 'RegionName'),
  AvailabilityZones: of('aws_availability_zone', 'ZoneName'),
  DBInstances: of('aws_db_instance', 'DBInstanceArn', 'DBInstanceIdentifier'),
  DBClusters: of('aws_rds_cluster', 'DBClusterArn', 'DBClusterIdentifier'),
  DomainStatusList: of('aws_elasticsearch_domain', 'ARN', 'DomainName'),
  UserDetailList: of('aws_iam_user', 'Arn', 'UserName'),
  GroupDetailList: of('aws_iam_group', 'Arn', 'GroupName'),
  RoleDetailList: of('aws_iam_role', 'Arn', 'RoleName'),
  Policies: of('aws_iam_policy', 'Arn', 'PolicyName'),
  Users: of('aws_iam_user', 'Arn', 'UserName'),
  Roles: of('aws_iam_role', 'Arn', 'RoleName'),
  InstanceProfiles: of('aws_iam_instance_profile', 'Arn', 'InstanceProfileName'),
  AccessKeyMetadata: of('aws_iam_access_key', 'AccessKeyId'),
  VirtualMFADevices: of('aws_iam_virtual_mfa_device', 'SerialNumber'),
  Budgets: of('aws_budgets_budget', 'BudgetName'),
  AnomalyMonitors: of('aws_ce_anomaly_monitor', 'MonitorArn', 'MonitorName'),
  AnomalySubscriptions: of('aws_ce_anomaly_subscription', 'SubscriptionArn', 'SubscriptionName'),
  trailList: of('aws_cloudtrail', 'TrailARN', 'Name'),
  Trails: of('aws_cloudtrail', 'TrailARN', 'Name'),
  ResolverQueryLogConfigs: of('aws_route53_resolver_query_log_config', 'Id', 'Arn'),
  ResolverQueryLogConfigAssociations: of('aws_route53_resolver_query_log_config_association', 'Id'),
  FirewallRuleGroups: of('aws_route53_resolver_firewall_rule_group', 'Id', 'Arn'),
  FirewallRuleGroupAssociations: of('aws_route53_resolver_firewall_rule_group_association', 'Id', 'Arn'),
  Quotas: of('aws_servicequotas_service_quota', 'QuotaArn', 'QuotaCode'),
  MetricAlarms: of('aws_cloudwatch_metric_alarm', 'AlarmArn', 'AlarmName'),
}

/** Lists of names alone. */
export const NAME_LISTS: Readonly<Record<string, string>> = {
  DetectorIds: 'aws_guardduty_detector',
  clusters: 'aws_eks_cluster',
}

/** Objects that are no lists, by their name: one resource each, with a fixed id where they say none. */
export const OBJECTS: Readonly<Record<string, { readonly type: string; readonly ids: readonly string[] }>> = {
  SummaryMap: { type: 'aws_iam_account_summary', ids: [] },
  PasswordPolicy: { type: 'aws_iam_account_password_policy', ids: [] },
  VpcBlockPublicAccessOptions: { type: 'aws_vpc_block_public_access_options', ids: [] },
  AccountLevel: { type: 'aws_ec2_instance_metadata_defaults', ids: [] },
  InstanceFamilyCreditSpecification: {
    type: 'aws_ec2_default_credit_specification',
    ids: ['InstanceFamily'],
  },
  cluster: { type: 'aws_eks_cluster', ids: ['arn', 'name'] },
  Account: { type: 'aws_account', ids: ['Id', 'AccountId'] },
  Vpc: { type: 'aws_vpc', ids: ['VpcId'] },
}
