import { z } from 'zod'
import { AccountEvent } from './account.ts'
import { AuthEvent } from './auth.ts'
import { DnsEvent } from './dns.ts'
import { FileEvent } from './file.ts'
import { FlowEvent } from './flow.ts'
import { ProcessEvent } from './process.ts'
import { ServiceEvent } from './service.ts'
import { SessionEvent } from './session.ts'
import { SocketEvent } from './socket.ts'
import { StratumEvent } from './stratum.ts'

/** Every kind of normalised event. Adding one: a file with its schema, and one line here. */
export const Event = z.discriminatedUnion('kind', [
  AccountEvent,
  AuthEvent,
  DnsEvent,
  FileEvent,
  FlowEvent,
  ProcessEvent,
  ServiceEvent,
  SessionEvent,
  SocketEvent,
  StratumEvent,
])
export type Event =
  | AccountEvent
  | AuthEvent
  | DnsEvent
  | FileEvent
  | FlowEvent
  | ProcessEvent
  | ServiceEvent
  | SessionEvent
  | SocketEvent
  | StratumEvent

export type EventKind = Event['kind']
export type EventOf<K extends EventKind> = Extract<Event, { kind: K }>
