import type { Host } from '../host/host.ts'
import type { Random } from '../random.ts'
import { type Act, HOUR_MS, MINUTE_MS } from '../schedule.ts'

/** What the machine's own programs are called. */
const EVERYDAY = [
  { pid: 611, comm: 'nginx', userName: 'www-data', share: 0.5 },
  { pid: 802, comm: 'java', userName: 'tomcat', share: 0.35 },
  { pid: 1, comm: 'systemd', userName: 'root', share: 0.15 },
] as const

/** Tells each minute how busy the machine is. Everyday load follows the day, miners take what they can get. */
export function* cpuIsMeasured(host: Host, random: Random): Act {
  const { machine } = host
  for (;;) {
    yield machine.nowMs + MINUTE_MS
    const everyday = Math.min(1, host.everydayLoad * random.between(0.4, 1.9))
    const wanted = host.miners.reduce((sum, miner) => sum + miner.cpuShare, everyday)
    const squeeze = Math.min(1, 1 / wanted)
    const processes = [
      ...EVERYDAY.map(({ share, ...program }) => ({ ...program, share: share * everyday * squeeze })),
      ...host.miners.map(({ process, cpuShare }) => ({
        pid: process.pid,
        comm: process.comm,
        userName: process.uid === 0 ? 'root' : 'www-data',
        share: cpuShare * squeeze * random.between(0.98, 1),
      })),
    ]
    const busy = Math.min(
      1,
      processes.reduce((sum, one) => sum + one.share, 0),
    )
    host.burstLoss.measure(busy, everyday, MINUTE_MS / HOUR_MS)
    machine.tell({
      kind: 'cpu-sampled',
      timeMs: machine.nowMs,
      periodMs: MINUTE_MS,
      cores: host.hardware.cores,
      busy,
      processes,
    })
  }
}
