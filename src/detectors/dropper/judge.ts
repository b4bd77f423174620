import type { ProcessEvent } from '../../event/process.ts'
import type { Sighting } from '../model/host/host-detector.ts'
import { isSystemAccount, type Keeper } from '../model/host/maintenance.ts'
import {
  hiddenPart,
  isFileless,
  isMemoryPlace,
  isSystemPlace,
  isWorkFolder,
  isWorldWritable,
} from '../model/host/places.ts'
import { isOwnNetwork } from '../model/host/remote.ts'
import type { Drop } from './drops.ts'

export interface Place {
  readonly path: string
  /** Given to an interpreter rather than started itself. */
  readonly isScript: boolean
}

export interface Circumstances {
  readonly drop: Drop | null
  readonly keeper: Keeper | null
  /** A network service is behind it, and nobody logged in. */
  readonly isByService: boolean
  readonly event: ProcessEvent
}

/** What a start from this place says; null = nothing. */
export function judgeStart(place: Place, about: Circumstances): Sighting | null {
  if (isContainerRuntime(place, about.event)) return null
  if (isFileless(place.path)) return fileless(place, about)
  const hidden = hiddenPart(place.path)
  const isOpen = isWorldWritable(place.path)
  if (about.keeper === 'containers') return inContainer(place, about)
  if (about.keeper !== null)
    return isOpen || hidden !== null ? start(place, about, 'low', 0.2, 'context') : null
  if (isOpen && (isMemoryPlace(place.path) || hidden !== null))
    return start(place, about, 'high', about.drop === null ? 0.8 : 0.9, 'foothold')
  if (isOpen) return fromTemporary(place, about)
  if (hidden !== null) return fromHidden(place, about)
  if (about.drop === null) return null
  // Tools are fetched to where programs belong every day, but not from a bare address.
  const isUsual = isSystemPlace(place.path)
  return isForeign(about.drop)
    ? start(place, about, 'medium', isUsual ? 0.5 : 0.55, 'foothold')
    : start(place, about, 'low', isUsual ? 0.2 : 0.3, 'context')
}

/** Images hold what they like in /tmp; what comes from a bare address, or hides in memory, is not of the image. */
function inContainer(place: Place, about: Circumstances): Sighting | null {
  const isOpen = isWorldWritable(place.path)
  const isHidden = hiddenPart(place.path) !== null
  if (about.drop !== null && isForeign(about.drop)) return start(place, about, 'high', 0.8, 'foothold')
  if (isOpen && (isMemoryPlace(place.path) || isHidden)) return start(place, about, 'medium', 0.6, 'foothold')
  return isOpen || isHidden ? start(place, about, 'low', 0.2, 'context') : null
}

/**
 * People who administer machines unpack, copy and try things in /tmp every day: it takes a bare address,
 * a way that anybody could have written on, or a service behind it.
 */
function fromTemporary(place: Place, about: Circumstances): Sighting {
  const { drop } = about
  if (drop !== null && isForeign(drop)) return start(place, about, 'high', 0.85, 'foothold')
  if (about.isByService) return start(place, about, 'high', 0.75, 'foothold')
  if (isWorkFolder(place.path)) return start(place, about, 'low', 0.2, 'context')
  const isFromAfar = drop !== null && drop.host !== null && !isOwnNetwork(drop.host)
  const isOfSystem = isSystemAccount(about.event.actor)
  if (isOfSystem && (isFromAfar || !place.isScript)) return start(place, about, 'medium', 0.6, 'foothold')
  if (isFromAfar && drop.isPlain) return start(place, about, 'medium', 0.5, 'foothold')
  return start(place, about, 'low', 0.35, 'context')
}

/** A folder behind a dot in somebody's home: many tools live so, and people start them. */
function fromHidden(place: Place, about: Circumstances): Sighting {
  const { drop } = about
  if (drop !== null && isForeign(drop)) return start(place, about, 'medium', 0.75, 'foothold')
  if (drop !== null && drop.host !== null && drop.isPlain && !isOwnNetwork(drop.host))
    return start(place, about, 'medium', 0.5, 'foothold')
  const isByHand = about.event.actor.loginUid !== null
  const isToolFolder =
    /\/\.[^/]+\/(?:.{1,200}\/)?(?:bin|sbin|libexec|shims|versions|node_modules|plugins|hooks|scripts|site-packages|toolchains?)\//u.test(
      place.path,
    )
  if (isToolFolder || place.isScript || isByHand) return start(place, about, 'low', 0.25, 'context')
  return start(place, about, 'medium', 0.5, 'foothold')
}

/** From a bare address that is not one's own. */
export function isForeign({ isAddress, host }: Drop): boolean {
  return isAddress && host !== null && !isOwnNetwork(host)
}

function fileless(place: Place, about: Circumstances): Sighting {
  const isKept = about.keeper !== null
  return {
    what: 'fileless',
    title: `A program without a file was started (${place.path})`,
    severity: isKept ? 'low' : 'high',
    confidence: isKept ? 0.2 : 0.75,
    stage: isKept ? 'context' : 'foothold',
    attack: ['T1620'],
    path: place.path,
    remote: null,
    // The number of a descriptor or of a process differs each time.
    fold: place.path.replaceAll(/\d+/gu, '#'),
    isRepeating: true,
  }
}

function start(
  place: Place,
  { drop }: Circumstances,
  severity: Sighting['severity'],
  confidence: number,
  stage: Sighting['stage'],
): Sighting {
  const how = place.isScript ? 'The script' : 'The program'
  const from = drop?.remote ?? null
  const attack = ['T1059.004']
  if (drop !== null) attack.unshift('T1105')
  if (hiddenPart(place.path) !== null) attack.push('T1564.001')
  return {
    what: 'dropper',
    title:
      from === null
        ? `${how} ${place.path} was started`
        : `${how} ${place.path}, fetched from ${drop?.host ?? from}, was started`,
    severity,
    confidence,
    stage,
    attack,
    path: place.path,
    remote: from,
    preparedIn: drop?.session ?? null,
    isRepeating: true,
    // A build makes a new folder each time: what is context is told once for all of them.
    fold:
      stage === 'context'
        ? place.path
            .split('/')
            .slice(0, 3)
            .join('/')
            .replaceAll(/[\dA-Z]+/gu, '#')
        : place.path,
  }
}

/** runc copies itself to memory before it enters a container (its answer to CVE-2019-5736). */
function isContainerRuntime(place: Place, event: ProcessEvent): boolean {
  return (
    place.path.startsWith('/memfd:runc_cloned') ||
    (event.args[0] === 'runc' && event.args[1] === 'init') ||
    (/^\/proc\/self\/(?:exe|fd\/\d+)$/u.test(place.path) && /^runc|^crun/u.test(event.actor.name ?? ''))
  )
}
