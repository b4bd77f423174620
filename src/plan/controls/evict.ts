import type { Control } from '../control.ts'
import { NO_OVERHEAD } from '../overhead.ts'

const SHARE = 0.95

/** Who is in comes first. */
export const evict: Control = {
  id: 'evict',
  title: 'Get the intruder out',
  what: 'Somebody is on this machine now. Closing doors does not move him; these steps do, in this order. Afterwards the machine is built anew.',
  layer: 'occupation',
  share: SHARE,
  shareBasis: { kind: 'judgement', why: '5 % stay for what was left behind until the machine is built anew' },
  overhead: NO_OVERHEAD,
  overheadBasis: {
    kind: 'judgement',
    why: 'it has to be done in any case, so nothing of it counts against the budget',
  },
  needs: ['a snapshot of the disk, because the proof is on it'],
  measures: (scene) =>
    scene.incidents.map((incident) => ({
      target: incident.id,
      targets: [incident.asset],
      title: `${incident.names[0] ?? incident.asset}: ${incident.title}`,
      effects: [{ on: 'exposure' as const, exposure: incident.id, sinkKind: null, share: SHARE }],
      carriers: [],
      changes: incident.todo.map(({ text, command }) => ({
        what: command === undefined ? text : `${text} ${command}`,
      })),
      closes: [],
    })),
}
