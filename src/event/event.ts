import { z } from 'zod'
import { AccountEvent } from './account.ts'
import { AlertEvent } from './alert.ts'
import { AuthEvent } from './auth.ts'
import { CloudApiEvent } from './cloud-api.ts'
import { CostEvent } from './cost.ts'
import { CpuEvent } from './cpu.ts'
import { DnsEvent } from './dns.ts'
import { FileEvent } from './file.ts'
import { FlowEvent } from './flow.ts'
import { HttpEvent } from './http.ts'
import { MetricEvent } from './metric.ts'
import { ModuleEvent } from './module.ts'
import { MountEvent } from './mount.ts'
import { ProcessEvent } from './process.ts'
import { ResourceEvent } from './resource.ts'
import { RuleMatchEvent } from './rule-match.ts'
import { ServiceEvent } from './service.ts'
import { SessionEvent } from './session.ts'
import { SocketEvent } from './socket.ts'
import { StratumEvent } from './stratum.ts'
import { TlsEvent } from './tls.ts'

/** Every kind of normalised event. Adding one: a file with its schema, and one line here. */
export const Event = z.discriminatedUnion('kind', [
  AccountEvent,
  AlertEvent,
  AuthEvent,
  CloudApiEvent,
  CostEvent,
  CpuEvent,
  DnsEvent,
  FileEvent,
  FlowEvent,
  HttpEvent,
  MetricEvent,
  ModuleEvent,
  MountEvent,
  ProcessEvent,
  ResourceEvent,
  RuleMatchEvent,
  ServiceEvent,
  SessionEvent,
  SocketEvent,
  StratumEvent,
  TlsEvent,
])
export type Event =
  | AccountEvent
  | AlertEvent
  | AuthEvent
  | CloudApiEvent
  | CostEvent
  | CpuEvent
  | DnsEvent
  | FileEvent
  | FlowEvent
  | HttpEvent
  | MetricEvent
  | ModuleEvent
  | MountEvent
  | ProcessEvent
  | ResourceEvent
  | RuleMatchEvent
  | ServiceEvent
  | SessionEvent
  | SocketEvent
  | StratumEvent
  | TlsEvent

export type EventKind = Event['kind']
export type EventOf<K extends EventKind> = Extract<Event, { kind: K }>
