import { type EventMapping, eventMapping } from '../mapping.ts'

const always = (): boolean => true

/** Sigma taxonomy, category firewall. */
export const firewall: EventMapping = eventMapping({
  id: 'firewall',
  title: 'conversations on the wire, as a firewall tells them',
  kind: 'flow',
  logSources: [{ category: 'firewall' }],
  isFor: always,
  fields: {
    src_ip: ['who opened it', (event) => event.srcIp],
    src_port: ['its port', (event) => event.srcPort],
    dst_ip: ['who was called', (event) => event.dstIp],
    dst_port: ['its port', (event) => event.dstPort],
    protocol: ['tcp, udp, icmp', (event) => event.transport],
  },
})

/** Names as Sysmon writes them (event 3); nobody knows the program. */
export const networkConnection: EventMapping = eventMapping({
  id: 'network-connection',
  title: 'conversations on the wire, in the words of Sysmon',
  kind: 'flow',
  logSources: [{ category: 'network_connection' }],
  isFor: always,
  fields: {
    Protocol: ['tcp, udp, icmp', (event) => event.transport],
    SourceIp: ['who opened it', (event) => event.srcIp],
    SourcePort: ['its port', (event) => event.srcPort],
    DestinationIp: ['who was called', (event) => event.dstIp],
    DestinationPort: ['its port', (event) => event.dstPort],
  },
})

/** Sigma taxonomy, category network, service connection. */
export const networkEcs: EventMapping = eventMapping({
  id: 'network-ecs',
  title: 'conversations on the wire, in the words of ECS',
  kind: 'flow',
  logSources: [{ category: 'network', service: 'connection' }],
  isFor: always,
  fields: {
    'event.duration': ['seconds', (event) => (event.time - event.start) / 1000],
    'network.transport': ['tcp, udp, icmp', (event) => event.transport],
    'network.type': ['ipv4, ipv6', (event) => (event.srcIp.includes(':') ? 'ipv6' : 'ipv4')],
    'network.community_id': ['Community ID', (event) => event.communityId],
    'source.ip': ['who opened it', (event) => event.srcIp],
    'source.port': ['its port', (event) => event.srcPort],
    'source.packets': ['packets to the destination', (event) => event.packetsOut],
    'source.bytes': ['bytes to the destination', (event) => event.bytesOut],
    'destination.ip': ['who was called', (event) => event.dstIp],
    'destination.port': ['its port', (event) => event.dstPort],
    'destination.packets': ['packets back', (event) => event.packetsIn],
    'destination.bytes': ['bytes back', (event) => event.bytesIn],
  },
})
