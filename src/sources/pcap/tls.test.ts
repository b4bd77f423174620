import { describe, expect, it } from 'vitest'
import { Event, type EventOf } from '../../event/event.ts'
import type { Input } from '../../inputs/input.ts'
import { concatBytes } from '../../wire/bytes.ts'
import {
  dnsMessage,
  encodePcap,
  ethernetFrame,
  TcpConversation,
  type TimedPacket,
  udpPacket,
} from '../../wire/encode/index.ts'
import { certificate } from '../../wire/tls/samples/certificates.ts'
import {
  certificateMessage,
  clientHello,
  record,
  records,
  serverHello,
} from '../../wire/tls/samples/hellos.ts'
import { emptyReport } from '../reading.ts'
import type { SourceEnv } from '../source.ts'
import { pcap } from './index.ts'

const START = 1_747_019_640_000
const CLIENT = { ip: '10.0.0.5', port: 51_234 }
const SERVER = { ip: '198.51.100.7', port: 443 }
const HELLO = records(clientHello({ serverName: 'pool.example', alpn: ['http/1.1'] }))
const ANSWER = records(
  concatBytes(
    serverHello({ alpn: 'http/1.1' }),
    certificateMessage(certificate({ dnsNames: ['*.pool.example'] })),
  ),
)
const text = (value: string) => new TextEncoder().encode(value)

type Said = readonly [isClient: boolean, bytes: Uint8Array]

function connection(said: readonly Said[], mss = 1460): TimedPacket[] {
  const made = new TcpConversation({ client: CLIENT, server: SERVER, startMs: START + 1000, rttMs: 30, mss })
  let time = made.connect()
  for (const [isClient, bytes] of said) {
    made.send(isClient, bytes, time)
    time += 100
  }
  made.close(time)
  return made.packets()
}

const LOOKUP: TimedPacket = {
  timeMs: START,
  bytes: ethernetFrame(
    udpPacket(
      { src: '10.0.0.2', srcPort: 53, dst: CLIENT.ip, dstPort: 40_000 },
      dnsMessage({
        id: 7,
        name: 'own.example',
        type: 'A',
        isResponse: true,
        answers: [
          { name: 'own.example', type: 'CNAME', value: 'pool.example' },
          { name: 'pool.example', type: 'A', value: SERVER.ip },
        ],
      }),
    ),
  ),
}

async function eventsOf(packets: readonly TimedPacket[]): Promise<Event[]> {
  const bytes = encodePcap(packets)
  const report = emptyReport('a.pcap')
  const env: SourceEnv = {
    now: START + 1e9,
    zoneOf: () => null,
    datedRanges: [],
    matchesOf: () => [],
    isAsked: () => false,
    reportOf: () => report,
  }
  const input: Input = {
    name: 'a.pcap',
    group: '',
    storedSize: bytes.length,
    modifiedAt: null,
    head: bytes.subarray(0, 65_536),
    async *chunks() {
      yield await Promise.resolve(bytes)
    },
    tail: () => null,
  }
  const events: Event[] = []
  for await (const batch of pcap.read([input], env))
    events.push(...batch.events.map((event) => Event.parse(event)))
  return events
}

function tlsOf(events: readonly Event[]): EventOf<'tls'>[] {
  return events.filter((event) => event.kind === 'tls')
}

describe('TLS in a capture', () => {
  it.each([1460, 20])('is told once, with segments of %i bytes', async (mss) => {
    const events = await eventsOf([
      LOOKUP,
      ...connection(
        [
          [true, HELLO],
          [false, ANSWER],
          [true, record(23, new Uint8Array(50))],
        ],
        mss,
      ),
    ])
    const [tls, ...others] = tlsOf(events)
    expect(others).toEqual([])
    expect(tls).toMatchObject({
      observer: 'ip:10.0.0.5',
      srcIp: CLIENT.ip,
      srcPort: CLIENT.port,
      dstIp: SERVER.ip,
      dstPort: 443,
      version: '1.2',
      serverName: 'pool.example',
      alpn: ['http/1.1'],
      alpnChosen: 'http/1.1',
      certificate: { subject: 'CN=pool.example', names: ['*.pool.example'], isSelfSigned: true },
      resolvedFrom: 'own.example',
    })
    expect(tls?.origin.raw).toMatch(
      /^ClientHello: pool\.example, ALPN http\/1\.1, JA3 [0-9a-f]{32}, JA4 t12d0202h1_\w{12}_\w{12}; ServerHello: TLS 1\.2, ALPN http\/1\.1, JA3S [0-9a-f]{32}; Certificate: CN=pool\.example$/u,
    )
    const flow = events.find((event) => event.kind === 'flow' && event.transport === 'tcp')
    expect(flow).toMatchObject({ communityId: tls?.communityId, resolvedFrom: 'own.example' })
  })

  it('is read behind the head of a proxy', async () => {
    const [tls] = tlsOf(
      await eventsOf(
        connection([
          [true, text('CONNECT pool.example:443 HTTP/1.1\r\nHost: pool.example:443\r\n\r\n')],
          [false, text('HTTP/1.1 200 Connection established\r\n\r\n')],
          [true, HELLO],
          [false, ANSWER],
        ]),
      ),
    )
    expect(tls).toMatchObject({ serverName: 'pool.example', certificate: { subject: 'CN=pool.example' } })
  })

  it.each<[string, readonly Said[], object]>([
    ['no answer', [[true, HELLO]], { version: '1.2', ja3s: null, certificate: null }],
    ['only the server', [[false, ANSWER]], { ja3: null, serverName: null, srcIp: CLIENT.ip, version: '1.2' }],
  ])('with %s in it is told when the connection ends', async (_, said, expected) => {
    expect(tlsOf(await eventsOf(connection(said)))).toMatchObject([{ resolvedFrom: null, ...expected }])
  })

  it('is not told where there is none', async () => {
    const events = await eventsOf(
      connection([
        [true, record(23, new Uint8Array(90))],
        [false, text('SSH-2.0-x\r\n')],
      ]),
    )
    expect(tlsOf(events)).toEqual([])
  })
})
