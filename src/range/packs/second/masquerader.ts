import type { Foothold, GangForm, GangModel } from '../../gangs/gang.ts'
import type { Act } from '../../schedule.ts'
import { MINUTE_MS } from '../../schedule.ts'
import { client, fingerprint, folderOf, type Place, proxyPool, word } from './draw.ts'
import { killByFolder, killGreedy, lockCronFolders, sweepCron } from './fighting.ts'
import { bindOverProc, cutAddressFromLogs, loadModule, quietHistory, timestomp } from './hiding.ts'
import { pamDoor, rcLocal, sshConfig } from './staying.ts'
import { inAnyOrder, trick } from './tricks.ts'

const THREADS = [
  '[kworker/u4:2]',
  '[kworker/1:1H]',
  '[ksoftirqd/2]',
  '[rcu_preempt]',
  '[kthreadd]',
  '[watchdog/1]',
  '[migration/3]',
] as const
const FOLDERS = ['/usr/lib/.cache', '/var/lib/.udev', '/usr/local/.sys', '/lib/.firmware'] as const

/**
 * After Rocke and Skidmap: looks like a part of the kernel, works at half speed behind TLS, and keeps itself a way in
 * below what is usually looked at (PAM, sshd's configuration, rc.local, a module).
 */
export const masquerader: GangModel = {
  name: 'masquerader',
  family: 'Skidmap',
  form: formed,
}

function formed(place: Place): GangForm {
  const { random, places, skill } = place
  const folder = `${random.pick(FOLDERS)}${random.chance(0.4) ? random.integer(1, 9) : ''}`
  const thread = random.pick(THREADS)
  const path = `${folder}/${random.pick(['pamdicks', 'kaudited', 'udevds', 'irqbalanced', 'mcelogs'])}`
  const wallet = places.wallet()
  const config = `${folder}/.${word(random, 2, 4)}`
  return {
    traits: {
      wallets: [wallet],
      pool: { ...proxyPool(place), isTls: true, port: 443, name: places.name() },
      login: (machine) => ({ login: wallet, pass: machine.facts.instanceId.slice(-6) }),
      agent: 'XMRig/6.20.0 (Linux x86_64) libuv/1.44.1 gcc/9.4.0',
      miner: {
        path,
        comm: thread.slice(0, 15),
        args: () => ['-c', config],
        cpuShare: skill === 'low' ? random.between(0.6, 0.7) : random.between(0.4, 0.62),
        knownAs: [thread],
      },
      sources: [places.source()],
      client: client(random),
      download: {
        ip: places.server(),
        name: places.name(),
        paths: [`/${word(random, 2, 4)}`, `/${word(random, 4, 6)}.tar.gz`],
      },
      control: null,
      key: { fingerprint: fingerprint(random), comment: 'root@debian' },
      waysIn: ['ssh-password', 'ssh-key', 'docker-api'],
      spreads: 0.15,
      sells: 0.2,
      returnsAfterMs: random.integer(180, 600) * MINUTE_MS,
    },
    *occupy(foothold) {
      const { hands } = foothold
      yield* quietHistory(foothold)
      yield* hands.run(['mkdir', '-p', folder])
      yield* inAnyOrder(foothold, [
        trick(0.8, killByFolder),
        trick(0.6, (own) => killGreedy(own, own.random.integer(35, 80))),
        trick(0.5, sweepCron),
      ])
      if (!(yield* foothold.fetch(foothold.gang.traits.download.paths[0] ?? '/k', path, { what: 'miner' })))
        return
      yield* foothold.changeMode(path, 0o755)
      const shell = yield* hands.builtin(`cat > ${config}`)
      foothold.write(config, { what: 'config', isNew: true }, shell)
      const miner = yield* foothold.startMiner()
      yield* inAnyOrder(foothold, [
        trick(skill === 'low' ? 0.1 : 0.6, loadModule),
        trick(0.4, (own) => bindOverProc(own, miner)),
        trick(0.7, (own) => rcLocal(own, `${path} -c ${config} &`)),
        trick(skill === 'high' ? 0.8 : 0.3, pamDoor),
        trick(0.6, sshConfig),
        trick(0.4, lockCronFolders),
        trick(0.6, (own) => timestomp(own, path)),
      ])
      yield* keepQuietly(foothold, path)
      if (foothold.random.chance(0.6)) yield* cutAddressFromLogs(foothold)
    },
  }
}

/** A line among the system's own. */
function* keepQuietly(foothold: Foothold, path: string): Act {
  if (!foothold.isRoot || foothold.random.chance(0.35)) return
  const minutes = foothold.random.pick([20, 30, 60])
  const place = `/etc/cron.d/${foothold.random.pick(['e2scrub', 'sysstat2', 'mdadm-check', 'popcon'])}`
  yield* foothold.addCron(
    place,
    `*/${minutes} * * * * root ${folderOf(path)}/../.cache/.r || ${path}`,
    minutes * MINUTE_MS,
  )
}
