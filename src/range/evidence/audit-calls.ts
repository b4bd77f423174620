import type { Random } from '../random.ts'
import { ENRICHED, idText, processTitle, socketAddress, untrusted } from './audit-text.ts'
import type { AuditRecord, AuditTrail } from './audit-trail.ts'

/** System call numbers of x86_64 (arch=c000003e). */
const SYSCALL = {
  connect: 42,
  execve: 59,
  fchmodat: 268,
  kill: 62,
  openat: 257,
  renameat2: 316,
  unlinkat: 263,
}
const AT_FDCWD = 'ffffff9c'
const O_WRONLY_CREAT_TRUNC = '241'
const EPERM = -1
const EINPROGRESS = -115
const LOADER = '/lib64/ld-linux-x86-64.so.2'
const ROOT_DEVICE = '103:01'
const SHM_DEVICE = '00:1a'

/** A running program with what the kernel knows about who runs it. */
export interface Process {
  readonly pid: number
  readonly ppid: number
  readonly comm: string
  readonly exe: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly uid: number
  /** Of a set-user-id program, else the same as `uid`. */
  readonly effectiveUid?: number
  /** Who logged in at the start of it all; null = nobody did. */
  readonly loginUid: number | null
  readonly session: number | null
  /** `pts0`, or null for none. */
  readonly tty: string | null
  /** systemd unit or container; left out: that of its session. */
  readonly unit?: string
}

interface Call {
  readonly name: keyof typeof SYSCALL
  readonly exit: number
  readonly args: readonly [string, string, string, string]
  readonly items: number
  /** Key of the audit rule that asked for the record. */
  readonly key: string
}

interface PathItem {
  readonly path: string
  readonly mode: string
  readonly kind: 'NORMAL' | 'PARENT' | 'CREATE' | 'DELETE'
  readonly ownerUid?: number
}

/** Names of user ids, as an ENRICHED trail carries them. */
export type UserNames = (uid: number | null) => string

/** Writes the records of the system calls that the host's audit rules watch. */
export class CallAuditor {
  readonly #trail: AuditTrail
  readonly #names: UserNames
  readonly #random: Random
  /** Told of each program that starts. */
  watch: ((program: Process, userName: string) => void) | null = null

  constructor(trail: AuditTrail, names: UserNames, random: Random) {
    this.#trail = trail
    this.#names = names
    this.#random = random
  }

  executed(program: Process): void {
    this.watch?.(program, this.#names(program.uid))
    const args = [this.#pointer(), this.#pointer(), this.#pointer(), '8'] as const
    this.#write(
      program,
      { name: 'execve', exit: 0, args, items: 2, key: 'exec' },
      { type: 'EXECVE', text: executedArguments(program.args) },
      this.#cwd(program),
      this.#path(0, { path: program.exe, mode: '0100755', kind: 'NORMAL' }),
      this.#path(1, { path: LOADER, mode: '0100755', kind: 'NORMAL' }),
    )
  }

  /** A file opened for writing: made (`isNew`), or emptied. `mode` is what the inode says, in octal. */
  opened(
    program: Process,
    path: string,
    key: string,
    { isNew = false, mode = '0100644' }: { isNew?: boolean; mode?: string } = {},
  ): void {
    const args = [AT_FDCWD, this.#pointer(), O_WRONLY_CREAT_TRUNC, '1b6'] as const
    this.#write(
      program,
      { name: 'openat', exit: 3, args, items: 2, key },
      this.#cwd(program),
      this.#parent(path),
      this.#path(1, { path, mode, kind: isNew ? 'CREATE' : 'NORMAL' }),
    )
  }

  changedMode(program: Process, path: string, permissions: number): void {
    const args = [AT_FDCWD, this.#pointer(), permissions.toString(16), '0'] as const
    this.#write(
      program,
      { name: 'fchmodat', exit: 0, args, items: 1, key: 'perm_mod' },
      this.#cwd(program),
      this.#path(0, { path, mode: `0100${permissions.toString(8)}`, kind: 'NORMAL' }),
    )
  }

  /** Kept from removing a file that the file system holds append-only. */
  failedToRemove(program: Process, path: string, key: string): void {
    const args = [AT_FDCWD, this.#pointer(), '0', '0'] as const
    this.#write(
      program,
      { name: 'unlinkat', exit: EPERM, args, items: 2, key },
      this.#cwd(program),
      this.#parent(path),
      this.#path(1, { path, mode: '0100640', kind: 'DELETE' }),
    )
  }

  removed(program: Process, path: string, key: string): void {
    const args = [AT_FDCWD, this.#pointer(), '0', '0'] as const
    this.#write(
      program,
      { name: 'unlinkat', exit: 0, args, items: 2, key },
      this.#cwd(program),
      this.#parent(path),
      this.#path(1, { path, mode: '0100644', kind: 'DELETE' }),
    )
  }

  renamed(program: Process, from: string, to: string, key: string): void {
    const args = [AT_FDCWD, this.#pointer(), AT_FDCWD, this.#pointer()] as const
    this.#write(
      program,
      { name: 'renameat2', exit: 0, args, items: 4, key },
      this.#cwd(program),
      this.#parent(from),
      { ...this.#parent(to), text: this.#parent(to).text.replace('item=0', 'item=1') },
      this.#path(2, { path: from, mode: '0100755', kind: 'DELETE' }),
      this.#path(3, { path: to, mode: '0100755', kind: 'CREATE' }),
    )
  }

  /** Kept from opening a file that the file system holds immutable. */
  failedToOpen(program: Process, path: string, key: string): void {
    const args = [AT_FDCWD, this.#pointer(), O_WRONLY_CREAT_TRUNC, '1b6'] as const
    this.#write(
      program,
      { name: 'openat', exit: EPERM, args, items: 2, key },
      this.#cwd(program),
      this.#parent(path),
      this.#path(1, { path, mode: '0100644', kind: 'NORMAL' }),
    )
  }

  /** SIGKILL or another signal to a process of the host. */
  killed(program: Process, target: Process, signal: number): void {
    const args = [target.pid.toString(16), signal.toString(16), '0', '0'] as const
    const whose = `opid=${target.pid} oauid=${idText(target.loginUid)} ouid=${target.uid} oses=${idText(target.session)}`
    const object = `${whose} obj=unconfined ocomm=${untrusted(target.comm.slice(0, 15))}`
    const resolved = `OAUID="${this.#names(target.loginUid)}" OUID="${this.#names(target.uid)}"`
    this.#write(
      program,
      { name: 'kill', exit: 0, args, items: 0, key: 'kill' },
      { type: 'OBJ_PID', text: `${object}${ENRICHED}${resolved}` },
    )
  }

  /** `isNonBlocking`: TCP by an event loop, which is told "in progress"; else it returned at once. */
  connected(program: Process, ip: string, port: number, isNonBlocking: boolean): void {
    const args = [this.#random.integer(3, 12).toString(16), this.#stackPointer(), '10', '0'] as const
    const address = `saddr=${socketAddress(ip, port)}${ENRICHED}SADDR={ saddr_fam=inet laddr=${ip} lport=${port} }`
    const exit = isNonBlocking ? EINPROGRESS : 0
    this.#write(
      program,
      { name: 'connect', exit, args, items: 0, key: 'net' },
      { type: 'SOCKADDR', text: address },
    )
  }

  #write(program: Process, call: Call, ...records: readonly AuditRecord[]): void {
    this.#trail.write(this.#systemCall(program, call), ...records, {
      type: 'PROCTITLE',
      text: `proctitle=${processTitle(program.args)}`,
    })
  }

  #systemCall(program: Process, call: Call): AuditRecord {
    const { uid, loginUid, effectiveUid = uid } = program
    const isSuccess = call.exit >= 0
    const [a0, a1, a2, a3] = call.args
    const [name, effective] = [this.#names(uid), this.#names(effectiveUid)]
    const text = [
      `arch=c000003e syscall=${SYSCALL[call.name]} success=${isSuccess ? 'yes' : 'no'} exit=${call.exit}`,
      `a0=${a0} a1=${a1} a2=${a2} a3=${a3} items=${call.items} ppid=${program.ppid} pid=${program.pid}`,
      `auid=${idText(loginUid)} uid=${uid} gid=${uid} euid=${effectiveUid} suid=${effectiveUid} fsuid=${effectiveUid}`,
      `egid=${uid} sgid=${uid} fsgid=${uid} tty=${program.tty ?? '(none)'} ses=${idText(program.session)}`,
      `comm=${untrusted(program.comm.slice(0, 15))} exe=${untrusted(program.exe)} subj=unconfined key="${call.key}"`,
    ].join(' ')
    const resolved = [
      `ARCH=x86_64 SYSCALL=${call.name} AUID="${this.#names(loginUid)}" UID="${name}" GID="${name}"`,
      `EUID="${effective}" SUID="${effective}" FSUID="${effective}" EGID="${name}" SGID="${name}" FSGID="${name}"`,
    ].join(' ')
    return { type: 'SYSCALL', text: `${text}${ENRICHED}${resolved}` }
  }

  #cwd(program: Process): AuditRecord {
    return { type: 'CWD', text: `cwd=${untrusted(program.cwd)}` }
  }

  #parent(path: string): AuditRecord {
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    return this.#path(0, { path: folder, mode: folder === '/dev/shm/' ? '041777' : '040755', kind: 'PARENT' })
  }

  #path(item: number, { path, mode, kind, ownerUid = 0 }: PathItem): AuditRecord {
    const owner = this.#names(ownerUid)
    const device = path.startsWith('/dev/shm/') ? SHM_DEVICE : ROOT_DEVICE
    const fields = [
      `item=${item} name=${untrusted(path)} inode=${inodeOf(path)} dev=${device} mode=${mode}`,
      `ouid=${ownerUid} ogid=${ownerUid} rdev=00:00 nametype=${kind}`,
      'cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0',
    ].join(' ')
    return { type: 'PATH', text: `${fields}${ENRICHED}OUID="${owner}" OGID="${owner}"` }
  }

  #pointer(): string {
    return `55${this.#random.hex(9)}0`
  }

  #stackPointer(): string {
    return `7ff${this.#random.hex(8)}0`
  }
}

function executedArguments(args: readonly string[]): string {
  return [`argc=${args.length}`, ...args.map((arg, i) => `a${i}=${untrusted(arg)}`)].join(' ')
}

/** A file keeps its inode: derived from its path. */
function inodeOf(path: string): number {
  let hash = 0
  for (let i = 0; i < path.length; i++) hash = (Math.imul(hash, 31) + path.charCodeAt(i)) >>> 0
  return 1000 + (hash % 780_000)
}
