import type { Actor } from '../../../event/actor.ts'
import type { ProcessEvent } from '../../../event/process.ts'
import { baseName, isSystemPlace } from './places.ts'
import { isInterpreter } from './shell.ts'

/**
 * Who keeps a machine in order. `packages`: package managers and what they start; what they do is
 * silent. `automation`: configuration management, provisioners, container runtimes: context.
 */
export type Keeper = 'packages' | 'automation'

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
    'WALinuxAgent aliyun-service qemu-ga dockerd containerd containerd-shim containerd-shim-runc-v2 docker-init docker-proxy runc crun conmon podman buildah kubelet ' +
    'k3s k3s-server microk8s lxd lxc-start gitlab-runner Runner.Listener Runner.Worker buildkitd jenkins'
  ).split(' '),
)
/** A chain of processes is forgotten this long after its last start. */
const LINEAGE_MS = 2 * 3_600_000
const MAX_LINEAGE = 1024

/** Processes known to descend from a keeper: since when (epoch ms), of whom. JSON-able. */
export type Lineage = { pid: number; ppid: number | null; time: number; keeper: Keeper }[]

/** Call with every start of a program: remembers the keepers and their children. */
export function followLineage(lineage: Lineage, event: ProcessEvent): void {
  const { pid, ppid } = event.actor
  if (event.action !== 'exec' || !event.isSuccess || pid === null) return
  const at = lineage.findLastIndex((known) => known.pid === pid)
  const before = at < 0 ? undefined : lineage.splice(at, 1)[0]
  // A process that becomes another program (runc, then what the container runs) keeps its origin.
  const own =
    before !== undefined && before.ppid === ppid && event.time - before.time <= LINEAGE_MS
      ? before.keeper
      : null
  const keeper = keeperOfStart(event) ?? own ?? keeperByPid(lineage, ppid, event.time)
  if (keeper === null) return
  lineage.push({ pid, ppid, time: event.time, keeper })
  if (lineage.length > MAX_LINEAGE) lineage.splice(0, lineage.length - MAX_LINEAGE)
}

/** Who is behind a process: by its own program, or by whom it descends from. */
export function keeperOf(lineage: Lineage, actor: Actor, time: number): Keeper | null {
  return (
    keeperOfProgram(actor) ?? keeperByPid(lineage, actor.pid, time) ?? keeperByPid(lineage, actor.ppid, time)
  )
}

function keeperByPid(lineage: Lineage, pid: number | null, time: number): Keeper | null {
  if (pid === null) return null
  const found = lineage.findLast((known) => known.pid === pid)
  return found === undefined || time - found.time > LINEAGE_MS ? null : found.keeper
}

function keeperOfStart(event: ProcessEvent): Keeper | null {
  const program = keeperOfProgram(event.actor)
  if (program !== null) return program
  const [first = '', second = ''] = event.args
  // `python3 /root/.ansible/tmp/ansible-tmp-1715-99/AnsiballZ_copy.py`, also inside `sh -c`.
  if (/\/\.?ansible[-_/][^\s]{0,200}AnsiballZ_[a-z_]{1,60}\.py/u.test(event.commandLine.slice(0, 2048)))
    return 'automation'
  return isInterpreter(baseName(first)) && isSystemPlace(second) ? byName(baseName(second)) : null
}

/** Only where the program lies where packages put programs; the name a process gives itself counts for scripts alone. */
function keeperOfProgram(actor: Actor): Keeper | null {
  const { exe, name } = actor
  if (exe === null || !isSystemPlace(exe)) return null
  const program = baseName(exe)
  const found = byName(program)
  if (found !== null) return found
  return name !== null && /^(?:python|perl|ruby|platform-python)[\d.]*$/u.test(program) ? byName(name) : null
}

function byName(name: string): Keeper | null {
  return PACKAGES.has(name) ? 'packages' : AUTOMATION.has(name) ? 'automation' : null
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
