import type { GangModel } from '../../gangs/gang.ts'
import { containerSwapper } from './container-swapper.ts'
import { coreCounter } from './core-counter.ts'
import { cronBroom } from './cron-broom.ts'
import { daySleeper } from './day-sleeper.ts'
import { lateStarter } from './late-starter.ts'
import { podTenant } from './pod-tenant.ts'
import { sideBySide } from './side-by-side.ts'
import { timerKeeper } from './timer-keeper.ts'

/** Written from public descriptions alone, apart from what judges it: the practice ground, from which may be learnt. */
export const THIRD_PACK: readonly GangModel[] = [
  containerSwapper,
  coreCounter,
  cronBroom,
  daySleeper,
  lateStarter,
  podTenant,
  sideBySide,
  timerKeeper,
]
