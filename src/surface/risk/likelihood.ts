import type { DoorCatalogue } from '../../intel/doors.ts'
import type { Derivation } from '../document.ts'
import type { Candidate } from '../doors/candidates.ts'
import { allowsPasswords, type HostState } from '../host/host-state.ts'
import { anyOf, given, product, stated } from './derive.ts'
import { reachOf } from './reach.ts'

/** What is known of one way in over the network. */
export interface NetworkWay {
  readonly portFrom: number
  readonly portTo: number
  readonly sources: readonly string[]
  /** Asked for strangers of the internet; else for everybody in one network. */
  readonly isInternet: boolean
  readonly listening: boolean | 'unknown'
  /** What may stand behind it, a list for every port that counts. */
  readonly candidates: readonly (readonly Candidate[])[]
  readonly host: HostState | null
  /** Days since the image was made, and since the machine started; null = nobody knows. */
  readonly imageAgeDays: number | null
  readonly wasUsed: boolean
  /** A load balancer or proxy stands before it. */
  readonly isBehindBalancer: boolean
  /** What would have to be known to say that strangers reach it is not in the evidence. */
  readonly isReachUnsure: boolean
}

/** So many ports open that what may listen there cannot be told by a port. */
export const WIDE = 256
const OLD_DAYS = 180
const ANCIENT_DAYS = 730
/** A hole that became known so recently is one for which machines still wait for their update. */
const RECENT = '2023-08-25'

/** Chance that somebody comes in this way within 30 days, with everything it is made of. */
export function networkLikelihood(way: NetworkWay, catalogue: DoorCatalogue): Derivation {
  const ports = way.candidates.map((candidates) => portChance(candidates, way, catalogue))
  const behind =
    ports.length === 1 && ports[0] !== undefined ? ports[0] : anyOf('one of several services is taken', ports)
  const parts: Derivation[] = [behind]
  if (isWide(way) && way.listening === 'unknown')
    parts.push(
      given(
        `${way.portTo - way.portFrom + 1} ports are open and nobody said what listens`,
        catalogue.factor('wide-open'),
        'factor',
      ),
    )
  parts.push(listeningFactor(way, catalogue), reachFactor(way, catalogue))
  if (way.isReachUnsure)
    parts.push(
      given('whether strangers reach it could not be told', catalogue.factor('reach-unknown'), 'factor'),
    )
  if (way.isBehindBalancer)
    parts.push(given('a load balancer stands before it', catalogue.factor('behind-load-balancer'), 'factor'))
  if (way.imageAgeDays !== null && way.imageAgeDays > OLD_DAYS) {
    const id = way.imageAgeDays > ANCIENT_DAYS ? 'image-ancient' : 'image-old'
    parts.push(given(`its image is ${Math.round(way.imageAgeDays)} days old`, catalogue.factor(id), 'factor'))
  }
  if (way.wasUsed)
    parts.push(given('somebody came in this way before', catalogue.factor('used-before'), 'factor'))
  return product('chance that somebody comes in this way within 30 days', 'chance', parts)
}

export function isWide({ portFrom, portTo }: Pick<NetworkWay, 'portFrom' | 'portTo'>): boolean {
  return portTo - portFrom >= WIDE
}

/** Of what may listen at one port; one product, or the mean of those that share it. */
function portChance(candidates: readonly Candidate[], way: NetworkWay, catalogue: DoorCatalogue): Derivation {
  const [first] = candidates
  const port = first?.port ?? 0
  if (first === undefined) return stated('nothing listens', 0, 'chance')
  const doors = candidates.map((candidate) => doorChance(candidate, way, catalogue))
  const certainty = given(
    first.isSeen ? 'the host names the product' : `told by the number of the port ${port} alone`,
    catalogue.factor(first.isSeen ? 'product-seen' : 'product-by-port'),
    'factor',
  )
  if (doors.length === 1 && doors[0] !== undefined)
    return product(`${first.door.title} on port ${port} is taken`, 'chance', [doors[0], certainty])
  return product(`what listens on port ${port} is taken`, 'chance', [
    meanOf(candidates, doors, port),
    certainty,
  ])
}

function meanOf(candidates: readonly Candidate[], doors: readonly Derivation[], port: number): Derivation {
  const total = candidates.reduce((so, { weight }) => so + weight, 0)
  const mean = { low: 0, mid: 0, high: 0 }
  for (const [at, { weight }] of candidates.entries()) {
    const value = doors[at]?.value
    if (value === undefined) continue
    mean.low += (value.low * weight) / total
    mean.mid += (value.mid * weight) / total
    mean.high += (value.high * weight) / total
  }
  const names = candidates.map(
    ({ door, weight }) => `${door.title}${weight === 1 ? '' : ` (counts ${weight} times)`}`,
  )
  const shown =
    names.length > MAX_NAMES ? [...names.slice(0, MAX_NAMES), `${names.length - MAX_NAMES} more`] : names
  const note = `the mean of what is usual on port ${port}: ${shown.join(', ')}`
  return {
    ...stated('an exposed service there is taken', mean, 'chance', note),
    source: doors[0]?.source ?? null,
  }
}

const MAX_NAMES = 6

function doorChance({ door }: Candidate, way: NetworkWay, catalogue: DoorCatalogue): Derivation {
  const note = door.taken === null ? null : `${door.taken.text} (${door.taken.source}, ${door.taken.date})`
  const base = given(`an exposed ${door.title} is taken`, door.chance, 'chance', note)
  const parts: Derivation[] = [base]
  const recent = door.cves.filter(({ known }) => known >= RECENT)
  if (recent.length > 0) {
    const names = recent.slice(0, 3).map(({ id }) => id)
    parts.push(
      given(`exploited in the wild: ${names.join(', ')}`, catalogue.factor('exploited-recently'), 'factor'),
    )
  }
  const passwords = door.id === 'ssh' ? allowsPasswords(way.host) : null
  if (passwords !== null) {
    const label = passwords ? 'sshd takes passwords' : 'sshd takes keys only'
    parts.push(given(label, catalogue.factor(passwords ? 'ssh-passwords' : 'ssh-keys-only'), 'factor'))
  }
  return parts.length === 1 ? base : product(base.label, 'chance', parts)
}

function listeningFactor({ listening }: NetworkWay, catalogue: DoorCatalogue): Derivation {
  if (listening === true)
    return given('something listens there', catalogue.factor('listening-true'), 'factor')
  if (listening === false)
    return given(
      'nothing listens there now',
      catalogue.factor('listening-false'),
      'factor',
      'it is open all the same for what is started there later',
    )
  return given('nobody said whether something listens there', catalogue.factor('listening-unknown'), 'factor')
}

function reachFactor({ sources, isInternet }: NetworkWay, catalogue: DoorCatalogue): Derivation {
  const reach = isInternet
    ? reachOf(sources)
    : { id: 'source-internet', says: 'everybody in the network asked about' }
  return given(reach.says, catalogue.factor(reach.id), 'factor')
}
