import { ethernetFrame, ipPacket, macFor, udpDatagram } from '../../wire/encode/index.ts'
import type { Machine } from '../machine.ts'
import { lookUp } from '../network/names.ts'
import { TcpConnection } from '../network/tcp.ts'
import { changeCipherSpec, clientHello, sealedRecords, serverHello } from '../network/tls-bytes.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'

const HTTPS_PORT = 443
const SSH_PORT = 22
const NTP_PORT = 123
const NTP_PACKET_BYTES = 48
const UDP_PROTOCOL = 17
const ARP_ETHER_TYPE = 0x0806
const CERTIFICATE_BYTES = 900
const DISORDER = 0.004
const SITE = 'www.example.com'
const LOAD_BALANCER_IP = '10.0.3.2'
const TIME_SERVER = { name: '2.debian.pool.ntp.org', ip: '198.18.12.1' }

/** What the machine's own programs call upon. */
const SERVICES = [
  { name: 'api.payments.example', ip: '198.18.20.11' },
  { name: 'metrics.example.org', ip: '198.18.20.40' },
  { name: 'objects.example.com', ip: '198.18.21.7' },
] as const

/** Visitors of the web site, as a Poisson process. */
export function* webVisits(machine: Machine, random: Random, everyMs: number, pageBytes: number): Act {
  for (;;) {
    yield machine.nowMs + random.exponential(everyMs)
    const ip = `198.18.${random.integer(32, 255)}.${random.integer(1, 254)}`
    const remote = { ip, port: random.integer(1025, 65_000) }
    const local = { ip: machine.facts.address, port: HTTPS_PORT }
    const fields = {
      local,
      remote,
      opener: 'remote',
      rttMs: random.between(12, 180),
      disorder: DISORDER,
    } as const
    const tcp = new TcpConnection(machine.tap, fields, random)
    const bytes = Math.ceil(random.exponential(pageBytes)) + 120
    machine.schedule.start(
      exchange(machine, tcp, { client: 'remote', name: SITE, asked: 240, answered: bytes }, random),
    )
    if (machine.accessLog !== null) logPage(machine, ip, bytes, random.fork(`page-${machine.nowMs}`))
  }
}

const PAGES = [
  '/',
  '/',
  '/about',
  '/assets/app.css',
  '/assets/app.js',
  '/api/v1/items',
  '/login',
  '/favicon.ico',
  '/blog/',
] as const
const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
] as const
/** What strangers ask every web server for. */
const PROBES = [
  '/.env',
  '/wp-login.php',
  '/.git/config',
  '/phpmyadmin/',
  '/actuator/health',
  '/robots.txt',
] as const
const PROBED = 0.08

function logPage(machine: Machine, srcIp: string, bytes: number, random: Random): void {
  const isProbe = random.chance(PROBED)
  machine.accessLog?.write({
    srcIp,
    method: 'GET',
    target: isProbe ? random.pick(PROBES) : random.pick(PAGES),
    status: isProbe ? 404 : random.pick([200, 200, 200, 304, 302]),
    bytes,
    referrer: random.chance(0.3) ? `https://${SITE}/` : null,
    agent: isProbe
      ? random.pick(['curl/7.81.0', 'python-requests/2.31.0', 'Go-http-client/1.1'])
      : random.pick(BROWSERS),
  })
}

/** The machine's own calls: a look-up, then TLS. */
export function* serviceCalls(machine: Machine, random: Random, everyMs: number): Act {
  for (;;) {
    yield machine.nowMs + random.exponential(everyMs)
    machine.schedule.start(serviceCall(machine, random.fork(`call-${machine.nowMs}`)))
  }
}

function* serviceCall(machine: Machine, random: Random): Act {
  const service = random.pick(SERVICES)
  yield lookUp(machine, service.name, service.ip, machine.nowMs, random)
  const local = { ip: machine.facts.address, port: machine.nextPort() }
  const remote = { ip: service.ip, port: HTTPS_PORT }
  const fields = { local, remote, opener: 'local', rttMs: random.between(8, 40), disorder: DISORDER } as const
  const tcp = new TcpConnection(machine.tap, fields, random)
  const answered = random.integer(120, 900)
  yield* exchange(machine, tcp, { client: 'local', name: service.name, asked: 300, answered }, random)
}

/** One TLS connection with one question and one answer. */
function* exchange(
  machine: Machine,
  tcp: TcpConnection,
  about: { client: 'local' | 'remote'; name: string; asked: number; answered: number },
  random: Random,
): Act {
  const server = about.client === 'local' ? 'remote' : 'local'
  yield tcp.open(machine.nowMs)
  yield tcp.send(about.client, clientHello(about.name, random), machine.nowMs)
  yield tcp.send(server, serverHello(random, CERTIFICATE_BYTES), machine.nowMs + random.between(0.5, 3))
  yield tcp.send(about.client, changeCipherSpec(), machine.nowMs)
  yield tcp.send(about.client, sealedRecords(about.asked, random), machine.nowMs)
  yield tcp.send(server, sealedRecords(about.answered, random), machine.nowMs + random.between(2, 60))
  yield tcp.close(about.client, machine.nowMs + random.between(1, 400))
}

/** The load balancer opens port 22 to see that it can, and leaves without a word. */
export function* healthChecks(machine: Machine, random: Random, everyMs: number): Act {
  for (;;) {
    yield machine.nowMs + everyMs * random.between(0.98, 1.02)
    const remote = { ip: LOAD_BALANCER_IP, port: random.integer(32_768, 60_999) }
    const local = { ip: machine.facts.address, port: SSH_PORT }
    const tcp = new TcpConnection(machine.tap, { local, remote, opener: 'remote', rttMs: 0.4 }, random)
    machine.schedule.start(knock(machine, tcp, remote))
  }
}

function* knock(machine: Machine, tcp: TcpConnection, from: { ip: string; port: number }): Act {
  yield tcp.open(machine.nowMs)
  const tag = `sshd[${machine.nextPid()}]`
  yield tcp.close('remote', machine.nowMs)
  machine.authLog.write(tag, 'error: kex_exchange_identification: Connection closed by remote host')
  machine.authLog.write(tag, `Connection closed by ${from.ip} port ${from.port}`)
}

/** systemd-timesyncd. */
export function* clockIsSet(machine: Machine, random: Random, everyMs: number): Act {
  const { address } = machine.facts
  for (;;) {
    yield machine.nowMs + everyMs * random.between(0.97, 1.03)
    const sentMs = lookUp(machine, TIME_SERVER.name, TIME_SERVER.ip, machine.nowMs, random)
    const port = machine.nextPort()
    const question = new Uint8Array(NTP_PACKET_BYTES)
    question[0] = 0x23
    const answer = random.bytes(NTP_PACKET_BYTES)
    answer.set([0x24, 2, 6, 0xe9])
    const out = { src: address, srcPort: port, dst: TIME_SERVER.ip, dstPort: NTP_PORT }
    const back = { src: TIME_SERVER.ip, srcPort: NTP_PORT, dst: address, dstPort: port }
    machine.tap.sent(sentMs, ipPacket({ ...out, protocol: UDP_PROTOCOL }, udpDatagram(out, question)))
    machine.tap.received(
      sentMs + 14,
      ipPacket({ ...back, protocol: UDP_PROTOCOL }, udpDatagram(back, answer)),
    )
  }
}

/** Now and then the gateway's hardware address is asked for (RFC 826). */
export function* gatewayIsAskedFor(machine: Machine, random: Random, everyMs: number): Act {
  const { address, gateway } = machine.facts
  const [own, other] = [macFor(address), macFor(gateway)]
  for (;;) {
    yield machine.nowMs + everyMs * random.between(0.9, 1.1)
    const question = arp(1, { mac: own, ip: address }, { mac: '00:00:00:00:00:00', ip: gateway })
    const answer = arp(2, { mac: other, ip: gateway }, { mac: own, ip: address })
    const ether = { etherType: ARP_ETHER_TYPE }
    machine.tap.frame(machine.nowMs, ethernetFrame(question, { ...ether, srcMac: own, dstMac: other }))
    machine.tap.frame(machine.nowMs + 0.1, ethernetFrame(answer, { ...ether, srcMac: other, dstMac: own }))
  }
}

interface Station {
  readonly mac: string
  readonly ip: string
}

function arp(operation: 1 | 2, sender: Station, target: Station): Uint8Array {
  const station = ({ mac, ip }: Station): number[] => [
    ...mac.split(':', 6).map((part) => Number.parseInt(part, 16)),
    ...ip.split('.', 4).map(Number),
  ]
  return Uint8Array.from([0, 1, 8, 0, 6, 4, 0, operation, ...station(sender), ...station(target)])
}
