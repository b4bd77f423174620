import type { Control } from '../control.ts'
import { accountFixes } from './account-fixes.ts'
import { regionLimit, roleWithoutCompute, sizeLimit } from './account-limits.ts'
import { closePort } from './close-port.ts'
import { kubeletAuth, serviceInside } from './cluster.ts'
import { evict } from './evict.ts'
import { shrinkForgotten, stopForgotten } from './forgotten-machines.ts'
import { bindLoopback, requireAuth, stopUnused } from './host-services.ts'
import { imdsV2 } from './imds-v2.ts'
import { dnsFirewall, egressAllowList, sinkhole } from './names-and-traffic.ts'
import { operatorsOnly } from './operators-only.ts'
import { anomalyAlarm, budgetAlarm } from './spending-alarms.ts'
import { sshKeysOnly } from './ssh-keys-only.ts'
import { standardCredits } from './standard-credits.ts'
import { cloudTrail, endpointAgent, guardDuty, updateSoftware } from './watchers.ts'

/** All controls, in the order in which they are told where nothing else decides. */
export const CONTROLS: readonly Control[] = [
  evict,
  closePort,
  operatorsOnly,
  sshKeysOnly,
  bindLoopback,
  requireAuth,
  stopUnused,
  serviceInside,
  kubeletAuth,
  imdsV2,
  roleWithoutCompute,
  ...accountFixes,
  updateSoftware,
  stopForgotten,
  shrinkForgotten,
  standardCredits,
  budgetAlarm,
  anomalyAlarm,
  guardDuty,
  cloudTrail,
  regionLimit,
  sizeLimit,
  dnsFirewall,
  sinkhole,
  egressAllowList,
  endpointAgent,
]
