import type { Event } from '../../event/event.ts'
import { defineHostDetector, type Sighting } from '../model/host/host-detector.ts'
import { coresInWords } from '../model/host/running.ts'

/** Less than this (processors) may be rounding. */
const MIN_CORES = 0.25
/** Less than this share of what was busy may be processes that came and went. */
const MIN_SHARE = 0.12
/** So much of a processor nobody loses by accident. */
const SURE_CORES = 0.6

/**
 * Processors were busy, and no process that can be seen made them so: what hides from the list of processes cannot hide
 * from the kernel's own count of time.
 */
export const hiddenCpu = defineHostDetector<object>({
  id: 'hidden-cpu',
  title: 'Processor time that no visible process accounts for',
  attack: ['T1014', 'T1564', 'T1496.001'],
  kinds: ['resource'],
  remember: () => ({}),
  look(_state, event, see) {
    const sighting = hiddenWork(event)
    if (sighting !== null) see(sighting)
  },
  mergeMemory() {},
})

function hiddenWork(event: Event): Sighting | null {
  if (event.kind !== 'resource' || event.provider !== 'host' || event.resourceType !== 'cpu-accounting')
    return null
  const { attributes } = event
  const number = (name: string): number => (typeof attributes[name] === 'number' ? attributes[name] : 0)
  // In a container the count is the whole machine's, and the list is not.
  if (typeof attributes['whyUnjudged'] === 'string') return null
  const [missing, busy, uncertain] = [
    number('unexplainedCores'),
    number('busyCores'),
    number('uncertainCores'),
  ]
  if (missing - uncertain < MIN_CORES || missing < MIN_SHARE * busy) return null
  const isSure = missing - uncertain >= SURE_CORES
  return {
    what: 'hidden-cpu',
    title: `${capitalised(coresInWords(missing))} of ${number('cores')} worked for no process that can be seen`,
    severity: isSure ? 'high' : 'medium',
    confidence: isSure ? 0.8 : 0.55,
    stage: 'evasion',
    attack: ['T1014', 'T1564'],
    path: null,
    remote: null,
    fold: 'hidden-cpu',
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
