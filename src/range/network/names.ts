import { dnsMessage, ipPacket, udpDatagram, type DnsAnswer } from '../../wire/encode/index.ts'
import type { Machine } from '../machine.ts'
import type { Random } from '../random.ts'

const DNS_PORT = 53
const UDP_PROTOCOL = 17

/** Asks the resolver for A and AAAA as glibc does (both from one port); only the first is answered with an address. Returns when that is known. */
export function lookUp(machine: Machine, name: string, ip: string, atMs: number, random: Random): number {
  const port = machine.nextPort()
  const answers: DnsAnswer[] = [{ name, type: 'A', value: ip, ttlSeconds: random.pick([60, 300, 600]) }]
  let answeredMs = atMs
  for (const [i, type] of (['A', 'AAAA'] as const).entries()) {
    const id = random.integer(0, 0xffff)
    const askedMs = atMs + i * 0.04
    const thisAnswerMs = askedMs + random.between(0.4, 3)
    sendDatagram(machine, port, dnsMessage({ id, name, type }), askedMs)
    receiveDatagram(
      machine,
      port,
      dnsMessage({ id, name, type, isResponse: true, answers: type === 'A' ? answers : [] }),
      thisAnswerMs,
    )
    machine.tell({
      kind: 'name-looked-up',
      timeMs: askedMs,
      name,
      type,
      srcPort: port,
      answers: type === 'A' ? [ip] : [],
      rcode: 'NOERROR',
    })
    answeredMs = Math.max(answeredMs, thisAnswerMs)
  }
  return answeredMs
}

function sendDatagram(machine: Machine, port: number, payload: Uint8Array, atMs: number): void {
  const { address, resolver } = machine.facts
  const ports = { src: address, srcPort: port, dst: resolver, dstPort: DNS_PORT }
  const ip = ipPacket({ src: address, dst: resolver, protocol: UDP_PROTOCOL }, udpDatagram(ports, payload))
  machine.tap.sent(atMs, ip)
}

function receiveDatagram(machine: Machine, port: number, payload: Uint8Array, atMs: number): void {
  const { address, resolver } = machine.facts
  const ports = { src: resolver, srcPort: DNS_PORT, dst: address, dstPort: port }
  const ip = ipPacket({ src: resolver, dst: address, protocol: UDP_PROTOCOL }, udpDatagram(ports, payload))
  machine.tap.received(atMs, ip)
}
