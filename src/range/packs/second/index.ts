import type { GangModel } from '../../gangs/gang.ts'
import { containerCrew } from './container-crew.ts'
import { dropperSeller } from './dropper-seller.ts'
import { masquerader } from './masquerader.ts'
import { relayOwner } from './relay-owner.ts'

/** Written from public descriptions, apart from the first pack and from what judges it: run to report, never to tune. */
export const SECOND_PACK: readonly GangModel[] = [containerCrew, dropperSeller, masquerader, relayOwner]
