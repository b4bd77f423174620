import type { Process } from '../../evidence/audit-calls.ts'
import type { Foothold, Gang } from '../../gangs/gang.ts'
import { isCutOff, putToWork } from '../../gangs/start-miner.ts'
import type { Host, RunningMiner } from '../../host/host.ts'
import { type Act, SECOND_MS } from '../../schedule.ts'

/** `docker` alone, or containerd below a kubelet. */
export type Runtime = 'docker' | 'cri-containerd'

interface Container {
  readonly gang: Gang
  readonly runtime: Runtime
  readonly id: string
  readonly name: string
  /** Its process of this moment, or the last one. */
  miner: RunningMiner | null
  isGone: boolean
}

const SIGTERM = 15
const SIGKILL = 9
const RESTART_MS = {
  docker: { from: 2 * SECOND_MS, to: 25 * SECOND_MS },
  'cri-containerd': { from: 15 * SECOND_MS, to: 160 * SECOND_MS },
}
const containersOf = new WeakMap<Host, Container[]>()

function listOf(host: Host): Container[] {
  const list = containersOf.get(host) ?? []
  containersOf.set(host, list)
  return list
}

/** Whether its file is in an image, where the host's `rm` does not reach. */
export function isInImage(host: Host, miner: RunningMiner): boolean {
  return listOf(host).some((one) => one.miner === miner)
}

/** A container with the gang's miner in it, which its runtime starts anew whenever it ends, until the container is removed. */
export function* runContainer(foothold: Foothold, runtime: Runtime, image: string, name: string): Act {
  const { gang, host, hands, machine, random } = foothold
  if (runtime === 'docker') {
    const args = ['-d', '--restart=always', '--net=host', '--pid=host', '--name', name, image] as const
    yield* hands.run(['docker', 'run', ...args], { replyBytes: 65 })
  } else {
    yield* hands.pipe(`kubectl apply -f - <<'EOF'`, [['kubectl', 'apply', '-f', '-']])
  }
  const id = random.hex(64)
  const container: Container = { gang, runtime, id, name, miner: null, isGone: false }
  listOf(host).push(container)
  // In a layer of the image: no file of the host's.
  host.files.set(gang.traits.miner.path, gang)
  yield machine.nowMs + random.between(600, 4000)
  container.miner = startIn(foothold, container)
  machine.schedule.start(keepRunning(foothold, container))
}

function startIn(foothold: Foothold, { runtime, id }: Container): RunningMiner {
  const { gang, host, machine, random } = foothold
  const { miner } = gang.traits
  const credentials = gang.traits.login(machine, random.fork('login'))
  const process: Process = {
    pid: machine.nextPid(),
    ppid: machine.nextPid(),
    comm: miner.comm,
    exe: miner.path,
    args: [miner.path, ...miner.args(credentials.login, credentials.pass)],
    cwd: '/',
    uid: 0,
    loginUid: null,
    session: null,
    tty: null,
    unit: `${runtime}-${id}.scope`,
  }
  machine.calls.executed(process)
  return putToWork({ gang, host, random }, process, credentials)
}

function* keepRunning(foothold: Foothold, container: Container): Act {
  const { gang, host, machine, random } = foothold
  const { from, to } = RESTART_MS[container.runtime]
  for (;;) {
    yield machine.nowMs + random.between(from, to)
    if (container.isGone || host.files.get(gang.traits.miner.path) !== gang) return
    if (host.miners.some((miner) => miner.gang === gang) || isCutOff(host, gang)) continue
    container.miner = startIn(foothold, container)
  }
}

/** Removes all containers but the gang's own, with everything that runs in their control groups. */
export function* removeContainers(foothold: Foothold, runtime: Runtime): Act {
  const { gang, host, hands, machine } = foothold
  if (!foothold.isRoot) return
  const isDocker = runtime === 'docker'
  yield* hands.run(isDocker ? ['docker', 'ps', '-a', '-q'] : ['crictl', 'pods', '-q'], { replyBytes: 130 })
  const found = listOf(host).filter((one) => one.runtime === runtime && one.gang !== gang && !one.isGone)
  const scopes = new Set(
    host.miners
      .filter((miner) => miner.gang !== gang)
      .map(({ process }) => process.unit ?? '')
      .filter((unit) => unit.startsWith(`${runtime}-`)),
  )
  for (const one of found) {
    one.isGone = true
    scopes.add(`${runtime}-${one.id}.scope`)
  }
  for (const scope of scopes) {
    foothold.did('process-eviction')
    const id = scope.slice(runtime.length + 1, -'.scope'.length)
    yield* hands.run(
      isDocker ? ['docker', 'rm', '-f', id.slice(0, 12)] : ['crictl', 'rmp', '-f', id.slice(0, 13)],
    )
    const runc = runtimeKill(foothold, runtime, id)
    machine.calls.executed(runc)
    for (const miner of host.miners.filter(
      ({ process, gang: whose }) => process.unit === scope && whose !== gang,
    )) {
      machine.calls.killed(runc, miner.process, SIGKILL)
      host.endMiner(miner, gang, SIGKILL)
    }
  }
}

/** How a runtime ends a container. */
function runtimeKill({ machine }: Foothold, runtime: Runtime, id: string): Process {
  const root = runtime === 'docker' ? '/var/run/docker/runtime-runc/moby' : '/run/containerd/runc/k8s.io'
  return {
    pid: machine.nextPid(),
    ppid: machine.logindPid + 190,
    comm: 'runc',
    exe: '/usr/bin/runc',
    args: ['runc', '--root', root, 'kill', '--all', id, '9'],
    cwd: '/',
    uid: 0,
    loginUid: null,
    session: null,
    tty: null,
    unit: runtime === 'docker' ? 'docker.service' : 'containerd.service',
  }
}

/** The daemon is restarted, and every container ends with it; those that are to be kept come back by themselves. */
export function* restartDocker(foothold: Foothold): Act {
  const { host, hands, machine } = foothold
  if (!foothold.isRoot) return
  const shell = yield* hands.builtin('cat > /etc/docker/daemon.json')
  if (!foothold.write('/etc/docker/daemon.json', { what: 'config', isNew: false }, shell)) return
  yield* hands.run(['systemctl', 'restart', 'docker'])
  machine.logins.unit('docker', false)
  for (const miner of host.miners.filter(({ process }) => process.unit?.startsWith('docker-'))) {
    host.endMiner(miner, null, SIGTERM)
  }
  yield machine.nowMs + foothold.random.between(900, 4000)
  machine.logins.unit('docker', true)
}
