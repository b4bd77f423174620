import type { MachineFacts } from '../machine.ts'
import type { Random } from '../random.ts'
import type { Process } from './audit-calls.ts'
import type { ByteSink } from './evidence-file.ts'

/** Opens an evidence file by its path below `evidence/`, to be written in order. A path ending in `.gz` is compressed on its way to disk. */
export type OpenEvidence = (path: string) => ByteSink

/** Times are epoch ms on the stage's clock; a witness that stands on a machine adds that machine's `clockSkewMs`. */
interface Seen {
  readonly timeMs: number
}

/** What a witness on one machine may see; in the order of time, but for packets (up to a second ahead). */
export type HostObservation =
  | ProcessStarted
  | ProcessEnded
  | ShellLine
  | SystemLine
  | UnitChanged
  | LoginTried
  | SessionEnded
  | ConnectionOpened
  | ConnectionClosed
  | NameLookedUp
  | PacketPassed
  | CpuSampled
  | CronRun

/** To be called with what happens on one machine, as it happens. */
export type Watch = (observation: HostObservation) => void

/** What the cloud sees of an account and its machines. */
export type CloudObservation = ApiCall | InstanceHour

export interface ProcessStarted extends Seen {
  readonly kind: 'process-started'
  readonly process: Process
  readonly userName: string
  /** systemd unit or container it belongs to: `nginx.service`, `session-12.scope`. */
  readonly unit: string
}

/** Told of daemons and miners; short commands end unseen. */
export interface ProcessEnded extends Seen {
  readonly kind: 'process-ended'
  readonly process: Process
  /** Null: it came to its own end. */
  readonly signal: number | null
}

/** A line given to an interactive shell; what a script does is not told here. */
export interface ShellLine extends Seen {
  readonly kind: 'shell-line'
  readonly userName: string
  readonly uid: number
  readonly home: string
  readonly session: number | null
  readonly line: string
  /** The shell was told to keep no history before this line (HISTFILE, history -c …). */
  readonly isKept: boolean
}

/** What a program gives to syslog, and so to the journal. */
export interface SystemLine extends Seen {
  readonly kind: 'system-line'
  /** `sshd`, `sudo`, `CRON`, `systemd-logind` … */
  readonly identifier: string
  readonly pid: number | null
  /** Syslog severity, 0 to 7. */
  readonly severity: number
  /** Syslog facility: 10 authpriv, 9 cron, 3 daemon, 0 kernel … */
  readonly facility: number
  readonly message: string
}

export interface UnitChanged extends Seen {
  readonly kind: 'unit-changed'
  /** Without `.service`. */
  readonly unit: string
  readonly state: 'started' | 'stopped' | 'failed'
}

export interface LoginTried extends Seen {
  readonly kind: 'login-tried'
  readonly userName: string
  readonly method: 'password' | 'publickey'
  readonly isAccepted: boolean
  readonly srcIp: string
  readonly srcPort: number
  readonly pid: number
}

export interface SessionEnded extends Seen {
  readonly kind: 'session-ended'
  readonly userName: string
  readonly session: number
}

export interface ConnectionEnds {
  readonly protocol: 'tcp' | 'udp'
  readonly direction: 'in' | 'out'
  readonly local: { readonly ip: string; readonly port: number }
  readonly remote: { readonly ip: string; readonly port: number }
}

export interface ConnectionOpened extends Seen, ConnectionEnds {
  readonly kind: 'connection-opened'
}

export interface ConnectionClosed extends Seen, ConnectionEnds {
  readonly kind: 'connection-closed'
  readonly openedMs: number
  /** Payload without headers, from the machine's side. */
  readonly bytesOut: number
  readonly bytesIn: number
}

export interface NameLookedUp extends Seen {
  readonly kind: 'name-looked-up'
  readonly name: string
  readonly type: 'A' | 'AAAA'
  readonly srcPort: number
  readonly answers: readonly string[]
  readonly rcode: 'NOERROR' | 'NXDOMAIN'
}

/** An IP packet at the machine's network card, for those who count bytes. May be told up to a second before its time. */
export interface PacketPassed extends Seen {
  readonly kind: 'packet'
  readonly direction: 'in' | 'out'
  /** IANA protocol number. */
  readonly protocol: number
  readonly src: string
  readonly dst: string
  readonly srcPort: number
  readonly dstPort: number
  /** Of the IP packet, headers and all. */
  readonly bytes: number
  /** TCP flags as in the header; 0 for other protocols. */
  readonly tcpFlags: number
}

/** Once a minute. Shares are of the whole machine, 0 to 1; `busy` is their sum and never above 1. */
export interface CpuSampled extends Seen {
  readonly kind: 'cpu-sampled'
  readonly periodMs: number
  readonly cores: number
  readonly busy: number
  readonly processes: readonly {
    readonly pid: number
    readonly comm: string
    readonly userName: string
    readonly share: number
  }[]
}

export interface CronRun extends Seen {
  readonly kind: 'cron-run'
  readonly userName: string
  readonly pid: number
  readonly line: string
}

/** One call to the cloud's control plane, with the fields of a CloudTrail record that say who and what. */
export interface ApiCall extends Seen {
  readonly kind: 'api-call'
  readonly account: string
  readonly region: string
  /** `ec2.amazonaws.com` */
  readonly eventSource: string
  readonly eventName: string
  readonly isReadOnly: boolean
  readonly caller: {
    readonly type: 'IAMUser' | 'AssumedRole' | 'Root' | 'AWSService'
    readonly arn: string
    readonly userName: string | null
    readonly accessKeyId: string | null
  }
  /** Address, or the name of a service. */
  readonly source: string
  readonly userAgent: string
  readonly request: Readonly<Record<string, unknown>> | null
  readonly response: Readonly<Record<string, unknown>> | null
  readonly errorCode: string | null
}

/** An hour (or what is left of it) of a machine that runs, and what it costs. Also of machines that intruders start. */
export interface InstanceHour extends Seen {
  readonly kind: 'instance-hour'
  readonly account: string
  readonly machine: Pick<MachineFacts, 'name' | 'instanceId' | 'instanceType'>
  readonly region: string
  readonly startMs: number
  readonly endMs: number
  readonly usdPerHour: number
  /** Credits of a burstable type used beyond its baseline, and what they cost. */
  readonly burstUsd: number
  readonly egressBytes: number
}

/** One that writes down what it sees. Must not fail, look at the clock, or keep more than a few kilobytes for each machine. */
export interface Witness<Observation> {
  observe(observation: Observation): void
  /** Writes what it still holds. Called once. */
  end(): void
}

/** Which file tells of when, for the truth. */
export interface WitnessedFile {
  readonly path: string
  /** Null: from the first to the last moment of the battle. */
  readonly period: { readonly fromMs: number; readonly toMs: number } | null
}

export interface StartedWitness<Observation> extends Witness<Observation> {
  /** Files written so far; asked for after `end`. */
  files(): readonly WitnessedFile[]
}

export interface WitnessPlace {
  readonly open: OpenEvidence
  /** Own stream; drawing from it changes nobody else's. */
  readonly random: Random
  readonly startMs: number
  readonly endMs: number
}

export interface HostWitnessPlace extends WitnessPlace {
  readonly machine: MachineFacts
  /** Put before every path: `web-1/`. */
  readonly folder: string
  readonly clockSkewMs: number
}

export interface CloudWitnessPlace extends WitnessPlace {
  readonly account: string
  readonly region: string
  readonly machines: readonly MachineFacts[]
}

/** A kind of evidence that machines write. `kind` is what `--without` takes and what truth's `evidence[].kind` says. */
export interface HostWitnessKind {
  readonly kind: string
  /** Observations it wants; others are not told to it. */
  readonly sees: readonly HostObservation['kind'][]
  start(place: HostWitnessPlace): StartedWitness<HostObservation>
}

/** A kind of evidence that the cloud writes, for all machines of the account. */
export interface CloudWitnessKind {
  readonly kind: string
  readonly sees: readonly (CloudObservation['kind'] | HostObservation['kind'])[]
  start(place: CloudWitnessPlace): StartedWitness<CloudObservation | MachineObservation>
}

/** What the cloud sees of one machine's network card and names (VPC flow logs, resolver logs, CPU metrics). */
export interface MachineObservation {
  readonly kind: 'on-machine'
  readonly machine: MachineFacts
  readonly seen: HostObservation
}
