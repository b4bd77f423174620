import { visible } from '../../text/visible.ts'
import type { Link, LinkKind } from '../network/verdict.ts'

/** What each kind of object is, for somebody who never heard of it. */
const WHAT: Readonly<Record<LinkKind, string>> = {
  internet: 'anybody on the internet',
  cidr: 'the network asked about',
  asset: 'another machine of yours',
  'public-address': 'the address that the internet knows it by',
  'internet-gateway': 'the gate between your network and the internet',
  'nat-gateway': 'the gate through which machines without a public address go out',
  'vpn-gateway': 'the gate to your office or data centre',
  peering: 'a link to another of your networks',
  'transit-gateway': 'the exchange that links your networks',
  middlebox: 'a machine that all traffic is led through',
  route: 'the signpost that says where traffic goes',
  'network-acl-rule': 'a firewall rule of the whole subnet (network ACL)',
  'security-group-rule': 'a firewall rule of the machine (security group)',
  'load-balancer': 'a load balancer that hands requests on',
  listener: 'the port on which the load balancer takes requests',
  'target-group': 'the machines it hands them to',
  subnet: 'the part of the network the machine is in',
  'network-interface': 'the network card of the machine',
  instance: 'the machine itself',
}

export function linkInWords(link: Link): string {
  const what = Object.hasOwn(WHAT, link.kind) ? WHAT[link.kind] : link.kind
  const detail = detailOf(link)
  return detail === '' || detail === visible(link.id) ? what : `${what}: ${detail}`
}

/** What a link says of itself, without its id in front. */
export function detailOf({ id, detail }: Link): string {
  const said = detail.startsWith(`${id}: `) ? detail.slice(id.length + 2) : detail
  return visible(said)
}
