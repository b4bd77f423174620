import type { Finding, HostFacts, MiningFacts } from '../event/finding.ts'
import type { Incident } from '../incidents/incident.ts'
import { quoteShell } from '../text/shell.ts'
import { isAccount } from './account.ts'
import { accountToDo } from './account-todo.ts'
import type { ToDo } from './document.ts'
import { DOORS } from './summary.ts'

/** Commands name at most so many files, addresses or processes: more of them nobody checks before running it. */
const MAX_NAMED = 8
/** Where files that brought them back are put, so that they can still be looked at. */
const ASIDE = '/root/set-aside'

/**
 * What to do, first things first: stop it, keep the proof, take away what lets them back, close the door.
 * Commands are for people to read, check and run themselves; every name in them is quoted for a shell.
 */
export function todoOf(incident: Incident): ToDo[] {
  if (isAccount(incident.asset)) return accountToDo(incident)
  return [
    ...cutOff(incident),
    ...freeze(incident),
    snapshot(incident),
    ...takeAway(incident),
    ...putKeysBack(incident),
    closeTheDoor(incident),
    ...otherMachines(incident),
    rotate(incident),
    {
      text: 'Build it anew from a clean image as soon as you can: a machine that strangers ran as root on cannot be trusted again.',
    },
  ]
}

/** Machines that they went on to, or tried to. */
function otherMachines({ reach }: Incident): ToDo[] {
  const tried = reach.filter(({ kind }) => kind === 'host').map(({ what }) => what)
  if (tried.length === 0) return []
  return [{ text: `Look at the machines that they went on to from here: ${named(tried)}.` }]
}

/** What was seen to be read first, then what opens most. */
function rotate({ reach, occupants, wayIn }: Incident): ToDo {
  const read = reach.filter(({ kind }) => kind === 'credential').map(({ what }) => what)
  const users = new Set([wayIn?.user, ...occupants.map((one) => one.wayIn?.user)])
  users.delete(null)
  users.delete(undefined)
  const steps = [
    ...(read.length === 0 ? [] : [`what they were seen after (${named(read)})`]),
    "the machine's cloud role and every cloud key on it",
    'SSH keys that lie there, wherever they are accepted',
    `passwords of ${users.size === 0 ? '' : `${[...users].join(', ')} and of `}everybody who logged in since`,
    'tokens and passwords in files under /root and /home and in the environment of services',
  ]
  return { text: `Rotate, in this order: ${steps.join('; ')}.` }
}

interface Pool {
  readonly ip: string
  readonly port: number
}

function poolsOf(incident: Incident): Pool[] {
  const pools = incident.findings
    .map((finding) => finding.facts)
    .filter((facts): facts is MiningFacts => facts.type === 'mining')
    .map(({ pool }) => ({ ip: pool.ip, port: pool.port }))
  return [...new Map(pools.map((pool) => [endpoint(pool), pool])).values()]
}

function endpoint({ ip, port }: Pool): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

/** `a, b and 3 more` */
function named(names: readonly string[]): string {
  const more = names.length - MAX_NAMED
  return names.slice(0, MAX_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function cutOff(incident: Incident): ToDo[] {
  const pools = poolsOf(incident)
  const stranger = incident.wayIn?.srcIp ?? null
  const what = [
    ...(pools.length === 0 ? [] : [`its traffic to ${named(pools.map(endpoint))}`]),
    ...(stranger === null ? [] : [`logins from ${stranger}`]),
  ]
  if (what.length === 0) return []
  const blocks = [
    ...[...new Set(pools.map((pool) => pool.ip))].slice(0, MAX_NAMED).map((ip) => block(ip, 'OUTPUT', '-d')),
    ...(stranger === null ? [] : [block(stranger, 'INPUT', '-s')]),
  ]
  return [
    {
      text: `Cut off ${what.join(' and ')}: at the cloud's firewall, which they cannot undo. Only if there is none, on the machine:`,
      command: blocks.join(' && '),
    },
  ]
}

function block(ip: string, chain: string, side: string): string {
  return `sudo ${ip.includes(':') ? 'ip6tables' : 'iptables'} -I ${chain} ${side} ${quoteShell(ip)} -j DROP`
}

function hostFacts(incident: Incident, wants: (finding: Finding) => boolean): HostFacts[] {
  return incident.findings
    .filter(wants)
    .map((finding) => finding.facts)
    .filter((facts): facts is HostFacts => facts.type === 'host')
}

/** Stopped, not killed: its memory, its open files and its program file (deleted or not) stay readable in /proc. */
function freeze(incident: Incident): ToDo[] {
  if (incident.tenures.length === 0 || incident.status === 'ended') return []
  const miners = hostFacts(incident, (finding) => finding.stage === 'mining')
  const programs = [...new Set(miners.map((facts) => facts.path ?? facts.exe).filter(isPath))]
  const why = 'rather than killing it: what it is stays readable in /proc'
  if (programs.length > 0) {
    return [
      {
        text: `Freeze the miner ${named(programs)} ${why}.`,
        command: `sudo kill -STOP $(pidof ${programs.slice(0, MAX_NAMED).map(quoteShell).join(' ')})`,
      },
    ]
  }
  const pids = [...new Set(miners.map((facts) => facts.pid).filter((pid) => pid !== null))]
  if (pids.length > 0) {
    return [
      {
        text: `Freeze the miner ${why}. It was process ${named(pids.map(String))}; see first whether it still is.`,
        command: `ps -o pid,lstart,args -p ${pids.slice(0, MAX_NAMED).join(',')}`,
      },
    ]
  }
  const [pool] = poolsOf(incident)
  if (pool === undefined) return []
  return [
    {
      text: `Find the miner by its connection, and freeze it (sudo kill -STOP and the number behind pid=) ${why}.`,
      command: `sudo ss -tnp dst ${quoteShell(pool.ip.includes(':') ? `[${pool.ip}]` : pool.ip)}`,
    },
  ]
}

function isPath(path: string | null): path is string {
  return path?.startsWith('/') === true
}

const INSTANCE = /^i-[0-9a-f]{8,17}$/u

function snapshot({ asset, id }: Incident): ToDo {
  const text = 'Take a snapshot of its disk before cleaning up: the proof is on it.'
  const instance = asset.machine?.id ?? asset.names.find((name) => INSTANCE.test(name)) ?? null
  if (instance === null || !INSTANCE.test(instance)) return { text }
  const region = asset.machine?.region ?? null
  const where = region === null ? '' : ` --region ${quoteShell(region)}`
  return {
    text,
    command: `aws ec2 create-snapshots --instance-specification InstanceId=${instance} --description ${quoteShell(`evidence ${id}`)}${where}`,
  }
}

function isLeft(finding: Finding): boolean {
  return finding.stage === 'persistence' || finding.stage === 'foothold'
}

/** What they used and what the system needs stays where it is: programs, libraries, devices, the account files. */
const OF_THE_SYSTEM =
  /^\/(?:usr\/)?(?:s?bin|lib(?:32|64|exec)?)\/[^./]|^\/(?:proc|sys|dev\/(?!shm\/)|boot)(?:\/|$)|^\/etc\/(?:passwd|shadow|group|gshadow|sudoers|hosts|resolv\.conf|nsswitch\.conf|ssh\/|pam\.d\/|ld\.so\.c|profile|environment|fstab|crontab)/u

function isTheirs(path: string): boolean {
  return !OF_THE_SYSTEM.test(path)
}

/** Put aside, not deleted; keys are another matter: the file holds the owner's as well. */
function takeAway(incident: Incident): ToDo[] {
  const left = hostFacts(incident, isLeft).filter(({ what }) => !what.startsWith('authorized-keys'))
  const paths = [...new Set(left.map((facts) => facts.path).filter(isPath))].filter(isTheirs)
  if (paths.length === 0) return []
  const units = [
    ...new Set(
      left
        .filter((facts) => facts.what === 'systemd')
        .map((facts) => /\/([^/]+\.(?:service|timer))$/u.exec(facts.path ?? '')?.[1])
        .filter((unit) => unit !== undefined),
    ),
  ]
  const stop =
    units.length === 0
      ? ''
      : `sudo systemctl disable --now -- ${units.slice(0, MAX_NAMED).map(quoteShell).join(' ')}; `
  const files = paths.slice(0, MAX_NAMED).map(quoteShell).join(' ')
  return [
    {
      text: `Take away what brings them back: ${named(paths)}.`,
      command: `${stop}sudo mkdir -p ${ASIDE} && sudo mv -t ${ASIDE} -- ${files}`,
    },
  ]
}

function putKeysBack(incident: Incident): ToDo[] {
  const keys = hostFacts(incident, isLeft).filter(({ what }) => what.startsWith('authorized-keys'))
  const paths = [...new Set(keys.map((facts) => facts.path).filter(isPath))]
  const [first] = paths
  if (first === undefined) return []
  const isLocked = keys.some((facts) => /\bchattr\b/u.test(facts.commandLine ?? ''))
  const files = paths.slice(0, MAX_NAMED).map(quoteShell).join(' ')
  return [
    {
      text: `Put your own keys back into ${named(paths)}: theirs are in there now.`,
      command: `${isLocked ? `sudo chattr -ia -- ${files} && ` : ''}sudoedit -- ${files}`,
    },
  ]
}

function closeTheDoor({ wayIn }: Incident): ToDo {
  if (wayIn === null) {
    return {
      text: "Find the way in: add this machine's auth.log, audit.log and web server logs from the days before, and look again.",
    }
  }
  if (!wayIn.kind.startsWith('ssh')) {
    return {
      text: `Close ${DOORS[wayIn.kind] ?? wayIn.kind} to strangers: bind it to the machine itself or to your own network, ask for a password, and bring it up to date.`,
    }
  }
  const user = wayIn.user ?? 'the user'
  if (wayIn.kind === 'ssh-key')
    return { text: `Replace the SSH key that ${user} was entered with, everywhere it is accepted.` }
  return {
    text: `Change ${user}'s password, and let SSH in by key only (PasswordAuthentication no), from the networks you work in only.`,
    ...(wayIn.user === null || wayIn.user.startsWith('-')
      ? {}
      : { command: `sudo passwd ${quoteShell(wayIn.user)}` }),
  }
}
