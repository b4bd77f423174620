/** proc_pid_stat(5): what one line says. Times in clock ticks. */
export interface ProcessStat {
  readonly pid: number
  readonly name: string
  readonly state: string
  readonly ppid: number
  readonly isKernelThread: boolean
  readonly ticks: number
  /** Of children that ended and were waited for. */
  readonly childTicks: number
  readonly niceness: number
  readonly threads: number
  readonly startTicks: number
}

/** include/linux/sched.h */
const PF_KTHREAD = 0x0020_0000

/** Null for what is no such line. A name may hold anything, brackets too: the last one ends it. */
export function readStat(text: string): ProcessStat | null {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return null
  const fields = text
    .slice(close + 2)
    .trimEnd()
    .split(' ')
  const at = (index: number): number => Number(fields[index - 3])
  const pid = Number(text.slice(0, open))
  const stat = {
    pid,
    name: text.slice(open + 1, close),
    state: fields[0] ?? '?',
    ppid: at(4),
    isKernelThread: (at(9) & PF_KTHREAD) !== 0,
    ticks: at(14) + at(15),
    childTicks: at(16) + at(17),
    niceness: at(19),
    threads: at(20),
    startTicks: at(22),
  }
  return Number.isInteger(pid) && Number.isInteger(stat.startTicks) ? stat : null
}

/** proc_pid_status(5), as its names and values. */
export function readStatus(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return fields
}

/** `1234 kB` in bytes. */
export function kibBytes(value: string | undefined): number | null {
  const match = /^(\d{1,15}) kB$/u.exec(value ?? '')
  return match === null ? null : Number(match[1]) * 1024
}

/** Arguments between NUL bytes; a program that wrote over them leaves one text. */
export function readArguments(bytes: Buffer): string[] {
  const text = bytes.toString('utf8')
  const parts = text.split('\0')
  while (parts.at(-1) === '') parts.pop()
  return parts
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/u
const MAX_NAMES = 256

/** Names of the environment, never a value: what stands before the first `=` of each entry, where it looks like a name. */
export function environmentNames(bytes: Buffer): string[] {
  const names = new Set<string>()
  for (const entry of bytes.toString('latin1').split('\0')) {
    const equals = entry.indexOf('=')
    const name = entry.slice(0, equals)
    if (equals > 0 && NAME.test(name) && names.size < MAX_NAMES) names.add(name)
  }
  return [...names]
}

export interface Cgroup {
  readonly path: string
  readonly unit: string | null
  readonly container: string | null
}

const CONTAINER =
  /(?:^|[/:-])(?:docker|cri-containerd|crio|libpod|containerd|podman|kubepods[^/]*|lxc|garden)?[-/:]?([0-9a-f]{64})(?:\.scope)?(?:\/|$)/u

/** proc_pid_cgroup(5), of version 2 or 1: the unified or systemd path, and whom it names. */
export function readCgroup(text: string): Cgroup | null {
  let path: string | null = null
  for (const line of text.split('\n')) {
    const [number, controllers, ...rest] = line.split(':')
    const own = rest.join(':')
    if (own === '' || controllers === undefined) continue
    if (number === '0' && own !== '/') path = own
    else if (controllers === 'name=systemd') path ??= own
    else if (path === null || path === '/') path = own
  }
  if (path === null) return null
  const unit = path.split('/').findLast((part) => /\.(?:service|scope|slice)$/u.test(part)) ?? null
  return { path, unit, container: CONTAINER.exec(path)?.[1] ?? null }
}

/** Executable code in these is nobody's library. `.NET`, libffi and JNA map code without a file as a matter of course. */
const ODD_PLACE = /^(?:\/tmp\/|\/var\/tmp\/|\/dev\/shm\/|\/run\/user\/|\/memfd:)|\/\.[^/]|\(deleted\)$/u
const HONEST =
  /^\/memfd:(?:doublemapper|JITCode|wasm|pulseaudio)|^\/(?:var\/)?tmp\/(?:ffi[A-Za-z0-9]{6}|jna-?\d)|^\/(?:usr|lib|lib64|opt|snap|nix)\//u
const MAX_LIBRARIES = 16

/** Files whose code is mapped as executable (proc_pid_maps(5)) and that lie where libraries do not, besides `exe`. */
export function oddLibraries(maps: string, exe: string | null): string[] {
  const odd = new Set<string>()
  for (const line of maps.split('\n')) {
    const slash = line.indexOf('/')
    if (slash < 0 || line[line.indexOf(' ') + 3] !== 'x') continue
    const path = line.slice(slash)
    if (path !== exe && ODD_PLACE.test(path) && !HONEST.test(path) && odd.size < MAX_LIBRARIES) odd.add(path)
  }
  return [...odd]
}

/** `0-3,8` allows how many; null where it makes no sense. */
export function countCpus(list: string): number | null {
  let count = 0
  for (const part of list.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/u.exec(part.trim())
    if (match === null) return null
    count += Number(match[2] ?? match[1]) - Number(match[1]) + 1
  }
  return count
}

/** Busy ticks of all processors from /proc/stat (proc_stat(5)), without what is idle, waits, or went to interrupts. */
export interface MachineTicks {
  readonly user: number
  readonly system: number
  readonly idle: number
  readonly wait: number
  readonly interrupts: number
  readonly steal: number
  readonly cores: number
  /** Processes started since the last boot. */
  readonly forks: number
  /** Epoch seconds of the last boot. */
  readonly bootTime: number
}

export function readMachineTicks(text: string): MachineTicks | null {
  const [user, nice, system, idle, wait, irq, softirq, steal] = (
    /^cpu {1,4}([\d ]+)$/mu.exec(text)?.[1] ?? ''
  )
    .split(' ')
    .map(Number)
  if (user === undefined || nice === undefined || system === undefined || idle === undefined) return null
  return {
    user: user + nice,
    system,
    idle,
    wait: wait ?? 0,
    interrupts: (irq ?? 0) + (softirq ?? 0),
    steal: steal ?? 0,
    cores: text.match(/^cpu\d+ /gmu)?.length ?? 1,
    forks: Number(/^processes (\d{1,15})$/mu.exec(text)?.[1] ?? 0),
    bootTime: Number(/^btime (\d{1,12})$/mu.exec(text)?.[1] ?? Number.NaN),
  }
}
