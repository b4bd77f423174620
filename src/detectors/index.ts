import { authorizedKeys } from './authorized-keys/index.ts'
import { cronPersistence } from './cron-persistence/index.ts'
import type { Detector } from './detector.ts'
import { dropper } from './dropper/index.ts'
import { ldPreload } from './ld-preload/index.ts'
import { logWiping } from './log-wiping/index.ts'
import { minerProcess } from './miner-process/index.ts'
import { miningFlow } from './mining-flow/index.ts'
import { poolContact } from './pool-contact/index.ts'
import { poolMining } from './pool-mining/index.ts'
import { ruleMatch } from './rule-match/index.ts'
import { sensorAlert } from './sensor-alert/index.ts'
import { sessionActivity } from './session-activity/index.ts'
import { sshGuessing } from './ssh-guessing/index.ts'
import { sshSlowGuessing } from './ssh-slow-guessing/index.ts'
import { sshSpraying } from './ssh-spraying/index.ts'
import { sshSuccessAfterGuessing } from './ssh-success-after-guessing/index.ts'
import { systemdPersistence } from './systemd-persistence/index.ts'

/** Every detector, by id. Adding one: a folder, and one line here. */
export const DETECTORS: readonly Detector[] = [
  authorizedKeys,
  cronPersistence,
  dropper,
  ldPreload,
  logWiping,
  minerProcess,
  miningFlow,
  poolContact,
  poolMining,
  ruleMatch,
  sensorAlert,
  sessionActivity,
  sshGuessing,
  sshSlowGuessing,
  sshSpraying,
  sshSuccessAfterGuessing,
  systemdPersistence,
]
