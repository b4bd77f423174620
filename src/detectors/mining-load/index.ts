import type { Event } from '../../event/event.ts'
import { defineHostDetector, type Sighting } from '../model/host/host-detector.ts'
import { type Burner, burnerOf, burningSince, coresInWords } from '../model/host/running.ts'
import { reasonsOf, type Tuning } from './reasons.ts'

interface Memory {
  /** How the machine is set, as far as it was told before its processes are. */
  tuning: Tuning
}

/**
 * A program that works as miners do: evenly, for long, a thread bound to each processor, in huge pages, with the
 * processor tuned for it. Each alone is honest (databases, DPDK, video, science); together they are RandomX.
 */
export const miningLoad = defineHostDetector<Memory>({
  id: 'mining-load',
  title: 'Programs that use processor and memory the way miners do',
  attack: ['T1496.001'],
  kinds: ['process', 'resource'],
  remember: () => ({ tuning: { areMsrWritable: false, hugePages: 0 } }),
  look(state, event, see) {
    learnTuning(state.tuning, event)
    const burner = burnerOf(event)
    const sighting = burner === null ? null : sightingOf(burner, state.tuning)
    if (sighting !== null) see(sighting)
  },
  mergeMemory(into, from) {
    into.tuning.areMsrWritable ||= from.tuning.areMsrWritable
    into.tuning.hugePages = Math.max(into.tuning.hugePages, from.tuning.hugePages)
  },
})

function learnTuning(tuning: Tuning, event: Event): void {
  if (event.kind !== 'resource' || event.provider !== 'host' || event.resourceType !== 'kernel') return
  const { msrWrites, hugePages } = event.attributes
  tuning.areMsrWritable = msrWrites === 'on'
  tuning.hugePages = typeof hugePages === 'number' ? hugePages : 0
}

/** Enough for a closer look, and enough to say so. */
const LOW_SCORE = 4
const MEDIUM_SCORE = 5
const HIGH_SCORE = 7

function sightingOf(burner: Burner, tuning: Tuning): Sighting | null {
  const reasons = reasonsOf(burner, tuning)
  const score = reasons.reduce((sum, { weight }) => sum + weight, 0)
  // Evenness, pinning and huge pages are what a well-made server has as well: without something odd beside they say nothing.
  const isOdd = reasons.some((reason) => reason.isOdd)
  if (score < LOW_SCORE) return null
  const grade = !isOdd || score < MEDIUM_SCORE ? 'low' : score < HIGH_SCORE ? 'medium' : 'high'
  const { actor } = burner.event
  return {
    what: 'mining-load',
    title: `${actor.name ?? 'A program'} keeps ${coresInWords(burner.cores)} busy the way miners do: ${reasons.map(({ text }) => text).join('; ')}`,
    severity: grade,
    confidence: grade === 'high' ? 0.75 : grade === 'medium' ? 0.5 : 0.2,
    stage: grade === 'low' ? 'context' : grade === 'medium' ? 'foothold' : 'mining',
    attack: ['T1496.001'],
    path: actor.exe,
    remote: null,
    fold: actor.exe ?? `${actor.pid ?? ''}`,
    since: burningSince(burner),
  }
}
