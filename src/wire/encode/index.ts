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
export { httpMessage } from './http.ts'
export { ipFragments, ipPacket } from './ip.ts'
export { encodePcap, type TimedPacket } from './pcap.ts'
export { encodePcapng, type PcapngOptions } from './pcapng.ts'
export { socks4Consent, socks4Request, socks5Consent, socks5Request } from './socks.ts'
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
export { carryingPacket, genevePacket, grePacket, gtpPacket, vxlanGpePacket, vxlanPacket } from './tunnel.ts'
export { webSocketFrame, WS_BINARY, WS_CONTINUATION, WS_PING } from './websocket.ts'
