import type { Foothold } from '../../gangs/gang.ts'
import type { RunningMiner } from '../../host/host.ts'
import type { Act } from '../../schedule.ts'

/** Whoever holds a connection to these ports. */
export function* killByPort(foothold: Foothold, ports: readonly number[]): Act {
  foothold.did('process-eviction')
  for (const port of ports) {
    const isUsing = (miner: RunningMiner): boolean => miner.gang.traits.pool.port === port
    if (foothold.random.chance(0.5)) {
      const fuser = yield* foothold.hands.run(['fuser', '-k', '-9', '-n', 'tcp', String(port)])
      foothold.evict(fuser, isUsing)
      continue
    }
    const line = `ss -tnp | grep ':${port} ' | grep -o 'pid=[0-9]*' | cut -d= -f2 | xargs -r kill -9`
    const last = yield* foothold.hands.pipe(line, [
      ['ss', '-tnp'],
      ['grep', `:${port} `],
      ['grep', '-o', 'pid=[0-9]*'],
      ['cut', '-d=', '-f2'],
      ['xargs', '-r', 'kill', '-9'],
    ])
    foothold.evict(last, isUsing)
  }
}

/** Whoever runs out of a folder that no package writes to, or without a file. */
export function* killByFolder(foothold: Foothold): Act {
  foothold.did('process-eviction')
  const folders = ['/tmp/', '/var/tmp/', '/dev/shm/']
  const line = `for p in /proc/[0-9]*; do readlink $p/exe | egrep -q '^(/tmp|/var/tmp|/dev/shm)|deleted' && kill -9 \${p#/proc/}; done`
  const isThere = (miner: RunningMiner): boolean =>
    folders.some((folder) => miner.process.exe.startsWith(folder)) ||
    !foothold.host.files.has(miner.process.exe)
  const programs = foothold.host.miners
    .filter((miner) => miner.gang !== foothold.gang)
    .map((miner) => ['readlink', `/proc/${miner.process.pid}/exe`] as const)
  const last = yield* foothold.hands.pipe(line, programs)
  foothold.evict(last, isThere)
}

/** Whoever keeps a core busy, the greediest first, by top. */
export function* killGreedy(foothold: Foothold, percent: number): Act {
  foothold.did('process-eviction')
  const line = `top -b -n1 | awk 'NR>7 && $9>${percent} {print $1}' | xargs -r kill -9`
  const last = yield* foothold.hands.pipe(line, [
    ['top', '-b', '-n1'],
    ['awk', `NR>7 && $9>${percent} {print $1}`],
    ['xargs', '-r', 'kill', '-9'],
  ])
  foothold.evict(last, (miner) => miner.cpuShare * foothold.host.hardware.cores * 100 > percent)
}

/** Containers of others, by what their images are called. */
export function* killContainers(foothold: Foothold, words: readonly string[]): Act {
  if (!foothold.isRoot) return
  foothold.did('process-eviction')
  const pattern = words.join('|')
  const line = `docker ps --format '{{.ID}} {{.Image}}' | egrep '${pattern}' | awk '{print $1}' | xargs -I % docker kill %`
  const last = yield* foothold.hands.pipe(line, [
    ['docker', 'ps', '--format', '{{.ID}} {{.Image}}'],
    ['egrep', pattern],
    ['awk', '{print $1}'],
    ['xargs', '-I', '%', 'docker', 'kill', '%'],
  ])
  foothold.evict(
    last,
    (miner) => miner.gang.traits.waysIn[0] === 'docker-api' && miner.process.exe.includes('docker'),
  )
}

/** Units whose binaries lie where no package puts them are switched off, not only stopped. */
export function* disableUnits(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  for (const [name, owner] of foothold.host.units) {
    if (owner === foothold.gang) continue
    foothold.did('persistence-eviction')
    yield* foothold.hands.run(['systemctl', 'disable', `${name}.service`])
    yield* foothold.stopUnit(name)
    const mv = yield* foothold.hands.run([
      'mv',
      `/etc/systemd/system/${name}.service`,
      `/var/tmp/${name}.bak`,
    ])
    foothold.rename(`/etc/systemd/system/${name}.service`, `/var/tmp/${name}.bak`, mv)
  }
}

/** Every crontab file that names a downloader. */
export function* sweepCron(foothold: Foothold): Act {
  foothold.did('persistence-eviction')
  const line =
    "find /var/spool/cron /etc/cron.d -type f -exec egrep -l 'curl|wget|base64|xmr' {} + | xargs -r rm -f"
  yield* foothold.hands.pipe(line, [
    [
      'find',
      '/var/spool/cron',
      '/etc/cron.d',
      '-type',
      'f',
      '-exec',
      'egrep',
      '-l',
      'curl|wget|base64|xmr',
      '{}',
      '+',
    ],
    ['xargs', '-r', 'rm', '-f'],
  ])
  foothold.wipeCron((entry) => /curl|wget|base64|xmr/u.test(entry))
}

/** Names of well-known pools now lead to the gang's own relay: rivals' miners work for it, or not at all. */
export function* hijackPoolNames(foothold: Foothold, names: readonly string[], relayIp: string): Act {
  foothold.did('network-lock-out')
  for (const name of names) {
    if (name === foothold.gang.traits.pool.name) continue
    yield* foothold.sinkName(name, relayIp)
  }
}

/** Nobody else shall read or write here. */
export function* lockCronFolders(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  foothold.did('persistence-eviction')
  for (const path of ['/var/spool/cron/crontabs', '/etc/cron.d']) {
    if (foothold.random.chance(0.6)) yield* foothold.chattr('+ai', path)
  }
}
