import { emptyAsset } from '../assets.ts'
import type { SurfaceContext } from '../context.ts'
import type { Derivation, Range, Sink, SurfaceAsset } from '../document.ts'
import { exposureId, lossTotal, type Loss, sinksOf, type WayIn } from '../exposure.ts'
import type { HostState } from '../host/host-state.ts'
import { lossesBehind } from '../losses.ts'
import type { Verdict } from '../network/verdict.ts'
import { stated } from '../risk/derive.ts'
import { networkLikelihood, type NetworkWay } from '../risk/likelihood.ts'
import { multiply, rounded } from '../risk/range.ts'
import { reachOf } from '../risk/reach.ts'
import { type Behind, isPortProtocol, lookBehind } from './behind.ts'
import type { Candidate } from './candidates.ts'
import { titleOf } from './way-words.ts'

const DAY_MS = 86_400_000
export const OPEN_PORT = 'open-port'

/**
 * A verdict that somebody gets through, with its chance and its money. A large network has hundreds of thousands of
 * them and the document room for the dearest: only those are written out in full (`networkExposure`).
 */
export class NetworkWayIn implements WayIn {
  readonly verdict: Verdict
  readonly usdPerDay: Range
  readonly chance: Derivation
  readonly isInternet: boolean
  readonly #context: SurfaceContext
  #id: string | null = null

  constructor(verdict: Verdict, isInternet: boolean, context: SurfaceContext) {
    this.verdict = verdict
    this.isInternet = isInternet
    this.#context = context
    const { of, seen } = this.look()
    this.chance = isPortProtocol(verdict.protocol) ? chanceOf(this.way(of, seen), seen, context) : NO_CHANCE
    this.usdPerDay = amountOf(this.chance, lossTotal(lossesBehind(of, context)), context)
  }

  get asset(): string {
    return this.verdict.asset
  }

  get protocol(): string {
    return this.verdict.protocol
  }

  get portFrom(): number {
    return this.verdict.portFrom
  }

  get portTo(): number {
    return this.verdict.portTo
  }

  get likelihood(): Range {
    return this.chance.value
  }

  get losses(): readonly Loss[] {
    return lossesBehind(this.#asset(), this.#context)
  }

  get sinks(): readonly Sink[] {
    return sinksOf(this.losses)
  }

  get id(): string {
    this.#id ??= exposureId(OPEN_PORT, this.asset, this.key)
    return this.#id
  }

  get title(): string {
    const { of, seen } = this.look()
    return titleOf(this.verdict, of, seen, seen.candidates.flat()[0], this.isInternet)
  }

  /** What makes it this one of its asset: where one port is surely open to some and perhaps to others, it is two. */
  get key(): (string | number)[] {
    const { address, protocol, portFrom, portTo, family, status, behind } = this.verdict
    return [
      address,
      protocol,
      portFrom,
      portTo,
      family,
      ...(status === 'unknown' ? ['unsure'] : []),
      ...(behind === null ? [] : [behind.targetAddress ?? '', behind.targetPort]),
    ]
  }

  /** Incidents of the case that came in this way. */
  get usedIn(): string[] {
    if (this.#context.incidents.length === 0) return []
    const { of, seen } = this.look()
    return incidentsBehind(seen.candidates.flat(), of, this.#context)
  }

  look(): { of: SurfaceAsset; host: HostState | null; seen: Behind } {
    const of = this.#asset()
    const host = this.#context.hostOf.get(this.verdict.asset) ?? null
    return { of, host, seen: lookBehind(this.verdict, of, host, this.#context) }
  }

  way(of: SurfaceAsset, { listening, candidates }: Behind): NetworkWay {
    const { portFrom, portTo, sources, behind, status } = this.verdict
    return {
      portFrom,
      portTo,
      sources,
      isInternet: this.isInternet,
      listening,
      candidates,
      host: this.#context.hostOf.get(this.verdict.asset) ?? null,
      imageAgeDays: of.imageTime === null ? null : (this.#context.now - Date.parse(of.imageTime)) / DAY_MS,
      wasUsed: this.usedIn.length > 0,
      isBehindBalancer: behind !== null,
      isReachUnsure: status === 'unknown',
    }
  }

  #asset(): SurfaceAsset {
    const { asset } = this.verdict
    return this.#context.assets.get(asset) ?? emptyAsset(asset, 'other', 'aws')
  }
}

const NO_CHANCE = stated(
  'chance that somebody comes in this way within 30 days',
  0,
  'chance',
  'no service of the catalogue waits behind this protocol',
)

/** Many machines have the same port open to the same people: their chance is worked out once. */
function chanceOf(way: NetworkWay, seen: Behind, { catalogue, memory }: SurfaceContext): Derivation {
  if (way.host !== null) return networkLikelihood(way, catalogue)
  const { sources, isInternet, imageAgeDays, wasUsed, isBehindBalancer, isReachUnsure } = way
  const reach = isInternet ? reachOf(sources) : null
  let known = memory.chances.get(seen)
  if (known === undefined) {
    known = new Map()
    memory.chances.set(seen, known)
  }
  let byTraits = known.get(reach)
  if (byTraits === undefined) {
    byTraits = new Map()
    known.set(reach, byTraits)
  }
  const age = imageAgeDays === null ? -1 : Math.round(imageAgeDays)
  const traits = age * 8 + (wasUsed ? 4 : 0) + (isBehindBalancer ? 2 : 0) + (isReachUnsure ? 1 : 0)
  let chance = byTraits.get(traits)
  if (chance === undefined) {
    chance = networkLikelihood(way, catalogue)
    byTraits.set(traits, chance)
  }
  return chance
}

/** Many ways have the same chance and lead to as much: their amount is one object. */
function amountOf(chance: Derivation, { value: loss }: Derivation, { memory }: SurfaceContext): Range {
  let known = memory.amounts.get(chance)
  if (known === undefined) {
    known = new Map()
    memory.amounts.set(chance, known)
  }
  const alike = known.get(loss.mid)
  if (alike !== undefined && alike.loss.low === loss.low && alike.loss.high === loss.high) return alike.amount
  const amount = rounded(multiply(chance.value, loss))
  known.set(loss.mid, { loss, amount })
  return amount
}

/** Incidents of the case on this machine whose way in is one of these doors. */
function incidentsBehind(
  candidates: readonly Candidate[],
  asset: SurfaceAsset,
  { incidents }: SurfaceContext,
): string[] {
  const names = new Set([asset.id, ...asset.names, ...asset.addresses])
  const doors = new Set(candidates.map(({ door }) => door.id))
  return incidents
    .filter((incident) => incident.names.some((name) => names.has(name)))
    .filter(({ wayIn }) => wayIn !== null && doors.has(wayIn.startsWith('ssh') ? 'ssh' : wayIn))
    .map(({ id }) => id)
}
