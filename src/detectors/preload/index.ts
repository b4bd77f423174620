import { defineHostDetector } from '../model/host/host-detector.ts'
import { baseName, isHidingPlace, isSystemPlace } from '../model/host/places.ts'

/** Allocators, tracers, security agents and boards' own libraries that use the file as it is meant. */
const HONEST =
  /^lib(?:jemalloc|tcmalloc|mimalloc|hoard|snoopy|keepalive|arm(?:mem|util)[\w-]*|cofi_rpi|oneagentproc|appdynamics|dd(?:trace|_injection)|datadog[\w-]*|onload|vma|nvidia[\w-]*|fakeroot[\w-]*|eatmydata|sysdig[\w-]*|auditd?|pthread_workqueue|ztrace|c_wrapper)(?:[-_.]\w+)*\.so/u

/** A library in /etc/ld.so.preload, which every program of the machine loads. */
export const preload = defineHostDetector<object>({
  id: 'preload',
  title: 'Libraries that every program loads, as they were found',
  attack: ['T1574.006', 'T1014'],
  kinds: ['resource'],
  remember: () => ({}),
  look(_state, event, see) {
    if (event.kind !== 'resource' || event.provider !== 'host' || event.resourceType !== 'preload') return
    const { library, isThere } = event.attributes
    if (typeof library !== 'string') return
    const isHonest = isSystemPlace(library) && HONEST.test(baseName(library))
    const isSure = isHidingPlace(library) || !library.startsWith('/') || !isSystemPlace(library)
    // The list names it and nobody finds it: a library that hides its own file.
    const isGone = isThere === false
    see({
      what: 'ld-preload',
      title: isGone
        ? `Every program is to load ${library}, which is not there or hides itself`
        : `Every program loads ${library}`,
      severity: isHonest ? 'info' : isSure ? 'high' : 'medium',
      confidence: isHonest ? 0.1 : isSure ? 0.85 : 0.55,
      stage: isHonest ? 'context' : 'persistence',
      attack: ['T1574.006', 'T1014'],
      path: library,
      remote: null,
    })
  },
  mergeMemory() {},
})
