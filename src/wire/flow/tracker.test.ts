import { describe, expect, it } from 'vitest'
import { tcpPacket } from '../encode/index.ts'
import { DECODED, PacketDecoder } from '../packet/decoder.ts'
import type { StratumNews } from './news.ts'
import { FlowTracker, MAX_CONNECTIONS } from './tracker.ts'

const RAW_IP = 101

interface Told {
  readonly tracker: FlowTracker
  readonly stratum: StratumNews[]
  flows: number
  say(number: number, text: string): void
}

/** A tracker to whose connections, by number, something can be said. */
function tracked(): Told {
  const stratum: StratumNews[] = []
  const told: Told = {
    stratum,
    flows: 0,
    tracker: new FlowTracker(100_000, {
      flow: () => told.flows++,
      stratum: (news) => stratum.push(news),
      dns: () => {},
    }),
    say(number, text) {
      const src = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`
      const packet = tcpPacket(
        { src, srcPort: 4000, dst: '198.51.100.2', dstPort: 3333, seq: 1, ack: 1, flags: 0x18 },
        Buffer.from(text),
      )
      const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
      expect(decoder.decode(packet, view, 0, packet.length, RAW_IP, number)).toBe(DECODED)
      told.tracker.track(decoder, number, true, number + 1, 0)
    },
  }
  const decoder = new PacketDecoder()
  return told
}

describe('more connections than are read at once', () => {
  it('even if all are mining: the oldest is told a last time and read no further', () => {
    const told = tracked()
    const login = `{"id":1,"method":"login","params":{"login":"4${'A'.repeat(94)}","pass":"x","agent":"XMRig/6.21.0"}}\n`
    for (let number = 0; number < MAX_CONNECTIONS + 10; number++) told.say(number, login)
    expect(told.tracker.unread).toBe(10)
    const closed = told.stratum.filter(({ phase }) => phase === 'closed')
    expect(closed.map(({ flow }) => flow.srcIp)).toEqual(
      Array.from({ length: 10 }, (_, at) => `10.0.0.${at}`),
    )
    while (!told.tracker.finish(1000)) continue
    expect(told.flows).toBe(MAX_CONNECTIONS + 10)
    expect(told.stratum.filter(({ phase }) => phase === 'closed').length).toBe(MAX_CONNECTIONS + 10)
  })
})
