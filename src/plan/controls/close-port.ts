import { NO_OVERHEAD } from '../overhead.ts'
import type { Control } from '../control.ts'
import { edgeGroups, measureOf } from './open-ports.ts'

const SHARE = 0.98

/** Ports that nobody has to reach from the internet. */
export const closePort: Control = {
  id: 'close-port',
  title: 'Close ports to the internet',
  what: 'Clouds have firewalls (AWS: security groups) with rules that say who may reach which port. This takes away the one rule that lets strangers in. Who reaches the service from inside keeps doing so; ports of web sites (80, 443) stay as they are.',
  layer: 'reach',
  share: SHARE,
  shareBasis: {
    kind: 'judgement',
    why: 'what cannot be reached cannot be taken from there; 2 % stay for ways in from machines that still reach it',
  },
  overhead: { ...NO_OVERHEAD, friction: 0.5 },
  overheadBasis: {
    kind: 'judgement',
    why: 'no cost, no restart; somebody may have relied on it without saying so',
  },
  needs: ['nobody outside uses the port: look at the flow logs, or ask'],
  measures: (scene) =>
    edgeGroups(scene)
      .filter(({ isAdmin }) => !isAdmin)
      .map((group) => measureOf(group, scene, SHARE))
      .filter((draft) => draft !== null),
}
