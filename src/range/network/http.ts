import type { Machine } from '../machine.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'
import { TcpConnection } from './tcp.ts'

/** The machine fetches a page in the clear (RFC 9110); `body` null = 304, nothing new. */
export function* fetchOverHttp(
  machine: Machine,
  from: { host: string; ip: string; path: string; agent?: string },
  body: string | null,
  random: Random,
): Act {
  const tcp = new TcpConnection(
    machine.tap,
    {
      local: { ip: machine.facts.address, port: machine.nextPort() },
      remote: { ip: from.ip, port: 80 },
      opener: 'local',
      rttMs: random.between(20, 90),
    },
    random,
  )
  const agent = from.agent ?? 'curl/7.88.1'
  const request = `GET ${from.path} HTTP/1.1\r\nHost: ${from.host}\r\nUser-Agent: ${agent}\r\nAccept: */*\r\n\r\n`
  const date = new Date(machine.nowMs).toUTCString()
  const head = body === null ? 'HTTP/1.1 304 Not Modified' : 'HTTP/1.1 200 OK'
  const type =
    body === null ? '' : `Content-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n`
  const reply = `${head}\r\nServer: nginx\r\nDate: ${date}\r\n${type}Connection: close\r\n\r\n${body ?? ''}`
  yield tcp.open(machine.nowMs)
  yield tcp.send('local', new TextEncoder().encode(request), machine.nowMs)
  yield tcp.send('remote', new TextEncoder().encode(reply), machine.nowMs + random.between(1, 12))
  yield tcp.close('remote', machine.nowMs)
}
