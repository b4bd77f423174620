import type { AccountEvent } from '../../event/account.ts'
import type { Actor } from '../../event/actor.ts'
import type { AuthEvent } from '../../event/auth.ts'
import type { FileEvent } from '../../event/file.ts'
import type { ProcessEvent } from '../../event/process.ts'
import type { ServiceEvent } from '../../event/service.ts'
import type { SessionEvent } from '../../event/session.ts'
import { eventBase, type ProgramLine } from './program-line.ts'

/** What a line of text tells of the process behind it: hardly anything. */
export function lineActor({ pid }: ProgramLine, said: Partial<Actor> = {}): Actor {
  return {
    pid,
    ppid: null,
    exe: null,
    name: null,
    uid: null,
    loginUid: null,
    session: null,
    tty: null,
    ...said,
  }
}

export interface LoginSaid {
  readonly service: string
  readonly outcome: AuthEvent['outcome']
  readonly method?: string | null
  readonly user: string | null
  readonly isUnknownUser?: boolean
  readonly srcIp?: string | null
  readonly srcHost?: string | null
  readonly srcPort?: number | null
  readonly keyFingerprint?: string | null
  readonly count?: number
}

export function loginEvent(line: ProgramLine, said: LoginSaid): AuthEvent {
  return {
    kind: 'auth',
    ...eventBase(line),
    outcome: said.outcome,
    method: said.method ?? null,
    user: said.user,
    isUnknownUser: said.isUnknownUser ?? false,
    srcIp: said.srcIp ?? null,
    srcHost: said.srcHost ?? null,
    srcPort: said.srcPort ?? null,
    service: said.service,
    pid: line.pid,
    session: null,
    keyFingerprint: said.keyFingerprint ?? null,
    count: said.count ?? line.count,
  }
}

export function loginSession(
  line: ProgramLine,
  said: { readonly action: SessionEvent['action']; readonly service: string; readonly user: string | null },
): SessionEvent {
  return { kind: 'session', ...eventBase(line), ...said, srcIp: null, pid: line.pid, session: null }
}

export function accountEvent(
  line: ProgramLine,
  said: Pick<AccountEvent, 'action' | 'user'> & { readonly isSuccess?: boolean },
): AccountEvent {
  const actor = lineActor(line, { name: line.program })
  return {
    kind: 'account',
    ...eventBase(line),
    action: said.action,
    actor,
    user: said.user,
    isSuccess: said.isSuccess ?? true,
  }
}

export function serviceEvent(
  line: ProgramLine,
  said: Pick<ServiceEvent, 'action' | 'unit' | 'detail' | 'isSuccess'>,
): ServiceEvent {
  return { kind: 'service', ...eventBase(line), ...said }
}

export function processEvent(
  line: ProgramLine,
  said: Pick<ProcessEvent, 'actor' | 'args' | 'commandLine' | 'cwd' | 'isSuccess'>,
): ProcessEvent {
  const program = said.args[0] ?? ''
  const paths = program.startsWith('/') ? [program] : []
  return {
    kind: 'process',
    ...eventBase(line),
    action: 'exec',
    paths,
    targetPid: null,
    key: null,
    ...said,
  }
}

export function fileEvent(line: ProgramLine, said: Pick<FileEvent, 'action' | 'actor' | 'path'>): FileEvent {
  return {
    kind: 'file',
    ...eventBase(line),
    targetPath: null,
    mode: null,
    isSuccess: true,
    key: null,
    ...said,
  }
}
