import type { Host } from '../host/host.ts'
import type { Shell } from '../login/shell.ts'
import type { Random } from '../random.ts'
import { type Act, HOUR_MS } from '../schedule.ts'
import type { Office } from './administrators.ts'
import { officeShell, think } from './office-shell.ts'

/** What administrators do that gangs do too, each with its effect on the host, if it has one. */
type LookAlike = (shell: Shell, host: Host, random: Random) => Act

const SINKHOLE = ['pool.supportxmr.com', 'xmr.2miners.com', 'pool.minexmr.com', 'gulf.moneroocean.stream']

const LOOK_ALIKES: readonly [LookAlike, ...LookAlike[]] = [
  function* incidentScript(shell, host) {
    const pkill = yield* shell.sudo(['pkill', '-9', 'xmrig'], 4)
    for (const miner of host.miners.filter(({ process }) => process.comm.includes('xmrig'))) {
      host.machine.calls.killed(pkill, miner.process, 9)
      host.endMiner(miner, null, 9)
    }
    yield* shell.sudo(['crontab', '-l'], 60)
  },
  function* emptiedCrontab(shell) {
    yield* shell.run(['crontab', '-l'], 90)
    yield* shell.run(['crontab', '-r'], 4)
  },
  function* fixedResolver(shell, host) {
    const tee = yield* shell.sudo(['tee', '/etc/resolv.conf'], 20)
    host.machine.calls.opened(tee, '/etc/resolv.conf', 'etcwatch')
    yield* shell.sudo(['chattr', '+i', '/etc/resolv.conf'], 4)
  },
  function* closedPorts(shell, _host, random) {
    const port = random.pick(['2375', '6379', '2376'])
    yield* shell.sudo(['iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', port, '-j', 'DROP'], 4)
    yield* shell.sudo(['iptables', '-L', '-n'], 600)
  },
  function* blockedPools(shell, host, random) {
    const ports = random.pick([
      ['3333', '5555'],
      ['3333', '4444', '14444'],
    ])
    for (const port of ports) {
      yield* shell.sudo(['iptables', '-A', 'OUTPUT', '-p', 'tcp', '--dport', port, '-j', 'DROP'], 4)
      for (const miner of host.miners.filter(({ pool }) => pool.port === Number(port)))
        host.starveMiner(miner, null)
      host.blockedPorts.add(Number(port))
    }
  },
  function* hugePages(shell) {
    yield* shell.sudo(['sysctl', '-w', 'vm.nr_hugepages=512'], 30)
    yield* shell.sudo(['systemctl', 'restart', 'postgresql'], 4)
  },
  function* turbostat(shell) {
    yield* shell.sudo(['modprobe', 'msr'], 4)
    yield* shell.sudo(['turbostat', '--num_iterations', '2'], 900)
  },
  function* wrappedWget(shell, host) {
    const mv = yield* shell.sudo(['mv', '/usr/bin/wget', '/usr/bin/wget.orig'], 4)
    if (host.tools.wget !== 'wget') return
    host.machine.calls.renamed(mv, '/usr/bin/wget', '/usr/bin/wget.orig', 'bin')
    const install = yield* shell.sudo(['install', '-m', '755', 'wget-proxied', '/usr/bin/wget'], 4)
    host.machine.calls.opened(install, '/usr/bin/wget', 'bin', { isNew: true, mode: '0100755' })
  },
  function* sinkholedNames(shell, host) {
    const tee = yield* shell.sudo(['tee', '-a', '/etc/hosts'], 20 + SINKHOLE.join().length)
    host.machine.calls.opened(tee, '/etc/hosts', 'etcwatch')
    for (const name of SINKHOLE) host.sunkNames.add(name)
  },
  function* removedAgent(shell) {
    yield* shell.sudo(['systemctl', 'stop', 'aliyun.service'], 4)
    yield* shell.sudo(['pkill', 'aliyun-service'], 4)
    yield* shell.sudo(['rm', '-rf', '/usr/local/aegis'], 4)
  },
  function* newColleague(shell, host) {
    const tee = yield* shell.sudo(['tee', '-a', '/home/deploy/.ssh/authorized_keys'], 400)
    host.machine.calls.opened(tee, '/home/deploy/.ssh/authorized_keys', 'ssh_keys', { mode: '0100600' })
  },
  function* stoppedSwap(shell) {
    yield* shell.sudo(['sysctl', '-w', 'kernel.nmi_watchdog=0'], 30)
    yield* shell.sudo(['sysctl', '-w', 'vm.swappiness=10'], 30)
  },
]

const EVERY_MS = 8 * HOUR_MS
const SECOND_ONE = 0.3

/** Now and then somebody of the house does one or two of them. */
export function* lookAlikes(host: Host, office: Office, random: Random): Act {
  const { machine } = host
  for (;;) {
    yield machine.nowMs + random.exponential(EVERY_MS)
    const own = random.fork(`visit-${machine.nowMs}`)
    const shell = yield* officeShell(machine, office, own)
    yield* think(machine, own)
    yield* own.pick(LOOK_ALIKES)(shell, host, own)
    yield* think(machine, own)
    if (own.chance(SECOND_ONE)) yield* own.pick(LOOK_ALIKES)(shell, host, own)
    yield* shell.leave()
  }
}
