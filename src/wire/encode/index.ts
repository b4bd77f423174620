export { concatBytes } from '../bytes.ts'
export { dnsMessage, type DnsAnswer, dnsOverTcp } from './dns.ts'
export {
  cookedFrame,
  cookedV2Frame,
  ethernetFrame,
  loopbackFrame,
  macFor,
  mplsStack,
  pppFrame,
  pppoeSession,
} from './frame.ts'
export { ipFragments, ipPacket } from './ip.ts'
export { encodePcap, type TimedPacket } from './pcap.ts'
export { encodePcapng, type PcapngOptions } from './pcapng.ts'
export { TcpConversation } from './tcp-conversation.ts'
export {
  icmpPacket,
  TCP_ACK,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  tcpPacket,
  tcpSegment,
  udpDatagram,
  udpPacket,
} from './transport.ts'
