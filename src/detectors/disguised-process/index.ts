import type { Event } from '../../event/event.ts'
import { defineHostDetector, type Sighting } from '../model/host/host-detector.ts'
import { type Burner, burnerOf, burningSince, coresInWords, runningOf } from '../model/host/running.ts'
import { type Disguise, disguiseOf } from './disguise.ts'

/** A running program that is not what it says it is, or that has no file any more. */
export const disguisedProcess = defineHostDetector<object>({
  id: 'disguised-process',
  title: 'Running programs that hide what they are: kernel names, borrowed names, no file',
  attack: ['T1036.004', 'T1036.005', 'T1496.001', 'T1620', 'T1070.004'],
  kinds: ['process'],
  remember: () => ({}),
  look(_state, event, see) {
    const seen = runningOf(event)
    if (seen === null) return
    const disguise = disguiseOf(seen.event, seen.running)
    if (disguise !== null) see(sightingOf(disguise, event, burnerOf(event)))
  },
  mergeMemory() {},
})

function sightingOf(disguise: Disguise, event: Event, burner: Burner | null): Sighting {
  const path = event.kind === 'process' ? event.actor.exe : null
  const name = event.kind === 'process' ? (event.actor.name ?? '') : ''
  const idle = disguise.idle
  const common = { what: disguise.what, path, remote: null, fold: `${path ?? ''}|${name}` }
  if (burner === null)
    return {
      ...common,
      title: disguise.title,
      severity: idle.severity,
      confidence: idle.confidence,
      stage: idle.severity === 'low' ? 'context' : 'evasion',
      attack: disguise.attack,
    }
  return {
    ...common,
    title: `${disguise.title}, and keeps ${coresInWords(burner.cores)} busy`,
    severity: disguise.burning.severity,
    confidence: disguise.burning.confidence,
    // What only may be a disguise is looked into; what certainly is one, and burns, mines.
    stage:
      disguise.burning.severity === 'low'
        ? 'context'
        : disguise.burning.severity === 'medium'
          ? 'foothold'
          : 'mining',
    attack: [...disguise.attack, 'T1496.001'],
    since: burningSince(burner),
  }
}
