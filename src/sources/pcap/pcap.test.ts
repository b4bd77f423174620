import { existsSync, readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event, type EventOf } from '../../event/event.ts'
import type { Input } from '../../inputs/input.ts'
import {
  dnsMessage,
  encodePcap,
  encodePcapng,
  ethernetFrame,
  icmpPacket,
  TCP_RST,
  TCP_SYN,
  TcpConversation,
  tcpPacket,
  type TimedPacket,
  udpPacket,
} from '../../wire/encode/index.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { captureSource, pcap } from './index.ts'

const START = 1_747_019_640_000
const MINER = { ip: '10.0.0.5', port: 51234 }
const POOL = { ip: '198.51.100.7', port: 443 }
const text = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value)}\n`)
const WALLET = `4${'8'.repeat(94)}`

const LOGIN = text({
  id: 1,
  jsonrpc: '2.0',
  method: 'login',
  params: { login: WALLET, pass: 'x', agent: 'XMRig/6.21.0' },
})
const JOB = { blob: '10'.repeat(76), job_id: 'j1', target: 'b88d0600', algo: 'rx/0', height: 3_000_000 }
const LOGGED_IN = text({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's1', job: JOB, status: 'OK' } })

function submit(id: number): Uint8Array {
  const params = { id: 's1', job_id: 'j1', nonce: id.toString(16).padStart(8, '0'), result: 'ab'.repeat(32) }
  return text({ id, jsonrpc: '2.0', method: 'submit', params })
}

function accepted(id: number): Uint8Array {
  return text({ id, jsonrpc: '2.0', error: null, result: { status: 'OK' } })
}

/** A miner that finds a share every 20 s. */
function mining(shares: number, startMs = START, miner = MINER, mss = 1460): TimedPacket[] {
  const conversation = new TcpConversation({ client: miner, server: POOL, startMs, rttMs: 30, mss })
  const ready = conversation.connect()
  conversation.send(true, LOGIN, ready)
  conversation.send(false, LOGGED_IN, ready + 60)
  for (let i = 0; i < shares; i++) {
    conversation.send(true, submit(i + 2), ready + 20_000 * (i + 1))
    conversation.send(false, accepted(i + 2), ready + 20_000 * (i + 1) + 60)
  }
  conversation.close(ready + 20_000 * (shares + 1))
  return conversation.packets()
}

function lookUp(atMs: number): TimedPacket[] {
  const ask = { src: MINER.ip, srcPort: 40_000, dst: '10.0.0.1', dstPort: 53 }
  const tell = { src: ask.dst, srcPort: 53, dst: ask.src, dstPort: 40_000 }
  const question = { id: 9, name: 'pool.example', type: 'A' }
  const answers = [{ name: 'pool.example', type: 'A', value: POOL.ip } as const]
  return [
    { timeMs: atMs, bytes: ethernetFrame(udpPacket(ask, dnsMessage(question))) },
    {
      timeMs: atMs + 5,
      bytes: ethernetFrame(udpPacket(tell, dnsMessage({ ...question, isResponse: true, answers }))),
    },
  ]
}

function inputOf(name: string, bytes: Uint8Array, chunkSize = 1 << 20): Input {
  return {
    name,
    group: '.',
    storedSize: bytes.length,
    modifiedAt: START,
    head: bytes.subarray(0, 65_536),
    tail: () => null,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.slice(at, at + chunkSize)
    },
  }
}

async function readAll(inputs: readonly Input[], source = pcap) {
  const reports = new Map<string, InputReport>()
  const env: SourceEnv = {
    now: START + 86_400_000,
    zoneOf: () => null,
    matchesOf: () => [],
    isAsked: () => false,
    datedRanges: [],
    reportOf: ({ name }) => {
      const report = reports.get(name) ?? emptyReport(name)
      reports.set(name, report)
      return report
    },
  }
  const events: Event[] = []
  let watermark = Number.NEGATIVE_INFINITY
  let before = 0
  for await (const batch of source.read(inputs, env)) {
    expect(batch.watermark).toBeGreaterThanOrEqual(watermark)
    for (const event of batch.events) if (event.time < watermark) before++
    expect(batch.events.length).toBeLessThan(20_000)
    watermark = batch.watermark
    events.push(...batch.events)
  }
  expect(watermark).toBe(Number.POSITIVE_INFINITY)
  const total = (key: 'records' | 'bad' | 'unused' | 'duplicates' | 'late') =>
    [...reports.values()].reduce((sum, report) => sum + report[key], 0)
  return { events, reports: [...reports.values()], before, total }
}

function emptyReport(file: string): InputReport {
  const none = { bytes: 0, records: 0, bad: 0, unused: 0, duplicates: 0, late: 0 }
  return { file, format: '', ...none, from: null, to: null, decisions: [], problems: [] }
}

function of<K extends Event['kind']>(events: readonly Event[], kind: K): EventOf<K>[] {
  return events.filter((event): event is EventOf<K> => event.kind === kind)
}

/** What the events say, without where it stands. */
function story(events: readonly Event[]): string[] {
  return events.map((event) => JSON.stringify({ ...event, origin: event.origin.raw })).toSorted()
}

const scene = [...lookUp(START - 1_000), ...mining(30)].toSorted((a, b) => a.timeMs - b.timeMs)

describe('a miner in a capture', () => {
  it('is told with its shares, its pool and a proof', async () => {
    const { events, reports } = await readAll([inputOf('eth0.pcap', encodePcap(scene))])
    for (const event of events) expect(Event.parse(event)).toEqual(event)
    const stratum = of(events, 'stratum')
    expect(stratum[0]).toMatchObject({
      phase: 'opened',
      srcIp: MINER.ip,
      dstIp: POOL.ip,
      dstPort: 443,
      start: START,
    })
    expect(stratum.at(-1)).toMatchObject({
      phase: 'closed',
      sharesSubmitted: 30,
      sharesAccepted: 30,
      login: WALLET,
      subjects: ['ip:10.0.0.5'],
      origin: { source: 'pcap', file: 'eth0.pcap' },
    })
    expect(of(events, 'flow').map((flow) => flow.origin.raw)).toEqual([
      '10.0.0.5:40000 → 10.0.0.1:53 udp 1/1 packets',
      expect.stringMatching(/^10\.0\.0\.5:51234 → 198\.51\.100\.7:443 tcp \d+\/\d+ packets$/u),
    ])
    expect(of(events, 'dns').map((dns) => dns.origin.raw)).toEqual([
      'A? pool.example',
      'A? pool.example → 198.51.100.7',
    ])
    expect(reports[0]).toMatchObject({ format: 'capture', records: scene.length, bad: 0, problems: [] })
    expect(reports[0]?.from).toBe(START - 1_000)
  })

  it('points at the packet that carried the line', async () => {
    const capture = encodePcap(scene)
    const { events } = await readAll([inputOf('eth0.pcap', capture)])
    const origin = of(events, 'stratum').at(-1)?.origin
    const record = new DataView(capture.buffer, origin?.offset ?? 0)
    const length = record.getUint32(8, true)
    const payload = capture.subarray((origin?.offset ?? 0) + 16, (origin?.offset ?? 0) + 16 + length)
    expect(new TextDecoder('latin1').decode(payload)).toContain(origin?.raw)
    expect(scene[(origin?.packet ?? 0) - 1]?.bytes).toEqual(payload)
  })

  it.each<[string, TimedPacket[], Partial<EventOf<'stratum'>>]>([
    ['on any port, in tiny segments', mining(3, START, MINER, 8), { sharesAccepted: 3 }],
    ['joined mid-stream', mining(10).slice(9), { sharesAccepted: 10 }],
    ['without its handshake and its end', mining(5).slice(3, -3), { sharesAccepted: 5 }],
    [
      'every packet twice',
      mining(5).flatMap((one) => [one, { ...one, timeMs: one.timeMs + 0.3 }]),
      { sharesAccepted: 5 },
    ],
    ['neighbours swapped', swapped(mining(5)), { sharesAccepted: 5 }],
    ['only what the miner says', mining(5).filter(isFrom(MINER.ip)), { sharesSubmitted: 5 }],
    ['only what the pool says', mining(5).filter(isFrom(POOL.ip)), { dstIp: POOL.ip }],
    ['wrong checksums everywhere', mining(5).map(withWrongChecksums), { sharesAccepted: 5 }],
    ['a forged reset early on', withReset(mining(5), 6), { sharesAccepted: 5 }],
    ['a share that was not captured', mining(5).toSpliced(11, 1), { sharesSubmitted: 4 }],
    [
      'the miner on the lower port, joined mid-stream',
      mining(5, START, { ip: MINER.ip, port: 99 }).slice(3),
      { sharesAccepted: 5 },
    ],
  ])('%s', async (_, packets, expected) => {
    const { events } = await readAll([inputOf('a.pcap', encodePcap(packets))])
    expect(of(events, 'stratum').at(-1)).toMatchObject({ phase: 'closed', srcIp: MINER.ip, ...expected })
    expect(of(events, 'flow')).toHaveLength(1)
  })

  it('is two dialogues when it connects again from the same port', async () => {
    const again = mining(2, START + 100_000)
    const packets = [...mining(2), ...again.map((one) => ({ ...one }))]
    const shifted = new TcpConversation({
      client: MINER,
      server: POOL,
      startMs: START + 100_000,
      rttMs: 30,
      isn: 77,
    })
    const ready = shifted.connect()
    shifted.send(true, LOGIN, ready)
    shifted.send(false, LOGGED_IN, ready + 60)
    const { events } = await readAll([
      inputOf('a.pcap', encodePcap([...packets.slice(0, -again.length), ...shifted.packets()])),
    ])
    const closed = of(events, 'stratum').filter((event) => event.phase === 'closed')
    expect(closed.map((event) => [event.start, event.sharesAccepted])).toEqual([
      [START, 2],
      [START + 100_000, 0],
    ])
  })
})

function isFrom(ip: string) {
  const bytes = ip.split('.').map(Number)
  return (packet: TimedPacket) => bytes.every((byte, i) => packet.bytes[26 + i] === byte)
}

function withWrongChecksums(packet: TimedPacket): TimedPacket {
  const wrong = new Set([24, 25, 50, 51])
  return { ...packet, bytes: packet.bytes.map((byte, at) => (wrong.has(at) ? byte ^ 0x5a : byte)) }
}

/** A reset with a sequence number from nowhere, as if sent by the pool. */
function withReset(packets: readonly TimedPacket[], index: number): TimedPacket[] {
  const ends = { src: POOL.ip, srcPort: POOL.port, dst: MINER.ip, dstPort: MINER.port }
  const bytes = ethernetFrame(tcpPacket({ ...ends, seq: 0x12345678, flags: TCP_RST }))
  return packets.toSpliced(index, 0, { timeMs: packets[index]?.timeMs ?? START, bytes })
}

function swapped(packets: readonly TimedPacket[]): TimedPacket[] {
  return packets.map((_, i) => packets[i ^ 1] ?? packets[i]).filter((one) => one !== undefined)
}

describe('several captures', () => {
  const whole = encodePcap(scene)

  it.each<[string, () => Input[]]>([
    [
      'cut in two',
      () => [inputOf('1', encodePcap(scene.slice(0, 40))), inputOf('2', encodePcap(scene.slice(40)))],
    ],
    [
      'given in the wrong order',
      () =>
        [
          inputOf('z', encodePcap(scene.slice(0, 40))),
          inputOf('a', encodePcap(scene.slice(40))),
        ].toReversed(),
    ],
    ['the same twice', () => [inputOf('a', whole), inputOf('b', whole)]],
    ['the same twice in two formats', () => [inputOf('a', encodePcapng(scene)), inputOf('b', whole)]],
    [
      'whole and in parts',
      () => [
        inputOf('a', whole),
        inputOf('b', encodePcap(scene.slice(10, 60))),
        inputOf('c', encodePcap(scene.slice(30))),
      ],
    ],
    [
      'dealt out to two',
      () => [
        inputOf('a', encodePcap(scene.filter((_, i) => i % 2 === 0))),
        inputOf('b', encodePcap(scene.filter((_, i) => i % 2 === 1))),
      ],
    ],
    ['in small chunks', () => [inputOf('a', whole, 100)]],
    [
      'with an empty one beside it',
      () => [inputOf('0', encodePcap([])), inputOf('a', whole), inputOf('9', new Uint8Array())],
    ],
  ])('%s: the same events', async (_, inputs) => {
    const expected = await readAll([inputOf('a', whole)])
    const { events, total } = await readAll(inputs())
    expect(story(events)).toEqual(story(expected.events))
    expect(total('records') - total('duplicates')).toBe(scene.length)
  })

  it('counts a packet twice that one capture holds twice', async () => {
    const [first] = scene
    if (first === undefined) throw new Error('no packet')
    const doubled = encodePcap([first, first])
    const { events, total } = await readAll([inputOf('a', doubled), inputOf('b', doubled)])
    expect(of(events, 'flow')[0]?.packetsOut).toBe(2)
    expect(total('duplicates')).toBe(2)
  })

  it('are opened only when their time has come', async () => {
    const opened: string[] = []
    const watched = (name: string, packets: readonly TimedPacket[]): Input => {
      const input = inputOf(name, encodePcap(packets), 1_000)
      return {
        ...input,
        async *chunks() {
          opened.push(`${name} opened`)
          yield* input.chunks(() => undefined)
          opened.push(`${name} done`)
        },
      }
    }
    const parts = [
      watched('part0', scene.slice(0, 40)),
      watched('part1', scene.slice(40, 80)),
      watched('part2', scene.slice(80)),
    ]
    await readAll(parts)
    expect(opened.slice(0, 3)).toEqual(['part0 opened', 'part0 done', 'part1 opened'])
  })
})

describe('time', () => {
  it.each([
    ['in the far future', 20, 4_200_000_000_000],
    ['in 1970', 20, 5_000],
    ['in the far future, first of all', 0, 4_200_000_000_000],
    ['two hours ahead', 20, START + 7_200_000],
  ])('one mad time stamp %s neither ends flows nor moves the watermark', async (_, index, timeMs) => {
    const packets = scene.map((one, i) => (i === index ? { ...one, timeMs } : one))
    for (const capture of [encodePcap(packets), encodePcapng(packets)]) {
      const { events, before } = await readAll([inputOf('a', capture, 5_000)])
      expect(before).toBe(0)
      expect(of(events, 'flow').filter((flow) => flow.transport === 'tcp')).toHaveLength(1)
      expect(of(events, 'stratum').at(-1)).toMatchObject({ sharesAccepted: 30, start: START })
      for (const event of events) expect(Math.abs(event.time - START)).toBeLessThan(1_000_000)
    }
  })

  it('a pause of days is believed', async () => {
    const packets = [...lookUp(START - 10 * 86_400_000), ...lookUp(START)]
    const { events } = await readAll([inputOf('a', encodePcap(packets))])
    expect(of(events, 'flow').map((flow) => flow.start)).toEqual([START - 10 * 86_400_000, START])
  })

  it('going back is counted as late and read all the same', async () => {
    const early = lookUp(START - 60_000)
    const { events, total } = await readAll([inputOf('a', encodePcap([...scene, ...early]))])
    expect(total('late')).toBe(2)
    expect(of(events, 'dns')).toHaveLength(4)
  })

  it('a flow idle for too long is two flows', async () => {
    const packets = [0, 30_000, 100_000].flatMap((later) => lookUp(START + later))
    const { events } = await readAll([inputOf('a', encodePcap(packets))])
    expect(of(events, 'flow').map((flow) => flow.packetsOut)).toEqual([2, 1])
  })

  it('a capture without times is read, and says so', async () => {
    const { events } = await readAll([inputOf('a', encodePcapng(scene, { packetBlock: 'simple' }))])
    expect(of(events, 'stratum').at(-1)).toMatchObject({
      sharesAccepted: 30,
      timeQuality: 'unknown',
      time: START,
    })
  })
})

describe('what is wrong is said', () => {
  it('cut off', async () => {
    const capture = encodePcap(scene)
    const { events, reports } = await readAll([inputOf('a', capture.subarray(0, capture.length - 10))])
    expect(events.length).toBeGreaterThan(3)
    expect(reports[0]?.problems).toEqual([
      `it ends in the middle of packet ${scene.length} (file cut off at ${(capture.length - 10).toLocaleString('en')} bytes); read what is there: ${scene.length - 1} packets`,
    ])
  })

  it('damage, foreign link types, broken packets', async () => {
    const frames = [
      { timeMs: START, bytes: new Uint8Array(30), interfaceId: 1 },
      { timeMs: START + 1, bytes: new Uint8Array(9), interfaceId: 0 },
      {
        timeMs: START + 2,
        bytes: ethernetFrame(
          icmpPacket({ src: '10.0.0.1', dst: '10.0.0.2', type: 8, code: 0 }, new Uint8Array(4)),
        ),
      },
    ]
    const capture = encodePcapng(frames, { interfaces: [{}, { linkType: 105 }] })
    const { reports, events } = await readAll([inputOf('a', capture)])
    expect(reports[0]).toMatchObject({ records: 3, bad: 1, unused: 1 })
    expect(reports[0]?.problems).toEqual([
      '1 packet left out: headers damaged or cut short',
      '1 packet of link type 105, 802.11, not read',
    ])
    expect(of(events, 'flow')).toHaveLength(1)
  })

  it('more flows than are followed', async () => {
    const packets = Array.from({ length: 500 }, (_, i) => {
      const fields = { src: `10.0.${i >> 8}.${i & 255}`, srcPort: 5_000, dst: '192.0.2.1', dstPort: 80 }
      return { timeMs: START + i, bytes: ethernetFrame(tcpPacket({ ...fields, seq: 1, flags: TCP_SYN })) }
    })
    const { events, reports } = await readAll(
      [inputOf('a', encodePcap(packets))],
      captureSource({ maxFlows: 100 }),
    )
    expect(of(events, 'flow')).toHaveLength(500)
    expect(reports[0]?.problems[0]).toMatch(/^more than 100 flows at once: \d+ told before they ended$/u)
  })
})

describe('hostile captures', () => {
  it('never throw, and give only valid events', async () => {
    const bases = [encodePcap(scene.slice(0, 30)), encodePcapng(scene.slice(0, 30))]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...bases),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 30 }),
        async (base, edits) => {
          const bytes = base.slice()
          for (const [at, value] of edits) bytes[at % bytes.length] = value
          const { events } = await readAll([inputOf('a', bytes, 700), inputOf('b', base)])
          for (const event of events) Event.parse(event)
        },
      ),
      { seed: 16, numRuns: 150 },
    )
  })
})

const corpus = new URL('../../../../shared/corpus/', import.meta.url)
const captures = ['benign/ndpi', 'mining/cj-sniffer', 'mining/ndpi', 'mining/zeek-cryptomining']

describe('real captures (skipped where ../shared/corpus is absent)', () => {
  it.skipIf(!existsSync(corpus)).each(captures)('%s', async (folder) => {
    for (const name of readdirSync(new URL(folder, corpus))) {
      if (!/\.pcap(?:ng)?$/u.test(name)) continue
      const { events, reports, before } = await readAll([
        inputOf(name, readFileSync(new URL(`${folder}/${name}`, corpus)), 9_999),
      ])
      for (const event of events) Event.parse(event)
      const [report] = reports
      const isFuzzed = name.startsWith('fuzz-')
      expect({ name, problems: isFuzzed ? [] : report?.problems }).toEqual({ name, problems: [] })
      if (report?.late === 0) expect({ name, before }).toEqual({ name, before: 0 })
      if (folder === 'benign/ndpi')
        expect({ name, stratum: of(events, 'stratum').length }).toEqual({ name, stratum: 0 })
      else if (name !== 'coinhive.pcap')
        expect({ name, isTold: of(events, 'stratum').length > 0 }).toEqual({ name, isTold: true })
    }
  })
})
