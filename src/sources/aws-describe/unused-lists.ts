/** A list of AWS that nothing here uses. */
export interface UnusedList {
  /** What its elements have, because others call their lists so as well; null = nobody else does. */
  readonly mark: string | null
  /** What is not judged for lack of it, as far as it says who reaches what; null = it does not. */
  readonly gap: string | null
}

function without(mark: string | null = null): UnusedList {
  return { mark, gap: null }
}

function lacking(gap: string, mark: string | null = null): UnusedList {
  return { mark, gap: `is there, and not used yet: ${gap}` }
}

const SERVICES = 'services that others offer within a network are not judged'
const FIREWALL = 'a network firewall may shut what counts as open here'
const WEB = 'a web application firewall may shut what counts as open here'

/** Known by name, so that nobody takes them for damaged, and that what is not judged is told. */
export const UNUSED_LISTS: Readonly<Record<string, UnusedList>> = {
  ServiceNames: lacking(SERVICES),
  ServiceDetails: lacking(SERVICES),
  ServiceConfigurations: lacking(SERVICES, 'ServiceId'),
  VpcEndpointConnections: lacking(SERVICES),
  Firewalls: lacking(FIREWALL, 'FirewallArn'),
  FirewallPolicies: lacking(FIREWALL, 'Arn'),
  WebACLs: lacking(WEB, 'ARN'),
  ClientVpnEndpoints: lacking('who comes in through a client VPN is not judged'),
  VirtualInterfaces: lacking('who comes in over Direct Connect is not judged', 'virtualInterfaceId'),
  virtualInterfaces: lacking('who comes in over Direct Connect is not judged', 'virtualInterfaceId'),
  VirtualGateways: lacking('who comes in over Direct Connect is not judged', 'virtualGatewayId'),
  LocalGateways: lacking('who comes in through a local gateway is not judged'),
  CarrierGateways: lacking('who comes in through a carrier gateway is not judged'),
  VerifiedAccessEndpoints: lacking('who comes in through Verified Access is not judged'),
  InstanceConnectEndpoints: lacking('who comes in through EC2 Instance Connect is not judged'),
  ClassicLinkInstances: without(),
  MovingAddressStatuses: without(),
  PlacementGroups: without(),
  CapacityReservations: without(),
  ReservedInstances: without(),
  Hosts: without('HostId'),
  Tags: without('ResourceId'),
}
