/** What is known about a mining pool endpoint. */
export interface PoolEntry {
  /** Null where a list names an address and nothing more. */
  readonly name: string | null
  readonly coin: string | null
  readonly confidence: 'confirmed' | 'candidate'
  readonly source: string
  /** ISO date of the source. */
  readonly date: string
}

/** Read-only tables with source, date and licence; see docs/data-sources.md. */
export interface Intel {
  /** The pool a host name belongs to: exact host first, then parent domains down to the registrable one. */
  poolByHost(host: string): PoolEntry | null
  /** The pool behind an address and port, where a list names that very pair. */
  poolByAddress(ip: string, port: number): PoolEntry | null
  /** US dollars per hour, Linux on demand, of a cloud instance type. */
  priceOf(instanceType: string): { usdPerHour: number; region: string; source: string; date: string } | null
  /** ATT&CK technique by v19 id: its name, tactics and its older id where it was renumbered. */
  technique(id: string): { id: string; name: string; tactics: readonly string[]; v18: string | null } | null
}
