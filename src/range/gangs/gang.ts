import type { FightCategory } from '../../event/finding.ts'
import type { Process } from '../evidence/audit-calls.ts'
import type { Host, RunningMiner } from '../host/host.ts'
import type { Machine, User } from '../machine.ts'
import type { SshSoftware } from '../network/ssh-bytes.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'
import type { AccountRaid } from './account-raid.ts'
import type { Places } from './places.ts'

/**
 * A gang is data (traits: what it is known by) and behaviour (acts: what it does once it is in). Getting in, mining,
 * being killed and coming back are the stage's; what happens between the first prompt and the last is the gang's, in
 * `occupy`. Commands are only ever text in logs.
 *
 * A model draws everything it can from `random`, so that no two seeds show the same names, paths, order and gaps.
 * Ready-made steps stand in `gangs/steps/`; a pack may write steps of its own with what a `Foothold` offers.
 */
export interface GangModel {
  /** Of the model: `lockr-worm`. */
  readonly name: string
  /** Public name of the family that it takes after, as the truth tells it; null where it has none. */
  readonly family: string | null
  form(place: { random: Random; places: Places; skill: Skill }): GangForm
}

/** `low` is loud and careless, `high` hides, wraps its pool in TLS, spares the CPU and closes the door. */
export const SKILLS = ['low', 'medium', 'high'] as const
export type Skill = (typeof SKILLS)[number]

/** How a gang gets onto a machine, in the words of the truth. */
export const WAYS_IN = ['ssh-password', 'ssh-key', 'docker-api', 'redis', 'web-exploit'] as const
export type WayInKind = (typeof WAYS_IN)[number]

export interface GangForm {
  readonly traits: Traits
  /** Everything from the first prompt to the last command on one machine. Must start the miner with `foothold.startMiner`. */
  occupy(foothold: Foothold): Act
  /** Comes by again while it holds the machine, every few hours; left out: never does. */
  lookAfter?(foothold: Foothold): Act
  /** What it does to the owner's cloud account, once, after the first machine it has taken; left out: nothing. */
  raid?(raid: AccountRaid, random: Random): Act
}

/** A gang as it stands on the stage. */
export interface Gang extends GangForm {
  /** `gang-1`: unique in a battle. */
  readonly id: string
  readonly model: string
  readonly family: string | null
  readonly skill: Skill
}

export interface Traits {
  /** First choice first; a machine mines to one of them. */
  readonly wallets: readonly string[]
  readonly pool: PoolTraits
  /** Further pools: machines take turns, and one that is out of reach is passed over for the next (`poolOf`). */
  readonly morePools?: readonly PoolTraits[]
  /** What it logs in with on one machine: `WALLET`, `WALLET.host7` … and the password field (`x`, a worker's name …). */
  login(machine: Machine, random: Random): { readonly login: string; readonly pass: string }
  /** What the miner calls itself to the pool: `XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/9.3.0`. */
  readonly agent: string
  readonly miner: MinerTraits
  /** Addresses that it scans and logs in from (`places.source()`); the first is the one that gets in. */
  readonly sources: readonly string[]
  readonly client: SshSoftware
  /** Where it downloads from over plain HTTP; `name` null: by address. */
  readonly download: { readonly ip: string; readonly name: string | null; readonly paths: readonly string[] }
  /** Where it calls home over TCP; null: nowhere. */
  readonly control: {
    readonly ip: string
    readonly name: string | null
    readonly port: number
    readonly everyMs: number
  } | null
  /** Its line in authorized_keys; null: it leaves none. `fingerprint`: 43 characters of Base64. */
  readonly key: { readonly fingerprint: string; readonly comment: string } | null
  /** First choice first; one that the machine does not offer is passed over. */
  readonly waysIn: readonly WayInKind[]
  /** Chance that it tries each host in known_hosts from a machine it has taken. */
  readonly spreads: number
  /** Chance that it sells its access once it has it. */
  readonly sells: number
  /** Whether a cron line or unit of its brings a killed miner back, and after how long it comes by in person; null: never. */
  readonly returnsAfterMs: number | null
}

export interface PoolTraits {
  /** Null: by address alone. */
  readonly name: string | null
  readonly ip: string
  readonly port: number
  readonly isTls: boolean
}

export interface MinerTraits {
  /** Absolute path of the binary. */
  readonly path: string
  /** What it shows as `comm`, at most 15 characters; the file's name where it does not hide. */
  readonly comm: string
  /** Arguments after the path; `[]` where it reads a file. */
  args(login: string, pass: string): readonly string[]
  /** Share of the machine's CPU that it takes, 0 to 1. */
  readonly cpuShare: number
  /** Further names and paths that rivals know it by (kill lists, vaccines): file names, folders, pool names. */
  readonly knownAs: readonly string[]
}

/** Where an intruder's commands run: a terminal over SSH, a script below an exploited service, a container's entry point. */
export interface Hands {
  readonly machine: Machine
  readonly user: User
  /** Whether somebody types (lines reach shell histories) or a script runs. */
  readonly isInteractive: boolean
  /** Runs a program that ends soon; it is in the audit trail, and typed on the wire where there is a wire. */
  run(args: readonly [string, ...string[]], options?: RunOptions): Act<Process>
  /** `sh -c LINE`-like pipelines: each program of it is executed, the line is typed once. */
  pipe(line: string, programs: readonly (readonly [string, ...string[]])[]): Act<Process>
  /** What the shell does itself (`echo … > file`, `cd`): nothing is executed. Returns the shell. */
  builtin(line: string): Act<Process>
  /** Starts a program that stays, as a child of init without a terminal. */
  spawn(args: readonly [string, ...string[]], options?: RunOptions): Act<Process>
  leave(): Act
}

export interface RunOptions {
  /** Where it differs from what `args[0]` says. */
  readonly exe?: string
  readonly comm?: string
  /** Bytes that come back on the terminal. */
  readonly replyBytes?: number
}

export interface FileTraits {
  /** In the words of the truth: miner, script, cron, authorized-keys, unit, config, vaccine, hosts, preload, log-wipe … */
  readonly what: string
  /** Default: made if the host does not know it yet. */
  readonly isNew?: boolean
  /** Octal as the kernel writes it; default `0100644`. */
  readonly mode?: string
}

/** A gang on a machine, with all that it can do there. Acts that come to nothing on this host (locked file, no rival) return 0 or false. */
export interface Foothold {
  readonly gang: Gang
  readonly host: Host
  readonly machine: Machine
  readonly hands: Hands
  /** Own stream of this visit. */
  readonly random: Random
  /** Whether the user it came in as may do everything. */
  readonly isRoot: boolean

  /** Waits as a script or a hand would: `script` 0.05 to 0.6 s, `hand` 1 to 9 s, `long` 20 s to 4 min. */
  pause(kind?: 'script' | 'hand' | 'long'): Act
  /** Notes that the gang did something of this kind: the `how` of a change of hands, if there comes one. Steps do it. */
  did(category: FightCategory): void

  /** Downloads over HTTP into `path` (curl or wget, whichever the host still has under a name). False: no tool is left. */
  fetch(urlPath: string, path: string, traits: FileTraits): Act<boolean>
  /** A file written by `by` (the shell, unless said otherwise). False: it is immutable, and the audit trail shows the failure. */
  write(path: string, traits: FileTraits, by?: Process): boolean
  remove(path: string, by?: Process): boolean
  rename(from: string, to: string, by: Process): void
  changeMode(path: string, permissions: number): Act

  /** Runs chattr with these flags on a path and remembers +i / -i. */
  chattr(flags: string, path: string): Act
  /** Starts the gang's miner and its dialogue with the pool: the tenure begins. Null: its file is not there. */
  startMiner(): Act<RunningMiner | null>
  /**
   * Kills miners of others that `matches` (and the gang's own rules) would hit: their process ends, their connection is
   * closed, their tenure ends, and the truth has a change of hands. Returns those hit. The command is the caller's to run.
   */
  evict(by: Process, matches: (miner: RunningMiner) => boolean): readonly RunningMiner[]
  /** A line that brings the miner back when it is found dead. `place` is `/etc/cron.d/NAME` or `/var/spool/cron/crontabs/root`. */
  addCron(place: string, line: string, everyMs: number): Act<boolean>
  /** Removes cron lines of others (`matches` null: all lines, the owner's too). Returns how many intruders' lines went. */
  wipeCron(matches: ((line: string) => boolean) | null): number
  /** A systemd unit that brings the miner back. */
  addUnit(name: string): Act<boolean>
  stopUnit(name: string): Act<boolean>
  /** Puts the gang's key into authorized_keys; `overwrite` throws everybody else's out. False: immutable. */
  addKey(mode: 'append' | 'overwrite'): Act<boolean>
  /** `chpasswd`: guessers with the old password stay out from now on. */
  changePassword(): Act
  /** Drops packets to this destination port: miners that use it starve within a minute. */
  blockPort(port: number): Act
  flushFirewall(): Act
  /** Adds `ADDRESS NAME` to /etc/hosts: miners that look this name up starve when they connect anew. */
  sinkName(name: string, address?: string): Act
  /** Shuts a service that intruders came through. */
  closeDoor(kind: WayInKind): Act
  /** Stops later ones from fetching: `mv /usr/bin/curl …`. */
  hideTool(tool: 'curl' | 'wget', as: string): Act
  /** The same visit by other hands: what a job of it does later. `label` names its own stream. */
  by(hands: Hands, label: string): Foothold
  /** Machines that known_hosts tells of, by private address. */
  knownHosts(): readonly string[]
  /** Tries one of them with keys found here; whether it works is the stage's. */
  spreadTo(address: string): Act<boolean>
}
