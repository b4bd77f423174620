import type { Gang } from '../gangs/gang.ts'
import type { Host } from '../host/host.ts'
import type { Stretch } from '../host/occupation.ts'
import { HOUR_MS, MINUTE_MS } from '../schedule.ts'
import {
  type TrueChange,
  type TrueCost,
  type TrueMachine,
  type TrueOccupant,
  type TrueTenure,
  truthTime,
} from '../truth.ts'
import { type Berth, REGION } from './fleet.ts'

/** A miner that its owner's own cron line or unit brought back within this time was never gone, if nobody took its place. */
const SAME_TENURE_MS = 10 * MINUTE_MS
/** A process that ended at once mined nothing. */
const SHORTEST_MS = 1000

export function machineTruth(host: Host, { facts, instance }: Berth, endMs: number): TrueMachine {
  const tenures = tenuresOf(host, endMs)
  const [wayIn = null, ...laterWaysIn] = host.waysIn
  return {
    name: facts.name,
    id: facts.instanceId,
    addresses: [facts.address, facts.publicAddress],
    wayIn,
    laterWaysIn,
    pressure: host.ledger.pressure(),
    tenures: tenures.map((tenure) => told(tenure, endMs)),
    changes: host.occupation.changes.map(changeTold),
    files: host.ledger.files,
    cost: costOf(host, tenures, { instance }, endMs),
  }
}

interface Tenure {
  readonly gang: Gang
  readonly startMs: number
  endMs: number | null
  readonly stretches: Stretch[]
}

/** Stretches of the same miner's owner, joined over short breaks unless the machine was lost in between. */
function tenuresOf(host: Host, endMs: number): Tenure[] {
  const tenures: Tenure[] = []
  for (const stretch of host.occupation.stretches) {
    const { gang, startedMs } = stretch.miner
    if ((stretch.endMs ?? endMs) - startedMs < SHORTEST_MS) continue
    const before = tenures.findLast((one) => one.gang === gang)
    const wasLost = host.occupation.changes.some(
      (change) =>
        change.from === gang && change.timeMs >= (before?.endMs ?? Infinity) && change.timeMs <= startedMs,
    )
    if (before !== undefined && !wasLost && startedMs - (before.endMs ?? startedMs) <= SAME_TENURE_MS) {
      before.stretches.push(stretch)
      before.endMs =
        stretch.endMs === null || before.endMs === null ? null : Math.max(before.endMs, stretch.endMs)
    } else {
      tenures.push({ gang, startMs: startedMs, endMs: stretch.endMs, stretches: [stretch] })
    }
  }
  return tenures
}

function told({ gang, startMs, endMs, stretches }: Tenure, battleEndMs: number): TrueTenure {
  const sum = (of: (stretch: Stretch) => number): number =>
    stretches.reduce((total, one) => total + of(one), 0)
  const workedMs = sum(({ miner, endMs: until }) => (until ?? battleEndMs) - miner.startedMs)
  const pool = stretches[0]?.miner.pool ?? gang.traits.pool
  return {
    occupant: gang.id,
    start: truthTime(startMs),
    end: truthTime(endMs ?? battleEndMs),
    isOngoing: endMs === null,
    mining: {
      pool: { name: pool.name ?? '', ip: pool.ip, port: pool.port },
      coin: 'XMR',
      algorithm: 'rx/0',
      hashrate: Math.round((sum(({ miner }) => miner.work.hashMs) / workedMs) * 10) / 10,
      sharesSubmitted: sum(({ miner }) => miner.haul.submitted),
      sharesAccepted: sum(({ miner }) => miner.haul.accepted),
      sharesRejected: sum(({ miner }) => miner.haul.rejected),
      expectedHashes: sum(({ miner }) => miner.haul.expectedHashes),
    },
  }
}

function changeTold({ timeMs, from, to, how }: Host['occupation']['changes'][number]): TrueChange {
  return { time: truthTime(timeMs), from: from.id, to: to.id, how: [...how] }
}

/** Hours held by anybody, whole account of one machine. */
function costOf(
  host: Host,
  tenures: readonly Tenure[],
  { instance }: Pick<Berth, 'instance'>,
  endMs: number,
): TrueCost {
  const heldMs = unionMs(tenures.map((one) => ({ fromMs: one.startMs, toMs: one.endMs ?? endMs })))
  const hashMs = host.occupation.stretches.reduce((sum, { miner }) => sum + miner.work.hashMs, 0)
  const cpuShare = heldMs === 0 ? 0 : hashMs / instance.fullHashrate / heldMs
  const heldHours = heldMs / HOUR_MS
  return {
    instanceType: instance.type,
    region: REGION,
    usdPerHour: instance.usdPerHour,
    heldSeconds: heldMs / 1000,
    usdHeld: heldHours * instance.usdPerHour,
    cpuShare,
    usdBurst: host.burstLoss.usd,
  }
}

function unionMs(spans: readonly { fromMs: number; toMs: number }[]): number {
  let total = 0
  let untilMs = -Infinity
  for (const { fromMs, toMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    total += Math.max(0, toMs - Math.max(fromMs, untilMs))
    untilMs = Math.max(untilMs, toMs)
  }
  return total
}

export function occupantTruth(gang: Gang): TrueOccupant {
  const { traits } = gang
  const { miner, download, control, key } = traits
  const pools = [traits.pool, ...(traits.morePools ?? [])]
  const addresses = [
    ...traits.sources,
    download.ip,
    ...pools.map(({ ip }) => ip),
    ...(control === null ? [] : [control.ip]),
  ]
  const artefacts = [
    ...traits.wallets.map((value) => ({ type: 'wallet', value })),
    ...pools.map(({ name, ip, port }) => ({ type: 'pool', value: `${name ?? ip}:${port}` })),
    { type: 'path', value: miner.path },
    { type: 'process', value: miner.comm },
    { type: 'agent', value: traits.agent },
    { type: 'download-host', value: download.name ?? download.ip },
    ...(control === null
      ? []
      : [{ type: 'control', value: `${control.name ?? control.ip}:${control.port}` }]),
    ...(key === null ? [] : [{ type: 'key', value: `SHA256:${key.fingerprint}` }]),
  ]
  return {
    id: gang.id,
    family: gang.family,
    skill: gang.skill,
    wallets: [...traits.wallets],
    addresses: [...new Set(addresses)],
    artefacts,
  }
}

/** A cloud account that gangs got into stands among the machines, under its number. */
export function accountTruth(
  account: string,
  raids: readonly { readonly gang: Gang; readonly timeMs: number; readonly source: string }[],
): TrueMachine[] {
  const [wayIn, ...laterWaysIn] = raids.map(({ gang, timeMs, source }) => ({
    kind: 'cloud-credentials',
    time: truthTime(timeMs),
    srcIp: source,
    occupant: gang.id,
  }))
  return wayIn === undefined ? [] : [{ name: account, wayIn, laterWaysIn, tenures: [], changes: [] }]
}
