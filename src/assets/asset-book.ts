import type { Event } from '../event/event.ts'
import { identifier, type Identifier, typeOf, valueOf } from '../event/identifier.ts'
import type { Asset, Machine } from './asset.ts'
import { CloudBook } from './cloud-book.ts'
import { AGREEING_MS, type ClockSkew, clockSkews } from './clock-skew.ts'
import { machineFolder } from './machine-folder.ts'
import { SessionLogins, type SessionSpan } from './session-logins.ts'
import { SAME_CONNECTION, SAME_OUTGOING, type Sighting, Sightings } from './sightings.ts'
import { Union } from './union.ts'

/** A name given by evidence and the group of inputs (folder, archive) it was collected in. */
interface Witness {
  readonly id: Identifier
  readonly groups: Set<string>
}

const NAME_ORDER = ['host', 'instance', 'machine', 'ip', 'container', 'account', 'trail']
const AWS_HOST = /^ip-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})(?:\.|$)/u

/**
 * Who is who: raw identifiers → machines. Joins rest on proof (the inventory, one thing seen by two
 * witnesses, the cloud's own naming); the one assumption it makes is said in words. Nothing is final
 * before `settle`, because the inventory or a second log may be read last.
 */
export class AssetBook {
  private readonly union = new Union()
  private readonly sightings = new Sightings()
  private readonly sessions = new SessionLogins()
  private readonly cloud = new CloudBook()
  private readonly witnesses = new Map<Identifier, Witness>()
  private readonly machines: readonly Machine[]
  private readonly groupOf: (file: string) => string
  private readonly machineOf = new Map<string, Machine>()
  private readonly assets = new Map<string, Asset>()
  /** Of addresses that several hosts share: which host was seen behind it in which folder or archive. */
  private readonly claims = new Map<Identifier, { readonly host: Identifier; readonly group: string }[]>()
  private membersOf: Map<string, Set<Identifier>> | null = null

  private cloudJoins: ReturnType<CloudBook['joins']> = []
  private readonly hasWitnesses: boolean
  private lastObserver = ''
  private lastFile = ''

  /**
   * `groupOf` tells the folder or archive an input was collected in; `hasWitnesses`, whether there are
   * several kinds of evidence, so that one thing can be seen by two.
   */
  constructor(machines: readonly Machine[], groupOf: (file: string) => string, hasWitnesses = true) {
    this.machines = machines
    this.groupOf = (file) => machineFolder(groupOf(file))
    this.hasWitnesses = hasWitnesses
  }

  observe(event: Event): void {
    if (this.hasWitnesses) this.sightings.observe(event)
    this.sessions.observe(event)
    this.cloud.observe(event)
    // Files are read in long runs of one machine: most events repeat what the last one said.
    if (event.observer === this.lastObserver && event.origin.file === this.lastFile) return
    this.lastObserver = event.observer
    this.lastFile = event.origin.file
    // An account watches over machines; it is none.
    if (event.observer.startsWith('ip:') || event.observer.startsWith('account:')) return
    let witness = this.witnesses.get(event.observer)
    if (witness === undefined) {
      witness = { id: event.observer, groups: new Set() }
      this.witnesses.set(event.observer, witness)
      for (const subject of event.subjects) {
        if (subject !== event.observer && typeOf(subject) === 'machine') {
          this.union.join(
            event.observer,
            subject,
            `${valueOf(event.observer)} carries this machine id in its evidence`,
          )
        }
      }
    }
    witness.groups.add(this.groupOf(event.origin.file))
  }

  /** Draws the conclusions; gives the clocks that disagree. */
  settle(): ClockSkew[] {
    this.joinInventory()
    this.cloudJoins = this.cloud.joins()
    for (const { instance, name, why } of this.cloudJoins) this.union.join(instance, name, why)
    const skews = clockSkews(this.sightings.found)
    this.joinSightings(skews)
    this.joinAwsNames()
    this.joinShortNames()
    this.joinSoleTrails()
    // The operator's word goes before the cloud's.
    for (const machine of [...this.cloud.machines(this.machines), ...this.machines]) {
      const first = identifiersOf(machine)[0]
      if (first !== undefined) this.machineOf.set(this.union.find(first), machine)
    }
    return skews.filter((skew) => Math.abs(skew.deltaMs) > AGREEING_MS)
  }

  /** The machine behind an identifier; call after `settle`. */
  assetOf(id: Identifier): Asset {
    const root = this.union.find(id)
    const known = this.assets.get(root)
    if (known !== undefined) return known
    const identifiers = this.members(root, id)
    const machine = this.machineOf.get(root) ?? null
    const names = namesOf(identifiers, machine)
    const asset = {
      id: names[0] ?? valueOf(id),
      names,
      identifiers,
      joins: this.union.reasonsOf(root),
      machine,
    }
    this.assets.set(root, asset)
    return asset
  }

  /**
   * The host behind an address that several share, where the proofs come from a folder or archive in which
   * only one of them was seen; else the identifier itself. Call after `settle`.
   */
  hostBehind(id: Identifier, files: readonly string[]): Identifier {
    const claims = this.claims.get(id)
    if (claims === undefined) return id
    const groups = new Set(files.map((file) => this.groupOf(file)))
    const hosts = new Set(claims.filter((claim) => groups.has(claim.group)).map((claim) => claim.host))
    const [host] = hosts
    return host !== undefined && hosts.size === 1 ? host : id
  }

  rootOf(id: Identifier): string {
    return this.union.find(id)
  }

  /** The audit session that an SSH login opened, by its server process and client address. */
  sessionOf(pid: number, srcIp: string): string | null {
    return this.sightings.sessionOf(pid, srcIp)
  }

  /** The audit session of that number that was open on a machine at `time` (epoch ms), if its login over SSH is in evidence. */
  sessionAt(asset: Asset, session: string, time: number): SessionSpan | null {
    return this.sessions.spanAt(asset.identifiers, session, time)
  }

  /** Everything that watched itself: hosts and audit trails. */
  observers(): Identifier[] {
    return [...this.witnesses.keys()].toSorted()
  }

  private members(root: string, id: Identifier): Identifier[] {
    this.membersOf ??= this.group()
    return [...(this.membersOf.get(root) ?? [id])].toSorted(byTelling)
  }

  private group(): Map<string, Set<Identifier>> {
    const groups = new Map<string, Set<Identifier>>()
    for (const candidate of this.known()) {
      const root = this.union.find(candidate)
      const group = groups.get(root)
      if (group === undefined) groups.set(root, new Set([candidate]))
      else group.add(candidate)
    }
    return groups
  }

  private *known(): Iterable<Identifier> {
    yield* this.witnesses.keys()
    for (const { instance, name } of this.cloudJoins) {
      yield instance
      yield name
    }
    for (const sighting of this.sightings.found) {
      yield sighting.a
      yield sighting.b
    }
    for (const machine of this.machines) yield* identifiersOf(machine)
    for (const host of this.witnesses.keys()) {
      const address = awsAddress(host)
      if (address !== null) yield address
    }
  }

  private joinInventory(): void {
    for (const machine of this.machines) {
      const [first, ...rest] = identifiersOf(machine)
      if (first === undefined) continue
      for (const other of rest)
        this.union.join(first, other, `the inventory lists ${valueOf(other)} as ${machine.name}`)
      this.joinNamesake(machine, first)
    }
  }

  /** A host that calls itself what one machine of the inventory, and only one, is called. */
  private joinNamesake(machine: Machine, first: Identifier): void {
    const host = identifier('host', machine.name)
    const namesakes = this.machines.filter(({ name }) => name === machine.name).length
    if (namesakes === 1 && this.witnesses.has(host) && machine.hostNames.length === 0)
      this.union.join(first, host, `its logs and the inventory call it ${machine.name}`)
  }

  private joinSightings(skews: readonly ClockSkew[]): void {
    const groups = Map.groupBy(this.sightings.found, (s) => `${s.a}\0${s.b}\0${s.what}`)
    const proofs: Sighting[] = []
    for (const group of groups.values()) {
      const first = group[0]
      if (first === undefined) continue
      const agreeing = group.filter((sighting) =>
        isExplained(sighting.deltaMs, sighting.fileA, sighting.fileB, skews),
      )
      if (agreeing.length === 0 || this.isAmbiguous(first.a, first.what, agreeing.length)) continue
      proofs.push(first)
    }
    const [byWire, others] = [proofs.filter(isByWire), proofs.filter((proof) => !isByWire(proof))]
    for (const proof of others) this.joinProof(proof)
    const shared = this.sharedAddresses(byWire)
    for (const proof of byWire) {
      if (!shared.has(proof.b)) this.joinProof(proof)
      else if (typeOf(proof.a) === 'host') this.noteClaim(proof)
    }
  }

  private noteClaim({ a, b, fileB }: Sighting): void {
    const claims = this.claims.get(b) ?? []
    claims.push({ host: a, group: this.groupOf(fileB) })
    this.claims.set(b, claims)
  }

  private joinProof({ a, b, what, fileA, fileB }: Sighting): void {
    this.union.join(a, b, `${what} is in ${fileA} and ${fileB}`)
  }

  /**
   * Addresses behind which several hosts log in: private ones come again in every network, public ones are
   * translated to many. They say nothing about who is who.
   */
  private sharedAddresses(proofs: readonly Sighting[]): Set<Identifier> {
    const hosts = new Map<Identifier, Set<string>>()
    for (const { a, b } of proofs) {
      const name = this.members(this.union.find(a), a).find((id) => typeOf(id) === 'host')
      if (name === undefined) continue
      const short = valueOf(name).split('.', 1)[0] ?? ''
      hosts.set(b, (hosts.get(b) ?? new Set()).add(short))
    }
    this.membersOf = null
    return new Set([...hosts].filter(([, names]) => names.size > 1).map(([address]) => address))
  }

  /** An outgoing connection alone can be shared by chance: the address must be the one that fits best, by far. */
  private isAmbiguous(a: Identifier, what: string, votes: number): boolean {
    if (what !== SAME_OUTGOING) return false
    const all = this.sightings.found.filter((sighting) => sighting.a === a && sighting.what === what).length
    return votes * 10 < all * 9
  }

  private joinAwsNames(): void {
    for (const host of this.witnesses.keys()) {
      const address = awsAddress(host)
      if (address !== null)
        this.union.join(host, address, `${valueOf(host)} is AWS's default name for ${valueOf(address)}`)
    }
  }

  /** `web-1` and `web-1.example.com` are one machine where no other full name shares the short one. */
  private joinShortNames(): void {
    const hosts = [...this.witnesses.keys()].filter((id) => typeOf(id) === 'host')
    const fullNames = Map.groupBy(
      hosts.filter((id) => id.includes('.')),
      (id) => id.slice(0, id.indexOf('.')),
    )
    for (const short of hosts.filter((id) => !id.includes('.'))) {
      const full = fullNames.get(short) ?? []
      const only = full.length === 1 ? full[0] : undefined
      if (only !== undefined)
        this.union.join(short, only, `${valueOf(short)} is the short name of ${valueOf(only)}`)
    }
  }

  private hostsByGroup(): ReadonlyMap<string, ReadonlySet<Identifier>> {
    const hosts = new Map<string, Set<Identifier>>()
    for (const { id, groups } of this.witnesses.values()) {
      if (typeOf(id) !== 'host') continue
      for (const group of groups) hosts.set(group, (hosts.get(group) ?? new Set()).add(id))
    }
    return hosts
  }

  /** An audit trail without a name that nothing else placed: the one machine named beside it, if there is exactly one. */
  private joinSoleTrails(): void {
    this.membersOf = null
    const hosts = this.hostsByGroup()
    for (const trail of [...this.witnesses.values()].filter((witness) => typeOf(witness.id) === 'trail')) {
      const root = this.union.find(trail.id)
      if (this.members(root, trail.id).some((id) => typeOf(id) !== 'trail')) continue
      const beside = hostsBeside(trail.groups, hosts)
      const roots = new Set([...beside].map((host) => this.union.find(host)))
      const [host] = beside
      if (roots.size !== 1 || host === undefined) continue
      this.union.join(
        trail.id,
        host,
        `assumed: the ${trailName(valueOf(trail.id))} names no machine, and ${valueOf(host)} is the only one in its folder`,
      )
    }
    this.membersOf = null
  }
}

/** Hosts seen in the same folder or archive, else in the nearest one around it that has any. */
function hostsBeside(
  groups: ReadonlySet<string>,
  hosts: ReadonlyMap<string, ReadonlySet<Identifier>>,
): ReadonlySet<Identifier> {
  const found = new Set<Identifier>()
  for (const group of groups) {
    for (let folder = group; ; folder = folder.slice(0, folder.lastIndexOf('/'))) {
      const here = hosts.get(folder)
      if (here !== undefined) {
        for (const host of here) found.add(host)
        break
      }
      if (!folder.includes('/')) break
    }
  }
  return found
}

/** What the unnamed record is, by how its id begins. */
function trailName(id: string): string {
  if (id.startsWith('history-')) return 'shell history'
  return /^(?:access|dns|syslog)-/u.test(id) ? 'log' : 'audit trail'
}

function isByWire({ what }: Sighting): boolean {
  return what === SAME_CONNECTION || what === SAME_OUTGOING
}

function isExplained(deltaMs: number, fileA: string, fileB: string, skews: readonly ClockSkew[]): boolean {
  if (Math.abs(deltaMs) <= AGREEING_MS) return true
  return skews.some(
    (skew) =>
      skew.fileA === fileA &&
      skew.fileB === fileB &&
      skew.sightings >= 2 &&
      Math.abs(skew.deltaMs - deltaMs) <= AGREEING_MS,
  )
}

function awsAddress(host: Identifier): Identifier | null {
  if (typeOf(host) !== 'host') return null
  const match = AWS_HOST.exec(valueOf(host))
  if (match === null) return null
  const parts = match.slice(1, 5).map(Number)
  return parts.every((part) => part <= 255) ? identifier('ip', parts.join('.')) : null
}

export function identifiersOf(machine: Machine): Identifier[] {
  const ids = machine.hostNames.map((name) => identifier('host', name))
  if (machine.id !== null) ids.push(identifier('instance', machine.id))
  for (const address of machine.addresses) ids.push(identifier('ip', address))
  return ids
}

function byTelling(a: Identifier, b: Identifier): number {
  return NAME_ORDER.indexOf(typeOf(a)) - NAME_ORDER.indexOf(typeOf(b)) || (a < b ? -1 : a > b ? 1 : 0)
}

function namesOf(identifiers: readonly Identifier[], machine: Machine | null): string[] {
  const names = new Set<string>()
  if (machine !== null) names.add(machine.name)
  for (const id of identifiers) if (typeOf(id) !== 'trail') names.add(valueOf(id))
  if (names.size === 0) names.add(unnamed(identifiers[0] === undefined ? '' : valueOf(identifiers[0])))
  return [...names]
}

/** By the first record that it wrote: of an audit trail, or of a log that names no machine either. */
function unnamed(trail: string): string {
  return `unnamed machine (${trailName(trail)} ${trail})`
}
