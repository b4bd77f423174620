import type { Severity } from '../../event/finding.ts'
import type { ProcessEvent } from '../../event/process.ts'
import type { Running } from '../../event/running.ts'
import { baseName, hiddenPart, isSystemPlace, isWorkFolder, isWorldWritable } from '../model/host/places.ts'

interface Weight {
  readonly severity: Severity
  readonly confidence: number
}

export interface Disguise {
  /** Id of the trick. */
  readonly what: string
  /** In plain words, without what it does with the processors. */
  readonly title: string
  readonly attack: readonly string[]
  /** Where it keeps processors busy, and where it does not. */
  readonly burning: Weight
  readonly idle: Weight
}

const SURE = { severity: 'high', confidence: 0.85 } as const
const LIKELY = { severity: 'high', confidence: 0.75 } as const
const PERHAPS = { severity: 'medium', confidence: 0.5 } as const
const HARDLY = { severity: 'low', confidence: 0.25 } as const

/** What a running program pretends; the gravest only. Null for what is as it says. */
export function disguiseOf(event: ProcessEvent, running: Running): Disguise | null {
  if (running.isKernelThread || running.state === 'Z') return null
  return (
    kernelName(event, running) ??
    memoryOnly(event, running) ??
    borrowedName(event, running) ??
    deletedFile(event, running) ??
    hidingPlace(event, running)
  )
}

/** Kernel threads have these names, and neither a program nor arguments; what they are the kernel itself says. */
const KERNEL_NAME =
  /^(?:kworker\/|kthreadd$|ksoftirqd\/|kswapd\d|kcompactd\d|khugepaged$|migration\/\d|rcu_(?:sched|preempt|bh|gp|par_gp|tasks)|watchdog\/\d|kauditd$|kdevtmpfs$|kblockd|khungtaskd$|oom_reaper$|writeback$|netns$|ksmd$|cpuhp\/|idle_inject\/|edac-poller$|scsi_eh_\d|jbd2\/|xfsaild|ext4-rsv|irq\/\d|kintegrityd|devfreq_wq$|inet_frag_wq$|charger_manager$|mm_percpu_wq$|slub_flushwq$|ata_sff$|bioset$|kthrotld$)/u
const BRACKETED = /^\[([^\]\s]{1,64})\]$/u

function kernelName({ actor, args }: ProcessEvent, { parentName }: Running): Disguise | null {
  const told = BRACKETED.exec(args[0] ?? '')?.[1]
  const isTold = told !== undefined && (KERNEL_NAME.test(told) || told.includes('/'))
  const isNamed = actor.name !== null && KERNEL_NAME.test(actor.name)
  if (!isTold && !isNamed) return null
  const name = isTold ? `[${told}]` : (actor.name ?? '')
  const from =
    actor.exe === null ? `a child of ${parentName ?? actor.ppid ?? 'nobody'}` : `it runs ${actor.exe}`
  return {
    what: 'kernel-disguise',
    title: `A program calls itself ${name} as if it were part of the kernel (${from})`,
    attack: ['T1036.004'],
    burning: SURE,
    idle: LIKELY,
  }
}

/** Container runtimes run a copy of themselves from memory, so that no container can change them. */
const HONEST_MEMORY = /^\/memfd:(?:runc_cloned|crun|systemd-executor|snap-|lxc)/u

function memoryOnly({ actor }: ProcessEvent, { exeState }: Running): Disguise | null {
  if (exeState !== 'memfd' || actor.exe === null || HONEST_MEMORY.test(actor.exe)) return null
  return {
    what: 'memory-program',
    title: `${nameOf(actor.name)} runs from memory and was never a file (${actor.exe})`,
    attack: ['T1620'],
    burning: SURE,
    idle: HARDLY,
  }
}

const DAEMONS =
  /^(?:sshd|systemd(?:-[a-z]+)?|\(sd-pam\)|init|cron|crond|atd|dbus-daemon|dbus|rsyslogd|syslogd|auditd|agetty|getty|login|udevd|acpid|irqbalance|polkitd|networkd|NetworkManager|chronyd|ntpd|postfix|master|dhclient|dhcpcd|httpd|apache2?|nginx|mysqld|mariadbd|postgres|redis-server|php-fpm|named|dockerd|containerd(?:-shim.*)?|kubelet|snapd|bash|-bash|sh|-sh|ps|top|ls|java|python3?|perl|node)$/u

/** The name or the place of a program of the system, on one that lies elsewhere. */
function borrowedName({ actor, args }: ProcessEvent, { exeState, container }: Running): Disguise | null {
  const { exe } = actor
  if (exe === null || isSystemPlace(exe)) return null
  const first = args[0] ?? ''
  const isElsewhere = first.startsWith('/') && isSystemPlace(first) && baseName(first) !== baseName(exe)
  const own = baseName(exe)
  const isOdd = isWorldWritable(exe) || hiddenPart(exe) !== null || exeState === 'deleted'
  // What people unpack into their homes is called java and node too.
  const isBorrowed =
    isOdd && !isWorkFolder(exe) && [own, actor.name ?? '', first].some((name) => DAEMONS.test(name))
  // An interpreter in a virtual environment, a program in an image that was put together otherwise.
  if ((!isElsewhere && !isBorrowed) || (container !== null && !isOdd)) return null
  if (isElsewhere && !isOdd && /^(?:python|perl|ruby|node|java|php)[\d.]*$/u.test(own)) return null
  const claimed = isElsewhere ? first : [actor.name ?? '', own, first].find((name) => DAEMONS.test(name))
  return {
    what: 'borrowed-name',
    title: `A program calls itself ${claimed ?? first}, but it is ${exe}`,
    attack: ['T1036.005'],
    burning: isOdd ? SURE : LIKELY,
    idle: isOdd ? PERHAPS : HARDLY,
  }
}

/** A program whose file was removed after it was started; one that was replaced by an update is another matter. */
function deletedFile({ actor }: ProcessEvent, { exeState }: Running): Disguise | null {
  const { exe } = actor
  if (exeState !== 'deleted' || exe === null) return null
  const isOdd = isWorldWritable(exe) || hiddenPart(exe) !== null
  const isDisposable = isWorkFolder(exe)
  return {
    what: 'deleted-program',
    title: `${nameOf(actor.name)} goes on running although its file ${exe} was deleted`,
    attack: ['T1070.004'],
    burning: isSystemPlace(exe) || isDisposable ? HARDLY : isOdd ? LIKELY : PERHAPS,
    idle: HARDLY,
  }
}

/** A program in a place for scratch: only worth a word where it burns. */
function hidingPlace({ actor }: ProcessEvent, { exeState }: Running): Disguise | null {
  const { exe } = actor
  if (exe === null || exeState === 'none' || isWorkFolder(exe)) return null
  const hidden = hiddenPart(exe)
  if (!isWorldWritable(exe) && hidden === null) return null
  const where = hidden === null ? 'a folder that anybody may write to' : `a hidden folder or file (${hidden})`
  return {
    what: 'program-in-hiding-place',
    title: `${nameOf(actor.name)} runs from ${where}: ${exe}`,
    attack: ['T1564.001'],
    // Tools of developers live in dot folders of their homes.
    burning: isWorldWritable(exe) ? PERHAPS : HARDLY,
    idle: HARDLY,
  }
}

function nameOf(name: string | null): string {
  return name === null || name === '' ? 'A program' : name
}
