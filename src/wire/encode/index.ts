export { concatBytes } from '../bytes.ts'
export { dnsMessage, type DnsAnswer, type DnsMessageFields, dnsOverTcp } from './dns.ts'
export {
  cookedFrame,
  cookedV2Frame,
  ethernetFrame,
  type EthernetFields,
  loopbackFrame,
  macFor,
  mplsStack,
  pppFrame,
  pppoeSession,
} from './frame.ts'
export { ipFragments, type IpFields, ipPacket } from './ip.ts'
export { encodePcap, type PcapOptions, type TimedPacket } from './pcap.ts'
export { encodePcapng, type PcapngInterface, type PcapngOptions, type PcapngPacket } from './pcapng.ts'
export { type ConversationEnd, type ConversationFields, TcpConversation } from './tcp-conversation.ts'
export {
  icmpPacket,
  type PortPair,
  TCP_ACK,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  type TcpFields,
  tcpPacket,
  tcpSegment,
  udpDatagram,
  udpPacket,
} from './transport.ts'
