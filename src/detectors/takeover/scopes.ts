import type { Actor } from '../../event/actor.ts'
import type { AuthEvent } from '../../event/auth.ts'
import type { ProcessEvent } from '../../event/process.ts'
import { isSystemAccount, isNetworkService } from '../model/host/maintenance.ts'
import { baseName } from '../model/host/places.ts'
import { isInterpreter } from '../model/host/shell.ts'
import { youngest } from '../model/host/youngest.ts'

/**
 * Whose hands were at work: acts of one login, else of one tree of processes, belong together. JSON-able.
 */
export interface Scopes {
  /** Parents and programs of processes outside of a login, by process number. */
  parents: Record<string, Parent>
  size: number
  /** Logins by audit session. */
  logins: Record<string, Login>
  loginCount: number
  /** Failed logins by address, for `Login.failures`. */
  failures: Record<string, { count: number; time: number }>
  failureCount: number
}

interface Parent {
  readonly ppid: number
  readonly program: string
  readonly time: number
}

export interface Login {
  readonly time: number
  readonly srcIp: string | null
  readonly method: string | null
  /** Failed tries from that address in the hours before. */
  readonly failures: number
}

const MAX_PARENTS = 2048
const MAX_LOGINS = 512
const MAX_FAILURES = 512
const PARENT_MS = 6 * 3_600_000
const FAILURE_MS = 6 * 3_600_000
const MAX_CLIMB = 64
/** What starts others for the whole machine: below it a tree of its own begins. */
const ROOTS =
  /^(?:systemd|init|sshd|cron|crond|atd|login|containerd-shim.*|dockerd|runc|supervisord|tini|s6-supervise|sudo|agetty)$/u

export function noScopes(): Scopes {
  return { parents: {}, size: 0, logins: {}, loginCount: 0, failures: {}, failureCount: 0 }
}

/** Call with every start of a program. */
export function followParent(scopes: Scopes, event: ProcessEvent): void {
  const { pid, ppid, session, exe } = event.actor
  if (session !== null || pid === null || ppid === null || event.action !== 'exec') return
  if (scopes.parents[pid] === undefined) scopes.size++
  scopes.parents[pid] = { ppid, program: baseName(exe ?? event.args[0] ?? ''), time: event.time }
  if (scopes.size <= 2 * MAX_PARENTS) return
  scopes.parents = youngest(scopes.parents, MAX_PARENTS)
  scopes.size = MAX_PARENTS
}

export function followLogin(scopes: Scopes, event: AuthEvent): void {
  const { srcIp, session, time, method } = event
  const before = srcIp === null ? undefined : scopes.failures[srcIp]
  const failed = before !== undefined && time - before.time <= FAILURE_MS ? before.count : 0
  if (event.outcome !== 'success') {
    if (srcIp === null) return
    if (before !== undefined) {
      before.count = failed + event.count
      before.time = time
      return
    }
    scopes.failures[srcIp] = { count: event.count, time }
    if (++scopes.failureCount > 2 * MAX_FAILURES) {
      scopes.failures = youngest(scopes.failures, MAX_FAILURES)
      scopes.failureCount = MAX_FAILURES
    }
  } else if (session !== null && scopes.logins[session] === undefined) {
    scopes.logins[session] = { time, srcIp, method, failures: failed }
    scopes.loginCount++
    if (scopes.loginCount > 2 * MAX_LOGINS) {
      scopes.logins = youngest(scopes.logins, MAX_LOGINS)
      scopes.loginCount = MAX_LOGINS
    }
  }
}

export interface Scope {
  /** A name for the login or the tree of processes. */
  readonly name: string
  /** The top of the tree is not known: a fork without a start of its own may lie between. */
  readonly isOrphan: boolean
}

/** `where` tells apart what names no process at all. */
export function scopeOf(scopes: Scopes, actor: Actor, time: number, where: string): Scope {
  const { session, pid, ppid } = actor
  if (session !== null) {
    const srcIp = scopes.logins[session]?.srcIp ?? null
    return { name: srcIp === null ? `session ${session}` : `login ${srcIp}`, isOrphan: false }
  }
  if (pid === null || ppid === null)
    return { name: `who ${actor.uid ?? actor.name ?? ''} ${actor.tty ?? ''} ${where}`, isOrphan: false }
  const { top, above } = climb(scopes, actor, pid, ppid, time)
  return above === null ? { name: `tree ${top}`, isOrphan: false } : { name: `tree ${above}`, isOrphan: true }
}

/** The highest process of the tree that is known, and what is above it where that is not known but part of it. */
function climb(
  scopes: Scopes,
  actor: Actor,
  pid: number,
  ppid: number,
  time: number,
): { top: number; above: number | null } {
  let top = pid
  let above = ppid
  let program = scopes.parents[pid]?.program ?? baseName(actor.exe ?? '')
  for (let steps = 0; steps < MAX_CLIMB; steps++) {
    const parent = scopes.parents[above]
    if (above <= 1 || (parent !== undefined && isRoot(parent, actor))) return { top, above: null }
    if (parent === undefined || time - parent.time > PARENT_MS) break
    top = above
    above = parent.ppid
    program = parent.program
  }
  // A service starts shells for many that talk to it: each is a tree of its own. An unknown shell above is one's own.
  const isServices = top !== pid && isInterpreter(program) && isSystemAccount(actor)
  return { top, above: isServices ? null : above }
}

function isRoot({ program }: Parent, actor: Actor): boolean {
  return ROOTS.test(program) || isNetworkService({ ...actor, exe: `/${program}` })
}
