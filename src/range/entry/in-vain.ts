import type { Gang } from '../gangs/gang.ts'
import type { Host } from '../host/host.ts'
import { guessHard } from '../intrusion/guessing.ts'
import { TcpConnection } from '../network/tcp.ts'
import type { Random } from '../random.ts'
import { type Act, MINUTE_MS, SECOND_MS } from '../schedule.ts'
import { exploitRequest } from './web-exploit.ts'

const RTT_MS = { from: 40, to: 220 }
const PORTS = [2375, 2376, 6379, 8080, 7001, 9200, 5555, 23, 3306, 10_250] as const

/** A gang that looks into everything this host could offer, and finds all of it shut. */
export function* tryInVain(host: Host, gang: Gang, random: Random): Act {
  const srcIp = random.pick([gang.traits.sources.at(-1) ?? '', gang.traits.sources[0] ?? ''])
  const rttMs = random.between(RTT_MS.from, RTT_MS.to)
  if (random.chance(0.8)) yield* scanPorts(host, srcIp, rttMs, random)
  yield host.machine.nowMs + random.between(1, 20) * MINUTE_MS
  if (random.chance(0.7)) yield* exploitInVain(host, gang, srcIp, rttMs, random)
  if (random.chance(0.7)) {
    const from = { ip: srcIp, rttMs, software: gang.traits.client }
    const tries = host.ledger.triesFrom(srcIp) + random.integer(10, 140)
    yield* guessHard(host.machine, host.ledger, from, tries, random)
  }
}

/** A SYN for each, and no for an answer. */
function* scanPorts(host: Host, srcIp: string, rttMs: number, random: Random): Act {
  const { machine } = host
  for (const port of PORTS) {
    const remote = { ip: srcIp, port: random.integer(32_768, 60_999) }
    const local = { ip: machine.facts.address, port }
    new TcpConnection(machine.tap, { local, remote, opener: 'remote', rttMs }, random).refuse(machine.nowMs)
    yield machine.nowMs + random.between(5, 400)
  }
}

/** A request that would have worked on another machine. */
function* exploitInVain(host: Host, gang: Gang, srcIp: string, rttMs: number, random: Random): Act {
  const { machine } = host
  const attempt = { host, gang, random, srcIp }
  for (let i = random.integer(1, 4); i > 0; i--) {
    const { text, method, target, agent } = exploitRequest(attempt)
    const remote = { ip: srcIp, port: random.integer(32_768, 60_999) }
    const local = { ip: machine.facts.address, port: 80 }
    const tcp = new TcpConnection(machine.tap, { local, remote, opener: 'remote', rttMs }, random)
    const status = random.pick([404, 404, 400, 403])
    const body = `<html><head><title>${status}</title></head></html>\r\n`
    const answer = `HTTP/1.1 ${status} \r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
    yield tcp.open(machine.nowMs)
    yield tcp.send('remote', new TextEncoder().encode(text), machine.nowMs)
    yield tcp.send('local', new TextEncoder().encode(answer), machine.nowMs + 1)
    machine.accessLog?.write({ srcIp, method, target, status, bytes: body.length, referrer: null, agent })
    yield tcp.close('local', machine.nowMs)
    yield machine.nowMs + random.between(1, 30) * SECOND_MS
  }
}
