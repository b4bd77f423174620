import type { Artefact, Family } from './families.ts'
import type { FightAct } from '../event/finding.ts'

/** What is known about a mining pool endpoint. */
export interface PoolEntry {
  /** The listed host or address: the one asked for, or a parent of it. */
  readonly listed: string
  /** Null where a list names an address and nothing more. */
  readonly name: string | null
  readonly coin: string | null
  readonly confidence: 'confirmed' | 'candidate'
  /** Where the pool takes miners, as far as lists name ports; empty where they name none. */
  readonly ports: readonly number[]
  /** Strangers get names beside the listed one (dynamic DNS, a cloud's suffix): such a name may change hands, and counts for little alone. */
  readonly isShared: boolean
  readonly source: string
  /** ISO date of the source. */
  readonly date: string
}

/** Read-only tables with source, date and licence; see docs/data-sources.md. */
export interface Intel {
  /** The pool a host name belongs to: exact host first, then parent domains down to the registrable one. */
  poolByHost(host: string): PoolEntry | null
  /** Hosts of confirmed pools, in the order of the list; shared names (dynamic DNS, a cloud's suffix) left out. */
  poolHosts(): readonly string[]
  /** The pool behind an address and port, where a list names that very pair. */
  poolByAddress(ip: string, port: number): PoolEntry | null
  /** Whether a content network answers at this address for many names, so that it alone says nothing about any of them. */
  isSharedAddress(ip: string): boolean
  /** The service that strangers can abuse whose port this is by default (`docker-api`, `redis` …); null for web servers and for what is none. */
  serviceOn(port: number): string | null
  /** US dollars per hour, Linux on demand, of a cloud instance type. */
  priceOf(instanceType: string): { usdPerHour: number; region: string; source: string; date: string } | null
  /** ATT&CK technique by v19 id: its name, tactics and its older id where it was renumbered. */
  technique(id: string): { id: string; name: string; tactics: readonly string[]; v18: string | null } | null
  /**
   * The known gang that artefacts and acts of one occupant fit; null where fewer than two independent kinds of marks point
   * to one, or none leads. `at`, epoch ms: when they were seen, for addresses age.
   */
  familyOf(
    artefacts: readonly Artefact[],
    acts: readonly Pick<FightAct, 'category' | 'what' | 'targets' | 'commandLine'>[],
    at?: number,
  ): Family | null
}
