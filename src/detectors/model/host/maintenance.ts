import type { Actor } from '../../../event/actor.ts'
import type { ProcessEvent } from '../../../event/process.ts'
import { onceAnEvent } from './once.ts'
import { baseName, isHidingPlace, isSystemPlace } from './places.ts'
import { isInterpreter } from './shell.ts'
import { youngest } from './youngest.ts'

/**
 * Who keeps a machine in order. `packages`: package managers and what they start; what they do is
 * silent. `automation`: configuration management, provisioners, build servers: context. `containers`: what
 * runs in a container is as a rule somebody's build or service, but intruders come in that way too.
 */
export type Keeper = 'packages' | 'automation' | 'containers'

const PACKAGES: ReadonlySet<string> = new Set(
  (
    'apt apt-get aptitude apt.systemd.daily dpkg dpkg-deb dpkg-preconfigure dpkg-reconfigure debconf frontend apt-listchanges apt-check ' +
    'unattended-upgrade unattended-upgr unattended-upgrades update-initramfs dracut rpm rpmdb dnf dnf5 dnf-3 dnf-automatic yum microdnf tdnf ' +
    'zypper pacman apk emerge portage snap snapd snap-confine packagekitd flatpak needrestart update-rc.d deb-systemd-helper ' +
    'deb-systemd-invoke update-alternatives mandb man-db ldconfig systemd-tmpfiles systemd-sysusers systemd-sysctl logrotate savelog'
  ).split(' '),
)
const AUTOMATION: ReadonlySet<string> = new Set(
  (
    'cloud-init puppet puppet-agent chef-client chef-solo cinc-client salt-minion salt-call salt-ssh cf-agent ansible ansible-playbook ' +
    'ansible-pull amazon-ssm-agent ssm-agent-worker ssm-document-worker google_guest_agent google_metadata_script_runner google_osconfig_agent waagent ' +
    'WALinuxAgent aliyun-service qemu-ga gitlab-runner jenkins buildkite-agent circleci-agent ' +
    'drone-runner-exec drone-runner-docker act_runner forgejo-runner woodpecker-agent concourse'
  ).split(' '),
)
const CONTAINERS: ReadonlySet<string> = new Set(
  (
    'dockerd containerd containerd-shim containerd-shim-runc-v2 docker-init docker-proxy runc crun conmon podman buildah buildkitd kubelet ' +
    'k3s k3s-server microk8s lxd lxc-start nomad'
  ).split(' '),
)
/** A chain of processes is forgotten this long after its last start. */
const LINEAGE_MS = 2 * 3_600_000
const MAX_LINEAGE = 1024

type Origin = Keeper | 'service'

/** Processes known to descend from a keeper or from a network service, by process number. JSON-able. */
export interface Lineage {
  byPid: Record<string, Kin>
  size: number
}

interface Kin {
  readonly ppid: number | null
  /** When it, or a child of it, was seen last, epoch ms. */
  time: number
  readonly origin: Origin
}

export function noLineage(): Lineage {
  return { byPid: {}, size: 0 }
}

/** Call with every start of a program: remembers the keepers and their children. */
export function followLineage(lineage: Lineage, event: ProcessEvent): void {
  const { pid, ppid } = event.actor
  if (event.action !== 'exec' || !event.isSuccess || pid === null) return
  const before = lineage.byPid[pid]
  // A process that becomes another program (runc, then what the container runs) keeps its origin.
  const own =
    before !== undefined && before.ppid === ppid && event.time - before.time <= LINEAGE_MS
      ? before.origin
      : null
  const origin =
    keeperOfStart(event) ?? own ?? originByPid(lineage, ppid, event.time) ?? serviceOf(event.actor)
  if (origin === null) forget(lineage, pid)
  else remember(lineage, pid, { ppid, time: event.time, origin })
}

/** Call with what a process does otherwise: a network service is known by its deeds where its start is not in evidence. */
export function followService(lineage: Lineage, actor: Actor, time: number): void {
  const { pid, ppid } = actor
  if (pid === null || serviceOf(actor) === null || originByPid(lineage, pid, time) !== null) return
  remember(lineage, pid, { ppid, time, origin: 'service' })
}

export function mergeLineages(into: Lineage, from: Lineage): void {
  for (const [pid, kin] of Object.entries(from.byPid)) {
    if ((into.byPid[pid]?.time ?? Number.NEGATIVE_INFINITY) < kin.time) remember(into, pid, kin)
  }
}

function remember(lineage: Lineage, pid: number | string, kin: Kin): void {
  if (lineage.byPid[pid] === undefined) lineage.size++
  lineage.byPid[pid] = kin
  if (lineage.size <= 2 * MAX_LINEAGE) return
  // Half of them at once: looking for the oldest at every start would cost too much.
  lineage.byPid = youngest(lineage.byPid, MAX_LINEAGE)
  lineage.size = MAX_LINEAGE
}

function forget(lineage: Lineage, pid: number): void {
  if (lineage.byPid[pid] === undefined) return
  delete lineage.byPid[pid]
  lineage.size--
}

/** Who is behind a process: by its own program, or by whom it descends from. */
export function keeperOf(lineage: Lineage, actor: Actor, time: number): Keeper | null {
  const origin =
    keeperOfProgram(actor) ?? originByPid(lineage, actor.pid, time) ?? originByPid(lineage, actor.ppid, time)
  return origin === 'service' ? null : origin
}

/** A network service is behind the process: nobody logged in to start it. */
export function isOfService(lineage: Lineage, actor: Actor, time: number): boolean {
  if (actor.loginUid !== null) return false
  const origin = originByPid(lineage, actor.pid, time) ?? originByPid(lineage, actor.ppid, time)
  return origin === 'service' || (origin === null && isNetworkService(actor))
}

/** Accounts made for services, by the custom of all distributions. */
const MAX_SYSTEM_UID = 999

/** An account that nobody logs in to runs it: www-data, redis, postgres … but also jenkins. */
export function isSystemAccount({ uid, loginUid }: Actor): boolean {
  return loginUid === null && uid !== null && uid > 0 && uid <= MAX_SYSTEM_UID
}

const serviceOf = onceAnEvent((actor: Actor): 'service' | null =>
  actor.loginUid === null && isNetworkService(actor) ? 'service' : null,
)

function originByPid(lineage: Lineage, pid: number | null, time: number): Origin | null {
  const found = pid === null ? undefined : lineage.byPid[pid]
  if (found === undefined || time - found.time > LINEAGE_MS) return null
  // Whoever still has children at work is still there.
  found.time = Math.max(found.time, time)
  return found.origin
}

/** What build servers start for their jobs, and themselves: `sh -xe /tmp/jenkins1234.sh`, `…@tmp/durable-1a2b/script.sh`. */
const BUILD_SERVER =
  /\/(?:jenkins|hudson)\d{4,20}\.sh\b|@tmp\/durable-[0-9a-f]{6,16}\/|\/(?:jenkins|agent|slave|remoting|teamcity[\w-]{0,20}|bamboo[\w.-]{0,20}|gocd[\w-]{0,20})\.(?:war|jar)\b/u

const keeperOfStart = onceAnEvent((event: ProcessEvent): Keeper | null => {
  const program = keeperOfProgram(event.actor)
  if (program !== null) return program
  const [first = '', second = ''] = event.args
  // `python3 /root/.ansible/tmp/ansible-tmp-1715-99/AnsiballZ_copy.py`, also inside `sh -c`.
  const text = event.commandLine.slice(0, 2048)
  if (/\/\.?ansible[-_/][^\s]{0,200}AnsiballZ_[a-z_]{1,60}\.py/u.test(text)) return 'automation'
  if (BUILD_SERVER.test(text)) return 'automation'
  return isInterpreter(baseName(first)) && isSystemPlace(second) ? byName(baseName(second)) : null
})

/** Only where the program lies where packages put programs; the name a process gives itself counts for scripts alone. */
const keeperOfProgram = onceAnEvent((actor: Actor): Keeper | null => {
  const { exe, name } = actor
  if (exe === null) return null
  const program = baseName(exe)
  // Self-hosted runners are unpacked wherever their owner likes.
  if (/^(?:Runner|Agent)\.(?:Listener|Worker)$/u.test(program) && !isHidingPlace(exe)) return 'automation'
  if (!isSystemPlace(exe)) return null
  const found = byName(program)
  if (found !== null) return found
  return name !== null && /^(?:python|perl|ruby|platform-python)[\d.]*$/u.test(program) ? byName(name) : null
})

function byName(name: string): Keeper | null {
  if (PACKAGES.has(name)) return 'packages'
  if (CONTAINERS.has(name)) return 'containers'
  return AUTOMATION.has(name) ? 'automation' : null
}

/** Servers that talk to the network: what they start or write outside of their own is rarely meant. */
const NETWORK_SERVICES =
  /^(?:redis-server|redis-check-.*|valkey-server|memcached|mongod|mysqld|mariadbd|postgres|nginx|apache2|httpd|lighttpd|php-fpm[\d.]*|php-cgi[\d.]*|java|node|tomcat\d*|solr|elasticsearch|vsftpd|proftpd|exim4|named|unbound|rsync|smbd|hadoop|beam\.smp)$/u

export function isNetworkService(actor: Actor): boolean {
  return actor.exe !== null && NETWORK_SERVICES.test(baseName(actor.exe))
}

const EDITORS: ReadonlySet<string> = new Set(
  'vi vim vim.basic vim.tiny nvim nano emacs ed joe mcedit micro pico jed sudoedit visudo vipw crontab ex rvim helix hx code'.split(
    ' ',
  ),
)

/** Somebody typed it. */
export function isEditor(actor: Actor): boolean {
  return actor.exe !== null && isSystemPlace(actor.exe) && EDITORS.has(baseName(actor.exe))
}
