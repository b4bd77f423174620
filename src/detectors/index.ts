import { authorizedKeys } from './authorized-keys/index.ts'
import { credentialAccess } from './credential-access/index.ts'
import { cpuPlateau } from './cpu-plateau/index.ts'
import { cronPersistence } from './cron-persistence/index.ts'
import { decoyFile } from './decoy-file/index.ts'
import type { Detector } from './detector.ts'
import { disguisedProcess } from './disguised-process/index.ts'
import { dropper } from './dropper/index.ts'
import { exfiltration } from './exfiltration/index.ts'
import { hiddenCpu } from './hidden-cpu/index.ts'
import { hiddenProcess } from './hidden-process/index.ts'
import { ldPreload } from './ld-preload/index.ts'
import { logWiping } from './log-wiping/index.ts'
import { minerProcess } from './miner-process/index.ts'
import { miningFlow } from './mining-flow/index.ts'
import { miningLoad } from './mining-load/index.ts'
import { otherPersistence } from './other-persistence/index.ts'
import { plantedStart } from './planted-start/index.ts'
import { poolContact } from './pool-contact/index.ts'
import { poolHosts } from './pool-hosts/index.ts'
import { poolMining } from './pool-mining/index.ts'
import { preload } from './preload/index.ts'
import { procMount } from './proc-mount/index.ts'
import { ruleMatch } from './rule-match/index.ts'
import { sensorAlert } from './sensor-alert/index.ts'
import { sessionActivity } from './session-activity/index.ts'
import { spread } from './spread/index.ts'
import { sshGuessing } from './ssh-guessing/index.ts'
import { sshSlowGuessing } from './ssh-slow-guessing/index.ts'
import { sshSpraying } from './ssh-spraying/index.ts'
import { sshSuccessAfterGuessing } from './ssh-success-after-guessing/index.ts'
import { systemdPersistence } from './systemd-persistence/index.ts'
import { takeover } from './takeover/index.ts'

/** Every detector, by id. Adding one: a folder, and one line here. */
export const DETECTORS: readonly Detector[] = [
  authorizedKeys,
  credentialAccess,
  cpuPlateau,
  cronPersistence,
  decoyFile,
  disguisedProcess,
  dropper,
  exfiltration,
  hiddenCpu,
  hiddenProcess,
  ldPreload,
  logWiping,
  minerProcess,
  miningFlow,
  miningLoad,
  otherPersistence,
  plantedStart,
  poolContact,
  poolHosts,
  poolMining,
  preload,
  procMount,
  ruleMatch,
  sensorAlert,
  sessionActivity,
  spread,
  sshGuessing,
  sshSlowGuessing,
  sshSpraying,
  sshSuccessAfterGuessing,
  systemdPersistence,
  takeover,
]
