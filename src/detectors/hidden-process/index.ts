import type { Event } from '../../event/event.ts'
import type { Running } from '../../event/running.ts'
import { defineHostDetector, type Sighting } from '../model/host/host-detector.ts'
import { BURNING_CORES, burnerOf, burningSince, coresInWords, runningOf } from '../model/host/running.ts'

const HOW: Readonly<Record<Running['missingFrom'][number], string>> = {
  listing: 'the list of processes leaves it out',
  'library-listing': 'a library leaves it out of the list of processes that ps and top see',
  files: 'its folder in /proc is covered or unreadable',
}

/** A process that one way of looking shows and another does not: something was done to hide it. */
export const hiddenProcess = defineHostDetector<object>({
  id: 'hidden-process',
  title: 'Processes that hide from the list of processes',
  attack: ['T1014', 'T1564', 'T1496.001'],
  kinds: ['process'],
  remember: () => ({}),
  look(_state, event, see) {
    const sighting = hidden(event)
    if (sighting !== null) see(sighting)
  },
  mergeMemory() {},
})

function hidden(event: Event): Sighting | null {
  const seen = runningOf(event)
  if (seen === null || seen.running.missingFrom.length === 0) return null
  const { actor } = seen.event
  const burner = burnerOf(event)
  const work = burner === null ? '' : ` and keeps ${coresInWords(burner.cores)} busy`
  const how = seen.running.missingFrom.map((way) => HOW[way]).join(', ')
  return {
    what: 'hidden-process',
    title: `Process ${actor.pid ?? '?'}${actor.name === null ? '' : ` (${actor.name})`} is hidden${work}: ${how}`,
    severity: burner !== null || (seen.running.cpuCores ?? 0) >= BURNING_CORES ? 'critical' : 'high',
    confidence: 0.9,
    stage: burner === null ? 'evasion' : 'mining',
    attack: burner === null ? ['T1014', 'T1564'] : ['T1014', 'T1564', 'T1496.001'],
    path: actor.exe,
    remote: null,
    fold: `${actor.pid ?? ''}`,
    ...(burner === null ? {} : { since: burningSince(burner) }),
  }
}
