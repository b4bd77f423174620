import type { Event, EventOf } from '../event/event.ts'
import { identifier, type Identifier } from '../event/identifier.ts'
import { RecentMap } from '../recent-map.ts'

/** One thing seen by two witnesses: a login in two logs, a connection on the wire and in a log. */
export interface Sighting {
  /** The witness whose clock is the less sure: sshd's lines before the audit trail, logs before the wire. */
  readonly a: Identifier
  readonly b: Identifier
  readonly fileA: string
  readonly fileB: string
  /** Time at `a` minus time at `b`, ms. */
  readonly deltaMs: number
  readonly what: string
}

/** Two clocks may disagree by a wrong zone; further apart it was not the same thing. */
const MAX_DELTA_MS = 15 * 3600_000
const REMEMBERED = 5_000
/** So many things seen by two witnesses settle it: more would cost memory and say nothing new. */
const ENOUGH = 64
const PER_KEY = 8
const MAX_FOUND = 50_000
/** Where sshd listens, as a rule. */
const SSH_PORTS: ReadonlySet<number> = new Set([22, 222, 2222, 22_222])

const SAME_LOGIN = 'the same SSH login'
export const SAME_CONNECTION = 'the same SSH connection'
export const SAME_OUTGOING = 'the same outgoing connection'

interface Seen {
  readonly by: Identifier
  readonly file: string
  readonly time: number
  /** Until when the thing lasted; equal to `time` for an instant. */
  readonly until: number
}

/**
 * Finds the same thing told twice:
 * - a login by its client address and port, in sshd's lines and as a TCP connection on the wire;
 * - a login by server process and client address, in sshd's lines and in the audit trail;
 * - an outgoing connection by its far end, in the audit trail and on the wire.
 * What it finds says which identifiers are one machine, and how far two clocks are apart.
 */
export class Sightings {
  readonly found: Sighting[] = []
  private readonly loginsByPort = new RecentMap<Seen[]>(REMEMBERED)
  private readonly loginsByPid = new RecentMap<Seen[]>(REMEMBERED)
  private readonly trailLoginsByPid = new RecentMap<Seen[]>(REMEMBERED)
  private readonly connects = new RecentMap<Seen[]>(REMEMBERED)
  /** SSH connections on the wire whose lines may come later, from a clock that is ahead. */
  private readonly sshConnections = new RecentMap<Seen[]>(REMEMBERED)
  /** Audit sessions of successful logins, by server process and client address. */
  private readonly sessions = new RecentMap<string>(REMEMBERED)
  /** Connections already taken as proof between two identifiers: a handful is enough. */
  private readonly proofs = new Map<string, number>()
  private readonly counts = new Map<string, number>()

  observe(event: Event): void {
    if (event.kind === 'auth') this.observeLogin(event)
    else if (event.kind === 'socket') this.observeConnect(event)
    else if (event.kind === 'flow') this.observeConnection(event, event.dstIp, event.srcIp)
    else if (event.kind === 'stratum' && event.phase === 'opened') this.matchConnect(event)
  }

  /** The audit session that a login opened, by its server process and client address. */
  sessionOf(pid: number, srcIp: string): string | null {
    return this.sessions.get(`${pid}|${srcIp}`) ?? null
  }

  private observeLogin(event: EventOf<'auth'>): void {
    if (event.srcIp === null || event.service !== 'sshd') return
    const seen = instant(event)
    if (event.srcPort !== null && !this.isSettled(event.observer, SAME_CONNECTION)) {
      const key = `${event.srcIp}|${event.srcPort}`
      remember(this.loginsByPort, key, seen)
      for (const wire of this.sshConnections.get(key) ?? []) this.noteConnection(seen, wire)
    }
    if (event.pid === null) return
    const key = `${event.pid}|${event.srcIp}`
    if (event.outcome === 'success' && event.session !== null) this.sessions.set(key, event.session)
    if (this.isSettled(event.observer, SAME_LOGIN)) return
    const isTrail = event.origin.source === 'auditd'
    remember(isTrail ? this.trailLoginsByPid : this.loginsByPid, key, seen)
    const others = (isTrail ? this.loginsByPid : this.trailLoginsByPid).get(key) ?? []
    for (const other of others) {
      const [sshd, trail] = isTrail ? [other, seen] : [seen, other]
      this.note(sshd, trail, sshd.time - trail.time, SAME_LOGIN)
    }
  }

  private observeConnect(event: EventOf<'socket'>): void {
    if (event.action !== 'connect' || event.ip === null || event.port === null) return
    const seen = instant(event)
    remember(this.connects, `${event.ip}|${event.port}`, seen)
  }

  private observeConnection(event: EventOf<'flow'>, serverIp: string, clientIp: string): void {
    if (event.transport !== 'tcp') return
    const wire: Seen = {
      by: identifier('ip', serverIp),
      file: event.origin.file,
      time: event.start,
      until: event.time,
    }
    const key = `${clientIp}|${event.srcPort}`
    for (const login of this.loginsByPort.get(key) ?? []) this.noteConnection(login, wire)
    if (SSH_PORTS.has(event.dstPort) && !this.isSettled(wire.by, SAME_CONNECTION)) {
      remember(this.sshConnections, key, wire)
    }
    this.matchConnect(event)
  }

  private noteConnection(login: Seen, wire: Seen): void {
    // A login takes its time after the connection: anywhere within it counts as "at the same time".
    const isWithin = login.time >= wire.time - 2000 && login.time <= wire.until + 2000
    this.note(login, wire, isWithin ? 0 : login.time - wire.time, SAME_CONNECTION)
  }

  private matchConnect(event: EventOf<'flow'> | EventOf<'stratum'>): void {
    const wire: Seen = {
      by: identifier('ip', event.srcIp),
      file: event.origin.file,
      time: event.start,
      until: event.start,
    }
    for (const connect of this.connects.get(`${event.dstIp}|${event.dstPort}`) ?? []) {
      // Busy destinations are reached by many machines: only the very moment counts here.
      if (Math.abs(connect.time - wire.time) > 2000) continue
      this.note(connect, wire, connect.time - wire.time, SAME_OUTGOING)
    }
  }

  /** Whether enough is known of this witness from this kind of thing. */
  private isSettled(by: Identifier, what: string): boolean {
    return (this.counts.get(`${by}|${what}`) ?? 0) >= ENOUGH
  }

  private note(a: Seen, b: Seen, deltaMs: number, what: string): void {
    if (a.by === b.by || Math.abs(deltaMs) > MAX_DELTA_MS) return
    const key = `${a.by}|${b.by}|${a.file}|${b.file}|${what}`
    const known = this.proofs.get(key) ?? 0
    if (known >= ENOUGH || this.found.length >= MAX_FOUND) return
    this.proofs.set(key, known + 1)
    for (const by of [a.by, b.by])
      this.counts.set(`${by}|${what}`, (this.counts.get(`${by}|${what}`) ?? 0) + 1)
    this.found.push({ a: a.by, b: b.by, fileA: a.file, fileB: b.file, deltaMs, what })
  }
}

function instant(event: Event): Seen {
  return { by: event.observer, file: event.origin.file, time: event.time, until: event.time }
}

function remember(map: RecentMap<Seen[]>, key: string, seen: Seen): void {
  const list = map.get(key)
  if (list === undefined) {
    map.set(key, [seen])
    return
  }
  const isKnown = list.some((other) => other.by === seen.by && other.time === seen.time)
  if (!isKnown && list.length < PER_KEY) list.push(seen)
}
