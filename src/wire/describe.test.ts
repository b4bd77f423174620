import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describePacket } from './describe.ts'
import {
  dnsMessage,
  encodePcap,
  ethernetFrame,
  ipFragments,
  TCP_ACK,
  TCP_PSH,
  tcpPacket,
  udpDatagram,
  udpPacket,
} from './encode/index.ts'

const ENDS = { src: '10.0.0.5', srcPort: 51234, dst: '192.0.2.7', dstPort: 3333 }
const NAME_SERVER = { src: '10.0.0.5', srcPort: 5000, dst: '192.0.2.53', dstPort: 53 }
const START = 1_747_019_640_000.123

function captureOf(...packets: readonly Uint8Array[]) {
  const bytes = encodePcap(packets.map((packet, i) => ({ timeMs: START + i, bytes: packet })))
  return {
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 50) yield bytes.slice(at, at + 50)
    },
  }
}

function tcp(payload: string | Uint8Array): Uint8Array {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
  return ethernetFrame(tcpPacket({ ...ENDS, seq: 1, ack: 2, flags: TCP_ACK | TCP_PSH }, bytes))
}

describe('a packet for reading', () => {
  it('shows text as text', async () => {
    const lines = await describePacket(captureOf(tcp('x'), tcp('{"id":1}\n{"id":2}\r\n')), 2, 24 + 16 + 60)
    expect(lines).toEqual([
      'packet 2  2025-05-12T03:14:00.001123Z  73 bytes',
      '10.0.0.5:51234 -> 192.0.2.7:3333  TCP  59 bytes of IPv4',
      'PSH ACK  seq 1  ack 2  19 bytes of payload',
      '',
      '{"id":1}',
      '{"id":2}\\r',
    ])
  })

  it('shows anything else as hex', async () => {
    const lines = await describePacket(captureOf(tcp(Uint8Array.of(0x16, 3, 1, 0x41, 0xff))), 1, 24)
    expect(lines.at(-1)).toBe('0000  16 03 01 41 ff                                   ...A.')
  })

  it('lets nothing reach a terminal', async () => {
    const lines = await describePacket(
      captureOf(tcp('an ordinary line with \u001b[31mred\u001b[0m in it, and \u202e too')),
      1,
      24,
    )
    expect(lines.at(-1)).toBe('an ordinary line with \\x1b[31mred\\x1b[0m in it, and \\xe2\\x80\\xae too')
  })

  it('tells DNS', async () => {
    const query = dnsMessage({ id: 1, name: 'pool.example', type: 'A' })
    const lines = await describePacket(captureOf(ethernetFrame(udpPacket(NAME_SERVER, query))), 1, 24)
    expect(lines[2]).toBe('DNS query  A? pool.example')
  })

  it('puts fragments together', async () => {
    const fields = { src: ENDS.src, dst: ENDS.dst, protocol: 17, id: 3 }
    const fragments = ipFragments(
      fields,
      udpDatagram(ENDS, new TextEncoder().encode('hello '.repeat(10))),
      32,
    )
    const capture = captureOf(...fragments.map((packet) => ethernetFrame(packet)))
    expect((await describePacket(capture, 1, 24))[1]).toBe('a fragment: the rest comes in other packets')
    const whole = await describePacket(capture, fragments.length, 0)
    expect(whole[1]).toContain('put together from 3 fragments')
    expect(whole.at(-1)).toBe('hello '.repeat(10))
  })

  it('keeps long payloads short', async () => {
    const lines = await describePacket(captureOf(tcp('line\n'.repeat(250))), 1, 24)
    expect(lines.length).toBeLessThan(36)
    expect(lines.at(-1)).toBe('... 1100 more bytes')
  })

  it('is empty where there is no such packet', async () => {
    expect(await describePacket(captureOf(tcp('x')), 2, 24)).toEqual([])
  })

  it('is printable ASCII whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 120 }), async (bytes) => {
        for (const line of await describePacket(captureOf(bytes, tcp(bytes)), 2, 24))
          expect(line).toMatch(/^[\u0020-\u007e]*$/u)
        for (const line of await describePacket(captureOf(bytes), 1, 24))
          expect(line).toMatch(/^[\u0020-\u007e]*$/u)
      }),
      { seed: 17, numRuns: 200 },
    )
  })
})
