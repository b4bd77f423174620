import { describe, expect, it } from 'vitest'
import { eventsFrom } from '../detectors/samples/host-sample.ts'
import { Connectors } from './connectors.ts'

const POOL = '198.51.100.7'
const HERE = ['host:web-1']

interface Connection {
  readonly pid: number
  readonly connect?: string
  readonly port?: number
  readonly ses?: string | null
  readonly exe?: string
}

function seen(connections: readonly Connection[]): Connectors {
  const connectors = new Connectors()
  const lines = connections.map((one) => JSON.stringify({ connect: POOL, port: 3333, ...one }))
  for (const event of eventsFrom(lines)) connectors.observe(event)
  return connectors
}

function pidsOf(connections: readonly Connection[], ip = POOL, port = 3333): number[] {
  return seen(connections)
    .to(HERE, ip, port)
    .map(({ pid }) => pid)
}

describe('which processes connected where', () => {
  it('is told with their program, parent, session and time, in the order of the trail', () => {
    const [first, second] = seen([{ pid: 60, ses: '57', exe: '/tmp/.x/run' }, { pid: 50 }]).to(
      HERE,
      POOL,
      3333,
    )
    expect(first).toMatchObject({ pid: 60, ppid: 4700, exe: '/tmp/.x/run', session: '57' })
    expect(second).toMatchObject({ pid: 50, time: (first?.time ?? 0) + 1000 })
  })

  it.each<[string, readonly Connection[], readonly number[]]>([
    ['another port is another endpoint', [{ pid: 50, port: 443 }], []],
    ['another address is another endpoint', [{ pid: 50, connect: '198.51.100.8' }], []],
    ['who dials again at once is told once', [{ pid: 50 }, { pid: 50 }], [50]],
    ['who dials again after another is told again', [{ pid: 50 }, { pid: 60 }, { pid: 50 }], [50, 60, 50]],
  ])('%s', (_what, connections, pids) => {
    expect(pidsOf(connections)).toEqual(pids)
  })

  it.each([
    ['8.8.8.8', 53],
    ['10.0.0.5', 3333],
    ['127.0.0.1', 3333],
    ['::1', 3333],
    ['fe80::1', 3333],
    ['::ffff:192.168.1.9', 3333],
  ])('a name server and an address inside say nothing: %s port %i', (ip, port) => {
    expect(pidsOf([{ pid: 50, connect: ip, port }], ip, port)).toEqual([])
  })

  it('a machine by several identifiers is one', () => {
    const connectors = new Connectors()
    const [first, second] = eventsFrom(
      [50, 60].map((pid) => JSON.stringify({ pid, connect: POOL, port: 3333 })),
    )
    if (first === undefined || second === undefined) throw new Error('two events')
    connectors.observe({ ...first, observer: 'trail:a' })
    connectors.observe({ ...second, observer: 'host:web-2' })
    expect(connectors.to(['host:web-1', 'trail:a'], POOL, 3333).map(({ pid }) => pid)).toEqual([50])
  })
})

describe('what is remembered', () => {
  it('is the newest 64 of an endpoint', () => {
    const pids = pidsOf(Array.from({ length: 100 }, (_, at) => ({ pid: 1000 + at })))
    expect([pids.length, pids[0], pids.at(-1)]).toEqual([64, 1036, 1099])
  })

  it('is the pool that a miner comes back to, and not the endpoint nobody came back to', () => {
    const others = Array.from({ length: 1500 }, (_, at) => ({
      pid: 70,
      connect: `203.0.${at >> 8}.${at & 255}`,
    }))
    const busy = [
      { pid: 50 },
      { pid: 51, port: 443 },
      ...others.slice(0, 800),
      { pid: 60 },
      ...others.slice(800),
    ]
    expect(pidsOf(busy)).toEqual([50, 60])
    expect(pidsOf(busy, POOL, 443)).toEqual([])
  })

  it('is of so many machines', () => {
    const connectors = new Connectors()
    const [event] = eventsFrom([JSON.stringify({ pid: 50, connect: POOL, port: 3333 })])
    if (event === undefined) throw new Error('one event')
    for (let at = 0; at < 4100; at++) connectors.observe({ ...event, observer: `host:h${at}` })
    expect(connectors.to(['host:h4095'], POOL, 3333)).toHaveLength(1)
    expect(connectors.to(['host:h4096'], POOL, 3333)).toEqual([])
  })
})
