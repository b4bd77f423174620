import type { AuthEvent } from '../../event/auth.ts'
import { RecentMap } from '../../recent-map.ts'
import { readPeer } from './address.ts'
import type { Emit, WaitingDialect } from './dialect.ts'
import { accountEvent, loginEvent, loginSession } from './line-events.ts'
import { type PamMessage, parsePamMessage } from './pam-message.ts'
import type { ProgramLine } from './program-line.ts'

/** The next module says within this time whether it lets pass what the one before did not. */
const VERDICT_MS = 3000
/** Tries with longer pauses between them are told apart: sudo gives up asking after five minutes. */
const PAUSE_MS = 5 * 60_000
const MAX_ASKING = 1024

/** A module, or the program that asked. */
type Summer = 'module' | 'program'

/** One process (or, where lines carry no number, one service) that asks for passwords. */
interface Asking {
  lastTime: number
  /** When a module complained last. */
  complainedAt: number
  /** Complaints of each module: one try that two modules refuse is one. */
  readonly byModule: Map<string, number>
  /** Failures that became events, or wait to. */
  told: number
  waiting: AuthEvent | null
  isUserUnknown: boolean
  /** Who told the sum already: what comes next is another round, save the other one's sum of the same. */
  readonly summedBy: Set<Summer>
}

/**
 * Turns lines of PAM modules into `auth`, `session` and `account` events, for every service but sshd.
 *
 * - Modules stand in a row: a complaint of the first is no failure if a later one lets the try pass, so it
 *   waits for that. Complaints of several modules about one try count once.
 * - pam_unix tells the first failure when it happens and the rest as a sum, and the program may count them
 *   once more in its own words (`3 incorrect password attempts`, see `sum`): each try becomes one event.
 */
export class PamReader implements WaitingDialect {
  readonly #asking = new RecentMap<Asking>(MAX_ASKING)
  readonly #waiting = new Set<Asking>()

  get heldFrom(): number {
    let earliest = Infinity
    for (const { waiting } of this.#waiting)
      if (waiting !== null && waiting.time < earliest) earliest = waiting.time
    return earliest
  }

  take(line: ProgramLine, emit: Emit): boolean {
    const message = parsePamMessage(line.message, line.program)
    if (message === null) return false
    const { service, user } = message
    switch (message.what) {
      case 'failure':
      case 'denied':
        this.#complain(line, message, emit)
        return true
      case 'more':
        this.#sum(
          line,
          { service, total: message.count + 1, by: 'module' },
          () => failureOf(line, message),
          emit,
        )
        return true
      case 'success':
        this.#pass(line, message)
        return true
      case 'unknown-user':
        this.#of(line, service).isUserUnknown = true
        return true
      case 'locked':
        emit(accountEvent(line, { action: 'lock', user }))
        return true
      case 'password-changed':
        emit(accountEvent(line, { action: 'change-password', user }))
        return true
      default:
        emit(loginSession(line, { action: message.what, service, user }))
        return true
    }
  }

  /** The program says that `total` tries failed in all: gives an event for those that no line had told. */
  sum(line: ProgramLine, service: string, total: number, eventOf: () => AuthEvent, emit: Emit): void {
    this.#sum(line, { service, total, by: 'program' }, eventOf, emit)
  }

  #sum(
    line: ProgramLine,
    { service, total, by }: { readonly service: string; readonly total: number; readonly by: Summer },
    eventOf: () => AuthEvent,
    emit: Emit,
  ): void {
    const known = this.#of(line, service)
    const asking = known.summedBy.has(by) ? this.#anew(line, service, known, emit) : known
    this.#flush(asking, emit)
    const count = total - asking.told
    asking.told = Math.max(asking.told, total)
    asking.summedBy.add(by)
    if (count > 0) emit({ ...eventOf(), count })
  }

  /** The service let somebody in: the next failure begins anew. */
  succeed(line: ProgramLine, service: string, emit: Emit): void {
    const asking = this.#of(line, service)
    this.#flush(asking, emit)
    asking.summedBy.add('module').add('program')
  }

  settle(time: number, emit: Emit): void {
    for (const asking of this.#waiting)
      if (asking.waiting === null || asking.waiting.time + VERDICT_MS < time) this.#flush(asking, emit)
  }

  #complain(line: ProgramLine, message: PamMessage, emit: Emit): void {
    const known = this.#of(line, message.service)
    const asking = known.summedBy.size > 0 ? this.#anew(line, message.service, known, emit) : known
    const isOfSameTry = line.time - asking.complainedAt <= VERDICT_MS
    asking.complainedAt = line.time
    const before = asking.byModule.get(message.module) ?? 0
    // What another module says so much later is about another try.
    const complaints = (isOfSameTry ? before : Math.max(before, asking.told)) + line.count
    asking.byModule.set(message.module, complaints)
    const count = complaints - asking.told
    if (count <= 0) return
    this.#flush(asking, emit)
    const event = { ...failureOf(line, message), count }
    event.isUnknownUser = asking.isUserUnknown
    asking.isUserUnknown = false
    asking.told += count
    asking.waiting = event
    this.#waiting.add(asking)
    if (this.#waiting.size > MAX_ASKING) for (const oldest of this.#waiting) return this.#flush(oldest, emit)
  }

  #pass(line: ProgramLine, { service, module }: PamMessage): void {
    const asking = this.#of(line, service)
    const { waiting } = asking
    if (waiting === null || line.time - waiting.time > VERDICT_MS || asking.byModule.has(module)) return
    asking.told -= waiting.count
    asking.waiting = null
    asking.byModule.clear()
    this.#waiting.delete(asking)
  }

  #of(line: ProgramLine, service: string): Asking {
    const key = keyOf(line, service)
    const known = this.#asking.get(key)
    if (known !== undefined && line.time - known.lastTime <= PAUSE_MS) {
      known.lastTime = line.time
      return known
    }
    return this.#begin(key, line.time)
  }

  #anew(line: ProgramLine, service: string, before: Asking, emit: Emit): Asking {
    this.#flush(before, emit)
    const asking = this.#begin(keyOf(line, service), line.time)
    asking.isUserUnknown = before.isUserUnknown
    return asking
  }

  #begin(key: string, time: number): Asking {
    const asking: Asking = {
      lastTime: time,
      complainedAt: -Infinity,
      byModule: new Map(),
      told: 0,
      waiting: null,
      isUserUnknown: false,
      summedBy: new Set(),
    }
    this.#asking.set(key, asking)
    return asking
  }

  #flush(asking: Asking, emit: Emit): void {
    this.#waiting.delete(asking)
    if (asking.waiting !== null) emit(asking.waiting)
    asking.waiting = null
  }
}

function keyOf({ observer, pid }: ProgramLine, service: string): string {
  return `${observer} ${service} ${pid ?? '-'}`
}

function failureOf(line: ProgramLine, { service, user, peer, count }: PamMessage): AuthEvent {
  const { ip, host } = readPeer(peer)
  return loginEvent(line, {
    service,
    outcome: 'failure',
    method: 'pam',
    user,
    srcIp: ip,
    srcHost: host,
    count,
  })
}
