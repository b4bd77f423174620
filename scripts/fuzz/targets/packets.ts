import { readFileSync } from 'node:fs'
import { documentOf } from '../../../src/conversations/document.ts'
import type { Conversation } from '../../../src/conversations/conversation.ts'
import { Recorder } from '../../../src/conversations/recorder.ts'
import { loadIntel } from '../../../src/intel/load.ts'
import type { Random } from '../../../src/range/random.ts'
import { FirstPackets } from '../../../src/wire/behaviour/first-packets.ts'
import { FlowModel } from '../../../src/wire/behaviour/model.ts'
import { CaptureReader } from '../../../src/wire/capture/reader.ts'
import { concatBytes } from '../../../src/wire/bytes.ts'
import {
  encodePcap,
  ethernetFrame,
  grePacket,
  TcpConversation,
  type TimedPacket,
  vxlanPacket,
} from '../../../src/wire/encode/index.ts'
import { FlowTracker } from '../../../src/wire/flow/tracker.ts'
import type { FlowListener, FlowRecord } from '../../../src/wire/flow/news.ts'
import { DECODED, PacketDecoder, TCP } from '../../../src/wire/packet/decoder.ts'
import { certificate } from '../../../src/wire/tls/samples/certificates.ts'
import {
  certificateMessage,
  clientHello,
  records,
  serverHello,
} from '../../../src/wire/tls/samples/hellos.ts'
import { PacketChanges } from '../packet-changes.ts'
import { promise, type Target } from '../target.ts'
import { conversation, odd } from './captures.ts'
import { DIALOGUES, WORDS } from './dialogue-samples.ts'

/** In each case, whatever its bytes are. */
const PACKETS = 1000
/** So few that flows have to make room for each other all the time. */
const MAX_FLOWS = 200
const START = Date.UTC(2026, 4, 12, 3)
const MAX_DOCUMENT = 20_000

interface Packet {
  readonly bytes: Uint8Array
  readonly linkType: number
  readonly timeMs: number
}

let shared: { readonly intel: ReturnType<typeof loadIntel>; readonly model: FlowModel } | null = null
let lasting: World | null = null

/**
 * A thousand packets a case, each changed by itself, through decoder, flow tracker and what makes conversations of
 * them: once through a tracker of the case's own, where nothing may be left at the end, and once through one that
 * has seen the cases before, as a sensor that runs for months.
 */
export const packets: Target = {
  name: 'packets',
  samples: () => [
    ...DIALOGUES.map((_, which) => encodePcap(conversation(which))),
    encodePcap(sealed()),
    encodePcap(odd()),
    encodePcap(tunnelled()),
    encodePcap([conversation(0), conversation(1), sealed(), odd()].flat()),
  ],
  words: WORDS,
  build: null,
  check: (bytes, random) => {
    const given = packetsOf(bytes)
    const own = new World()
    lasting ??= new World()
    const changes = new PacketChanges({ samples: given.map((packet) => packet.bytes), words: WORDS })
    for (let [count, at] = [0, 0]; count < PACKETS; count++) {
      // Mostly in order; some are lost, doubled, or come too early or too late.
      at = random.chance(0.9) ? at + 1 : random.integer(0, given.length - 1)
      const { linkType, ...packet } = given[at % given.length] ?? given[0]!
      const changed = changes.changed(packet.bytes, linkType, random)
      const link = random.chance(0.02) ? random.pick(LINKS) : linkType
      const elapsedMs = elapsed(random)
      own.take(changed, link, elapsedMs)
      lasting.take(changed, link, elapsedMs)
    }
    own.end()
  },
}

const LINKS = [0, 1, 12, 101, 113, 276, 228, 9999] as const

function elapsed(random: Random): number {
  const kind = random.fraction()
  if (kind < 0.97) return random.between(0, 200)
  return kind < 0.995 ? random.between(-5000, 60_000) : random.between(-1e6, 1e7)
}

/** One tracker, and what is told of it. */
class World implements FlowListener {
  readonly #decoder = new PacketDecoder()
  readonly #recorder: Recorder
  readonly #tracker: FlowTracker
  #timeMs = START
  #clockMs = START
  #count = 0
  #taken = 0
  #told = 0

  constructor() {
    shared ??= { intel: loadIntel(), model: readModel() }
    this.#recorder = new Recorder({
      ...shared,
      tellsAll: true,
      placeOf: (packet) => ({ file: 'x', packet }),
      news: checkConversation,
      told: checkConversation,
    })
    this.#tracker = new FlowTracker(MAX_FLOWS, this, new FirstPackets())
  }

  take(bytes: Uint8Array, linkType: number, elapsedMs: number): void {
    this.#timeMs = Math.max(0, this.#timeMs + elapsedMs)
    this.#count++
    if (this.#timeMs > this.#clockMs) {
      this.#clockMs = this.#timeMs
      this.#tracker.advance(this.#clockMs)
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const decoder = this.#decoder
    if (decoder.decode(bytes, view, 0, bytes.length, linkType, this.#timeMs) !== DECODED) return
    promise(
      decoder.dataAt <= decoder.dataEnd && decoder.dataEnd <= decoder.bytes.length,
      'payload within the packet',
    )
    this.#taken += decoder.packetCount
    this.#tracker.track(decoder, this.#timeMs, true, this.#count, this.#count * 16)
    promise(this.#tracker.size <= MAX_FLOWS, 'no more flows than allowed')
  }

  end(): void {
    while (!this.#tracker.finish(50)) continue
    promise(this.#tracker.size === 0, 'every flow ended')
    promise(this.#told === this.#taken, 'each packet told in one flow')
  }

  flow(flow: FlowRecord, packets: Int32Array | null): void {
    this.#told += flow.packetsOut + flow.packetsIn
    promise(flow.start <= flow.last, 'a start before the end')
    if (flow.protocol === TCP) this.#recorder.flow(flow, packets)
  }

  stratum(news: Parameters<FlowListener['stratum']>[0]): void {
    this.#recorder.stratum(news)
  }

  dns(news: Parameters<FlowListener['dns']>[0]): void {
    this.#recorder.dns(news)
  }

  tls(news: Parameters<Recorder['tls']>[0]): void {
    this.#recorder.tls(news)
  }
}

const OPTIONS = { coins: new Map(), showSecrets: false } as const

function checkConversation(conversation: Conversation): void {
  const { confidence, verdict, dialogue, packets: count } = conversation
  promise(confidence >= 0 && confidence <= 1, 'a confidence from 0 to 1')
  promise(verdict !== 'mining' || confidence >= 0.5, 'mining from 0.5 on')
  promise(count > 0, 'packets')
  if (dialogue === null) return
  promise(dialogue.sharesAccepted + dialogue.sharesRejected <= 1e6, 'shares that can be')
  promise(JSON.stringify(documentOf(conversation, OPTIONS)).length < MAX_DOCUMENT, 'a small document')
}

function readModel(): FlowModel {
  const file = new URL('../../../src/intel/data/flow-model.json', import.meta.url)
  return FlowModel.parse(JSON.parse(readFileSync(file, 'utf8')))
}

/** The packets of a capture; of anything else the bytes themselves, as one packet. */
function packetsOf(bytes: Uint8Array): Packet[] {
  const reader = new CaptureReader()
  reader.append(bytes)
  reader.end()
  const found: Packet[] = []
  while (found.length < PACKETS && reader.next()) {
    const { at, end, linkType, timeMs } = reader.packet
    found.push({ bytes: reader.bytes.slice(at, end), linkType, timeMs })
  }
  return found.length === 0 ? [{ bytes: bytes.slice(0, 65_535), linkType: 1, timeMs: START }] : found
}

/** TLS as far as its beginning is in clear, then records both ways. */
function sealed(): TimedPacket[] {
  const made = new TcpConversation({
    client: { ip: '2001:db8::5', port: 51_300 },
    server: { ip: '2001:db8::7', port: 443 },
    startMs: START,
    rttMs: 30,
  })
  let time = made.connect()
  const proof = certificate({ dnsNames: ['pool.example'] })
  made.send(true, records(clientHello({ serverName: 'pool.example', alpn: ['h2'] })), time)
  made.send(false, concatBytes(records(serverHello({})), records(certificateMessage(proof))), time + 30)
  for (let turn = 0; turn < 12; turn++) {
    time += 15_000
    made.send(turn % 2 === 0, Uint8Array.of(23, 3, 3, 0, 200, ...new Uint8Array(200).fill(turn)), time)
  }
  return made.packets()
}

function tunnelled(): TimedPacket[] {
  return conversation(1).map(({ timeMs, bytes }, at) => ({
    timeMs,
    bytes: ethernetFrame(at % 2 === 0 ? vxlanPacket(bytes) : grePacket(bytes.subarray(14), { type: 0x0800 })),
  }))
}
