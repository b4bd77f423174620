import type { Detector } from '../detector.ts'
import { followLineage, followService } from '../model/host/maintenance.ts'
import { ATTACK_IDS, ID } from './finding.ts'
import {
  lookAtAccount,
  lookAtAlert,
  lookAtConnection,
  lookAtFile,
  lookAtProcess,
  lookAtService,
} from './look.ts'
import { endFights, tellFight, tellRepeats } from './placing.ts'
import { followLogin, followParent } from './scopes.ts'
import { mergeStates, newState, type TakeoverState } from './state.ts'

const WINDOW_MS = 24 * 3_600_000
const MAX_MACHINES = 2000

/**
 * A fight for the machine: acts against others who hold it, by one login or one tree of processes.
 * See README.md for how a take-over is told from a clean-up.
 */
export const takeover: Detector<TakeoverState> = {
  id: ID,
  title: 'Take-overs: somebody throws others off the machine',
  attack: ATTACK_IDS,
  kinds: ['process', 'file', 'account', 'service', 'socket', 'auth', 'alert'],
  windowMs: WINDOW_MS,
  maxKeys: MAX_MACHINES,

  keysOf: (event) => event.observer,

  create: newState,

  step(state, event, tell, context) {
    endFights(state, event.time, tell)
    switch (event.kind) {
      case 'process':
        followLineage(state.lineage, event)
        followParent(state.scopes, event)
        if (event.isSuccess) lookAtProcess(state, event, tell, context)
        break
      case 'file':
        followService(state.lineage, event.actor, event.time)
        if (event.isSuccess) lookAtFile(state, event, tell)
        break
      case 'auth':
        followLogin(state.scopes, event)
        break
      case 'account':
        if (event.isSuccess) lookAtAccount(state, event, tell)
        break
      case 'service':
        lookAtService(state, event, tell)
        break
      case 'socket':
        if (event.action === 'connect') lookAtConnection(state, event, tell, context)
        break
      case 'alert':
        if (event.commandLine !== null) lookAtAlert(state, event, event.commandLine, tell, context)
        break
    }
  },

  settle(state, tell) {
    for (const fight of state.fights) tellFight(state, fight, tell, true)
    tellRepeats(state, tell)
  },

  merge: mergeStates,
}
