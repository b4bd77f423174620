import type { MachineFacts } from '../../machine.ts'
import type { Random } from '../../random.ts'
import { dayPath, objectTime } from '../clock-text.ts'
import type { OpenEvidence, PacketPassed, WitnessedFile } from '../witness.ts'
import { Delivery } from './delivery.ts'
import { backgroundScans } from './flow-background.ts'
import { type FlowFormat, flowHeader, flowLine, type FlowTraffic } from './flow-format.ts'
import { isPrivateAddress } from './private-address.ts'

const TCP = 6
/** What flow logs tell of TCP: FIN, SYN, RST, and ACK only beside SYN. */
const TOLD_FLAGS = 0x07
const SYN_ACK = 0x12
/** Packets may be told so much before their time. */
const AHEAD_MS = 2000
const DELIVERY_MS = 15 * 60_000
const SKIPPED_WINDOW = 0.0004
const SAME_VPC = 1
const INTERNET_GATEWAY = 8

export interface FlowLogSettings {
  readonly format: FlowFormat
  readonly intervalSeconds: 60 | 600
  readonly account: string
  readonly region: string
  readonly vpcId: string
  /** `fl-` and 17 hex digits. */
  readonly flowLogId: string
  /** Put before every path. */
  readonly folder: string
  /** Of the first window. */
  readonly startMs: number
}

interface Flow {
  readonly key: Omit<FlowTraffic, 'packets' | 'bytes' | 'tcpFlags'>
  packets: number
  bytes: number
  tcpFlags: number
  firstMs: number
  lastMs: number
}

interface Interface {
  readonly machine: MachineFacts
  readonly interfaceId: string
  readonly subnetId: string
  /** Windows of an interface begin when they will, not with the minute. */
  windowMs: number
  /** By window: packets come a little ahead of their time. */
  readonly flows: Map<string, Flow>
  early: PacketPassed[]
}

/**
 * VPC flow logs as S3 holds them: gzipped, a header line in each object, per interface and window one line for each
 * direction of a conversation, NODATA where nothing passed.
 */
export class FlowLog {
  readonly #settings: FlowLogSettings
  readonly #delivery: Delivery
  readonly #interfaces = new Map<string, Interface>()
  readonly #random: Random

  constructor(
    open: OpenEvidence,
    settings: FlowLogSettings,
    machines: readonly MachineFacts[],
    random: Random,
  ) {
    this.#settings = settings
    this.#random = random
    const { account, region, flowLogId, folder } = settings
    this.#delivery = new Delivery(open, {
      periodMs: DELIVERY_MS,
      opening: `${flowHeader(settings.format)}\n`,
      between: '',
      closing: '',
      path: (startMs) => {
        const name = `${account}_vpcflowlogs_${region}_${flowLogId}_${objectTime(startMs)}_${random.hex(8)}.log.gz`
        return `${folder}AWSLogs/${account}/vpcflowlogs/${region}/${dayPath(startMs)}/${name}`
      },
    })
    for (const machine of machines) this.#interfaces.set(machine.instanceId, this.#interfaceOf(machine))
  }

  passed(machine: MachineFacts, packet: PacketPassed): void {
    const card = this.#interfaces.get(machine.instanceId)
    if (card === undefined) return
    this.#closeWindows(card, packet.timeMs - AHEAD_MS)
    if (packet.timeMs >= card.windowMs + this.#intervalMs) card.early.push(packet)
    else count(card, packet)
  }

  /** Up to `endMs`, the last moment of the evidence. */
  end(endMs: number): void {
    for (const card of this.#interfaces.values()) this.#closeWindows(card, endMs)
    this.#delivery.end()
  }

  files(): readonly WitnessedFile[] {
    return this.#delivery.files()
  }

  get #intervalMs(): number {
    return this.#settings.intervalSeconds * 1000
  }

  #interfaceOf(machine: MachineFacts): Interface {
    const random = this.#random.fork(`interface ${machine.instanceId}`)
    return {
      machine,
      interfaceId: `eni-0${random.hex(16)}`,
      subnetId: `subnet-0${random.hex(16)}`,
      windowMs: this.#settings.startMs - random.integer(0, this.#intervalMs - 1),
      flows: new Map(),
      early: [],
    }
  }

  #closeWindows(card: Interface, nowMs: number): void {
    while (card.windowMs + this.#intervalMs <= nowMs) {
      this.#closeWindow(card)
      card.windowMs += this.#intervalMs
      const early = card.early
      card.early = []
      for (const packet of early) {
        if (packet.timeMs >= card.windowMs + this.#intervalMs) card.early.push(packet)
        else count(card, packet)
      }
    }
  }

  #closeWindow(card: Interface): void {
    const window = { startMs: card.windowMs, endMs: card.windowMs + this.#intervalMs }
    if (this.#random.chance(SKIPPED_WINDOW)) {
      this.#write(card, null, window.startMs, window.endMs - 1000, 'SKIPDATA')
    }
    for (const scan of backgroundScans(card.machine, window, this.#random)) count(card, scan, 'REJECT')
    if (card.flows.size === 0) this.#write(card, null, window.startMs, window.endMs - 1000, 'NODATA')
    for (const { key, packets, bytes, tcpFlags, firstMs, lastMs } of card.flows.values()) {
      this.#write(card, { ...key, packets, bytes, tcpFlags }, firstMs, lastMs, 'OK')
    }
    card.flows.clear()
  }

  #write(
    card: Interface,
    traffic: FlowTraffic | null,
    firstMs: number,
    lastMs: number,
    status: 'OK' | 'NODATA' | 'SKIPDATA',
  ): void {
    const { format, account, region, vpcId } = this.#settings
    const line = flowLine(format, {
      account,
      region,
      vpcId,
      zoneId: zoneOf(region),
      interfaceId: card.interfaceId,
      subnetId: card.subnetId,
      instanceId: card.machine.instanceId,
      traffic,
      startSecond: Math.floor(firstMs / 1000),
      endSecond: Math.floor(lastMs / 1000),
      status,
    })
    this.#delivery.write(`${line}\n`, card.windowMs + this.#intervalMs)
  }
}

function count(card: Interface, packet: PacketPassed, action: 'ACCEPT' | 'REJECT' = 'ACCEPT'): void {
  const { src, dst, srcPort, dstPort, protocol, direction } = packet
  const key = `${src} ${dst} ${srcPort} ${dstPort} ${protocol} ${action}`
  let flow = card.flows.get(key)
  if (flow === undefined) {
    const isEgress = direction === 'out'
    flow = {
      key: {
        src,
        dst,
        srcPort,
        dstPort,
        protocol,
        action,
        direction: isEgress ? 'egress' : 'ingress',
        path: isEgress ? (isPrivateAddress(dst) ? SAME_VPC : INTERNET_GATEWAY) : null,
      },
      packets: 0,
      bytes: 0,
      tcpFlags: 0,
      firstMs: packet.timeMs,
      lastMs: packet.timeMs,
    }
    card.flows.set(key, flow)
  }
  flow.packets += 1
  flow.bytes += packet.bytes
  if (protocol === TCP) flow.tcpFlags |= toldFlags(packet.tcpFlags)
  flow.firstMs = Math.min(flow.firstMs, packet.timeMs)
  flow.lastMs = Math.max(flow.lastMs, packet.timeMs)
}

function toldFlags(flags: number): number {
  return (flags & SYN_ACK) === SYN_ACK ? flags & (TOLD_FLAGS | SYN_ACK) : flags & TOLD_FLAGS
}

/** `us-east-1` → `use1-az4`. */
function zoneOf(region: string): string {
  const [area = 'us', place = 'east', number = '1'] = region.split('-')
  return `${area}${place.charAt(0)}${number}-az4`
}
