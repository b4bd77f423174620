import type { GangModel } from '../../gangs/gang.ts'
import { botHerders } from './bot-herders.ts'
import { credentialThieves } from './credential-thieves.ts'
import { forkHeirs } from './fork-heirs.ts'
import { kitEjector } from './kit-ejector.ts'
import { lockrWorm } from './lockr-worm.ts'
import { quietTenants } from './quiet-tenants.ts'
import { scriptReusers } from './script-reusers.ts'

/** Models that follow the public descriptions of Outlaw, TeamTNT, Kinsing, 8220, Keksec, Watchdog and RedTail. */
export const FIRST_PACK: readonly GangModel[] = [
  lockrWorm,
  credentialThieves,
  kitEjector,
  forkHeirs,
  botHerders,
  scriptReusers,
  quietTenants,
]
