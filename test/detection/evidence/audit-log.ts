import {
  ENRICHED,
  idText,
  processTitle,
  socketAddress,
  untrusted,
} from '../../../src/range/evidence/audit-text.ts'

export interface AuditStyle {
  /** What the host's rules watch: starts of programs, files, connections. */
  readonly rules?: readonly ('exec' | 'files' | 'net')[]
  /** `node=` before every record. */
  readonly node?: string
  readonly isEnriched?: boolean
  /** Ubuntu's and older kernels' trails may come without it. */
  readonly hasTitle?: boolean
  readonly path?: string
  /** Serial number of the first event. */
  readonly firstSerial?: number
}

/** Who does it. What is not said is a shell of root, logged in as session 7. */
export interface Doer {
  readonly pid?: number
  readonly ppid?: number
  readonly exe?: string
  readonly name?: string
  readonly uid?: number
  readonly auid?: number | null
  readonly ses?: number | null
  readonly cwd?: string
}

type Deed = 'create' | 'write' | 'truncate' | 'delete'

const SYSCALLS = { execve: 59, openat: 257, unlinkat: 263, renameat: 264, fchmodat: 268, connect: 42 }
/** open(2) flags, in hexadecimal: O_WRONLY and what goes with it. */
const FLAGS: Readonly<Record<Exclude<Deed, 'delete'>, string>> = {
  create: 'c1',
  write: '401',
  truncate: '241',
}

interface Written {
  readonly time: number
  readonly number: number
  readonly lines: readonly string[]
}

/** audit.log of one host. Times in epoch ms; events are put in order when written. */
export class AuditLog {
  readonly #style: AuditStyle
  readonly #events: Written[] = []
  #pid = 5000

  constructor(style: AuditStyle = {}) {
    this.#style = style
  }

  nextPid(): number {
    this.#pid += 3
    return this.#pid
  }

  /** A program is started; gives its process. */
  run(time: number, args: readonly string[], doer: Doer = {}): number {
    const pid = doer.pid ?? this.nextPid()
    const exe = doer.exe ?? programOf(args[0] ?? '')
    const fields = { ...doer, pid, exe }
    if (!this.#watches('exec')) return pid
    const argv = args.map((arg, at) => `a${at}=${untrusted(arg)}`).join(' ')
    this.#call(time, 'execve', fields, args, { a: ['55d0', '55d1', '55d2', '8'], items: 2, key: 'exec' }, [
      `EXECVE ${[`argc=${args.length}`, argv].join(' ')}`,
      `CWD cwd=${untrusted(doer.cwd ?? '/root')}`,
      pathItem(0, exe, 'NORMAL', '0100755'),
      pathItem(1, '/lib64/ld-linux-x86-64.so.2', 'NORMAL', '0100755'),
    ])
    return pid
  }

  /** Something is done to a file by the program `args`. */
  file(time: number, deed: Deed, path: string, args: readonly string[], doer: Doer = {}): void {
    if (!this.#watches('files')) return
    const kind = deed === 'create' ? 'CREATE' : deed === 'delete' ? 'DELETE' : 'NORMAL'
    const flags = deed === 'delete' ? '0' : FLAGS[deed]
    const call = deed === 'delete' ? 'unlinkat' : 'openat'
    const fields = {
      pid: this.nextPid(),
      ...doer,
      exe: doer.exe ?? programOf(args[0] ?? ''),
    }
    this.#call(time, call, fields, args, { a: ['ffffff9c', '55d0', flags, '1b6'], items: 2, key: 'watch' }, [
      `CWD cwd=${untrusted(doer.cwd ?? '/root')}`,
      pathItem(0, `${path.slice(0, path.lastIndexOf('/'))}/`, 'PARENT', '040755'),
      pathItem(1, path, kind, '0100644'),
    ])
  }

  renamed(time: number, from: string, to: string, args: readonly string[], doer: Doer = {}): void {
    if (!this.#watches('files')) return
    const fields = { pid: this.nextPid(), ...doer, exe: doer.exe ?? programOf(args[0] ?? '') }
    this.#call(
      time,
      'renameat',
      fields,
      args,
      { a: ['ffffff9c', '55d0', 'ffffff9c', '55d1'], items: 4, key: 'watch' },
      [
        `CWD cwd=${untrusted(doer.cwd ?? '/root')}`,
        pathItem(0, `${from.slice(0, from.lastIndexOf('/'))}/`, 'PARENT', '040755'),
        pathItem(1, `${to.slice(0, to.lastIndexOf('/'))}/`, 'PARENT', '040755'),
        pathItem(2, from, 'DELETE', '0100644'),
        pathItem(3, to, 'CREATE', '0100644'),
      ],
    )
  }

  connected(time: number, ip: string, port: number, doer: Doer & { exe: string }): void {
    if (!this.#watches('net')) return
    const fields = { pid: this.nextPid(), ...doer }
    this.#call(time, 'connect', fields, [doer.exe], { a: ['3', '7ffc0', '10', '0'], items: 0, key: 'net' }, [
      `SOCKADDR saddr=${socketAddress(ip, port)}`,
    ])
  }

  /** PAM and sshd tell of a failed password, as Debian's audit hooks do. */
  loginFailed(time: number, user: string, ip: string, pid: number): void {
    const acct = untrusted(user)
    this.#user(time, 'USER_AUTH', pid, `op=PAM:authentication grantors=? acct=${acct}`, ip, null, false)
    this.#user(time + 2000, 'USER_LOGIN', pid, `op=login acct=${acct}`, ip, null, false)
  }

  /** A login, with the session it gets; where it was by key, PAM has authenticated nobody. */
  loggedIn(time: number, user: string, ip: string, pid: number, session: number, isByKey = false): void {
    const acct = untrusted(user)
    const uid = user === 'root' ? 0 : 1000
    if (!isByKey)
      this.#user(
        time,
        'USER_AUTH',
        pid,
        `op=PAM:authentication grantors=pam_unix acct=${acct}`,
        ip,
        null,
        true,
      )
    this.#user(time, 'USER_ACCT', pid, `op=PAM:accounting grantors=pam_unix acct=${acct}`, ip, null, true)
    this.#push(time, [
      `LOGIN pid=${pid} uid=0 old-auid=${idText(null)} auid=${uid} tty=(none) old-ses=${idText(null)} ses=${session} res=1`,
    ])
    const open = `op=PAM:session_open grantors=pam_unix acct=${acct}`
    this.#user(time, 'USER_START', pid, open, ip, session, true)
    this.#user(time + 50, 'USER_LOGIN', pid, `op=login id=${uid}`, ip, session, true)
  }

  raw(time: number, ...lines: string[]): void {
    this.#push(time, lines)
  }

  written(): { path: string; content: string } {
    const { node, path = 'audit.log', firstSerial = 1000 } = this.#style
    const before = node === undefined ? '' : `node=${node} `
    const text = this.#events
      .toSorted((a, b) => a.time - b.time || a.number - b.number)
      .flatMap(({ time, lines }, at) => {
        const stamp = `audit(${(Math.floor(time) / 1000).toFixed(3)}:${firstSerial + at})`
        return lines.map((line) => {
          const space = line.indexOf(' ')
          return `${before}type=${line.slice(0, space)} msg=${stamp}: ${line.slice(space + 1)}\n`
        })
      })
    return { path, content: text.join('') }
  }

  #watches(what: 'exec' | 'files' | 'net'): boolean {
    return (this.#style.rules ?? ['exec', 'files', 'net']).includes(what)
  }

  #call(
    time: number,
    name: keyof typeof SYSCALLS,
    doer: Doer & { pid: number; exe: string },
    args: readonly string[],
    call: { a: readonly string[]; items: number; key: string },
    records: readonly string[],
  ): void {
    const { pid, ppid = 4700, exe, uid = 0, auid = 0, ses = 7 } = doer
    const comm = doer.name ?? exe.slice(exe.lastIndexOf('/') + 1)
    const ids = ['uid', 'gid', 'euid', 'suid', 'fsuid', 'egid', 'sgid', 'fsgid'].map((id) => `${id}=${uid}`)
    const syscall =
      `SYSCALL arch=c000003e syscall=${SYSCALLS[name]} success=yes exit=${name === 'openat' ? 3 : 0} ` +
      `${call.a.map((value, at) => `a${at}=${value}`).join(' ')} items=${call.items} ppid=${ppid} pid=${pid} ` +
      `auid=${idText(auid)} ${ids.join(' ')} tty=${auid === null ? '(none)' : 'pts0'} ses=${idText(ses)} ` +
      `comm=${untrusted(comm.slice(0, 15))} exe=${untrusted(exe)} subj=unconfined key="${call.key}"`
    const resolved =
      this.#style.isEnriched === true ? `${ENRICHED}ARCH=x86_64 SYSCALL=${name} UID="root"` : ''
    const title = this.#style.hasTitle === false ? [] : [`PROCTITLE proctitle=${processTitle(args)}`]
    this.#push(time, [syscall + resolved, ...records, ...title])
  }

  #user(
    time: number,
    type: string,
    pid: number,
    operation: string,
    ip: string,
    session: number | null,
    isSuccess: boolean,
  ): void {
    const place = `exe="/usr/sbin/sshd" hostname=${ip} addr=${ip} terminal=ssh res=${isSuccess ? 'success' : 'failed'}`
    const auid = idText(session === null ? null : 0)
    this.#push(time, [
      `${type} pid=${pid} uid=0 auid=${auid} ses=${idText(session)} subj=unconfined msg='${operation} ${place}'`,
    ])
  }

  #push(time: number, lines: readonly string[]): void {
    this.#events.push({ time, number: this.#events.length, lines })
  }
}

function pathItem(item: number, path: string, kind: string, mode: string): string {
  return `PATH item=${item} name=${untrusted(path)} inode=${1000 + path.length} dev=103:01 mode=${mode} ouid=0 ogid=0 rdev=00:00 nametype=${kind} cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0`
}

function programOf(word: string): string {
  return word.startsWith('/') ? word : `/usr/bin/${word.replace(/^-/u, '')}`
}
