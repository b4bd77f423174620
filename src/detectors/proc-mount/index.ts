import { defineHostDetector } from '../model/host/host-detector.ts'

const COVERED = /^\/proc\/(\d{1,10})(?:\/|$)/u

/** Something is mounted over the folder of a process: it is there, and ps reads something else in its place. */
export const procMount = defineHostDetector<object>({
  id: 'proc-mount',
  title: 'File systems mounted over processes to hide them',
  attack: ['T1564.013', 'T1014'],
  kinds: ['mount'],
  remember: () => ({}),
  look(_state, event, see) {
    if (event.kind !== 'mount') return
    const pid = COVERED.exec(event.target)?.[1]
    if (pid === undefined) return
    see({
      what: 'proc-mount',
      title: `Process ${pid} is covered: ${event.fsType === 'proc' ? `another folder of /proc (${event.root})` : event.fsType} is mounted over ${event.target}`,
      severity: 'high',
      confidence: 0.95,
      stage: 'evasion',
      attack: ['T1564.013', 'T1014'],
      path: event.target,
      remote: null,
    })
  },
  mergeMemory() {},
})
