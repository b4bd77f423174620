import type { Control } from '../control.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { edgeGroups, measureOf } from './open-ports.ts'

const SHARE = 0.96

/** SSH, remote desktop and the like: from the networks of the people who need them. */
export const operatorsOnly: Control = {
  id: 'operators-only',
  title: 'SSH and remote desktop from your own networks only',
  what: 'Whoever administers machines comes from few places: an office, a VPN, a home. The rule that lets the whole internet try is replaced by one for the addresses under operators: in davylamp.yaml. The new rule is made before the old one is taken away.',
  layer: 'reach',
  share: SHARE,
  shareBasis: {
    kind: 'judgement',
    why: 'guessing comes from anywhere but there; 4 % stay for a taken machine inside these networks',
  },
  overhead: { ...NO_OVERHEAD, friction: 1 },
  overheadBasis: { kind: 'judgement', why: 'whoever travels has to use the VPN or add an address' },
  needs: ['your addresses under operators: in davylamp.yaml, so that you are not locked out'],
  measures: (scene) =>
    edgeGroups(scene)
      .filter(({ isAdmin }) => isAdmin)
      .map((group) => measureOf(group, scene, SHARE))
      .filter((draft) => draft !== null),
}
