import type { Process } from '../evidence/audit-calls.ts'
import type { Host } from '../host/host.ts'
import { ROOT } from '../machine.ts'
import { lookUp } from '../network/names.ts'
import { TcpConnection } from '../network/tcp.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'
import type { Gang } from './gang.ts'

/** A script's beacon to where the gang gives orders, for as long as the gang mines here or may come back by itself. */
export function* callHome(host: Host, gang: Gang, random: Random): Act {
  const { control, download } = gang.traits
  if (control === null) return
  const { machine } = host
  const bot: Process = {
    pid: machine.nextPid(),
    ppid: 1,
    comm: 'bash',
    exe: '/usr/bin/bash',
    args: ['bash', `/tmp${download.paths[0] ?? '/x'}`],
    cwd: '/',
    uid: ROOT.uid,
    loginUid: null,
    session: null,
    tty: null,
  }
  while (isHere(host, gang)) {
    if (control.name !== null) yield lookUp(machine, control.name, control.ip, machine.nowMs, random)
    machine.calls.connected(bot, control.ip, control.port, true)
    const local = { ip: machine.facts.address, port: machine.nextPort() }
    const fields = { local, remote: control, opener: 'local', rttMs: random.between(30, 180) } as const
    const tcp = new TcpConnection(machine.tap, fields, random)
    yield tcp.open(machine.nowMs)
    yield tcp.send('local', random.bytes(random.integer(40, 220)), machine.nowMs)
    yield tcp.send('remote', random.bytes(random.integer(16, 120)), machine.nowMs + random.between(1, 20))
    yield tcp.close('local', machine.nowMs)
    yield machine.nowMs + control.everyMs * random.between(0.9, 1.1)
  }
}

function isHere(host: Host, gang: Gang): boolean {
  return (
    host.miners.some((miner) => miner.gang === gang) ||
    host.cron.some((entry) => entry.owner === gang && !entry.isGone)
  )
}
