import { readFileSync } from 'node:fs'
import type { Conversation } from '../../src/conversations/conversation.ts'
import { wireComposition } from '../../src/compose-wire.ts'
import { readCaptures } from '../../src/conversations/read-captures.ts'
import type { Input } from '../../src/inputs/input.ts'
import { loadIntel } from '../../src/intel/load.ts'
import { InputReports } from '../../src/pipeline/input-reports.ts'
import { CaptureReader } from '../../src/wire/capture/reader.ts'
import { DECODED, PacketDecoder, TCP } from '../../src/wire/packet/decoder.ts'

const intel = loadIntel()
const model = await wireComposition().flowModel()

export function inputOf(name: string, bytes: Uint8Array): Input {
  return {
    name,
    group: '.',
    storedSize: bytes.length,
    modifiedAt: null,
    head: bytes.subarray(0, 65_536),
    tail: () => null,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.slice(at, at + 65_536)
    },
  }
}

/** Conversations of captures in memory, those about nothing as well. */
export async function conversationsOf(...inputs: readonly Input[]): Promise<Conversation[]> {
  const found: { conversation: Conversation; order: number }[] = []
  const reports = new InputReports()
  await readCaptures(
    inputs,
    {
      now: Date.UTC(2030, 0),
      zoneOf: () => null,
      datedRanges: [],
      matchesOf: () => [],
      isAsked: () => false,
      reportOf: (input) => reports.of(input),
    },
    {
      intel,
      model,
      maxFlows: 10_000,
      tellsAll: true,
      told: (conversation, order) => found.push({ conversation, order }),
    },
    () => undefined,
  )
  return found.toSorted((a, b) => a.order - b.order).map(({ conversation }) => conversation)
}

export function readInput(file: string): Input {
  return inputOf(file, readFileSync(file))
}

/** The same capture with every TCP port changed, one to one; both ends of a connection agree. */
export function withOtherPorts(bytes: Uint8Array, portOf: (port: number) => number): Uint8Array {
  const reader = new CaptureReader()
  const decoder = new PacketDecoder()
  reader.append(bytes)
  reader.end()
  while (reader.next()) {
    const { packet, bytes: buffer, view } = reader
    if (decoder.decode(buffer, view, packet.at, packet.end, packet.linkType, packet.timeMs) !== DECODED)
      continue
    if (decoder.protocol !== TCP || decoder.isIpv6 || decoder.packetCount > 1) continue
    const tcpAt = decoder.ipAt + ((buffer[decoder.ipAt] ?? 0) & 15) * 4
    view.setUint16(tcpAt, portOf(decoder.srcPort))
    view.setUint16(tcpAt + 2, portOf(decoder.dstPort))
  }
  return reader.bytes.slice(0, bytes.length)
}
