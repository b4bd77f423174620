import type { Asset } from '../assets/asset.ts'
import type { SessionSpan } from '../assets/session-logins.ts'
import type { FightAct } from '../event/finding.ts'
import type { Identifier } from '../event/identifier.ts'
import type { CloudVisit } from './cloud-callers.ts'
import type { Connector } from './connectors.ts'
import type { Naming } from './occupation/occupant.ts'
import type { Signs } from './unseen-mining.ts'
import type { ServiceContact } from './service-contacts.ts'
import type { Watched } from './occupation/tenures.ts'

/** What the incidents need to know of the machines. */
export interface Machines {
  assetOf(id: Identifier): Asset
  sessionOf(pid: number, srcIp: string): string | null
  /** The audit session of that number that was open on a machine at `time`, if its login is in evidence. */
  sessionAt(asset: Asset, session: string, time: number): SessionSpan | null
  /** Its lasting connections and how busy it was. */
  signsOf(asset: Asset): Signs
  /** Who outside spoke to a service of the machine in that time (epoch ms), the newest first. */
  contactsBetween(asset: Asset, from: number, to: number): readonly ServiceContact[]
  /** Whose visit to a cloud account or a cluster a call of that time and record is. */
  visitOf(asset: Asset, time: number, raw: string): CloudVisit | null
  /** Who was killed by name there. */
  killsOf(asset: Asset): readonly FightAct[]
  /** Names and numbers of the processes of containers that were ended there, by the first 12 digits of their ids. */
  containersOf(asset: Asset): ReadonlyMap<string, readonly string[]>
  /** Which of its processes connected to an address and port. */
  connectorsTo(asset: Asset, ip: string, port: number): readonly Connector[]
  /** Names a gang by what it leaves behind. */
  readonly nameOf: Naming
  /** From when to when the machine's traffic was watched. */
  watched(asset: Asset): Watched
}
