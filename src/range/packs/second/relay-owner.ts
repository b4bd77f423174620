import type { Foothold, GangForm, GangModel } from '../../gangs/gang.ts'
import { type Act, MINUTE_MS } from '../../schedule.ts'
import { client, fingerprint, type Place, proxyPool, someOf, word } from './draw.ts'
import { disableUnits, hijackPoolNames, killByPort, sweepCron } from './fighting.ts'
import { quietHistory } from './hiding.ts'
import { atJob, shellProfile, userUnit } from './staying.ts'
import { inAnyOrder, inTurn, trick } from './tricks.ts'

const NAMES = [
  'dbus-broker',
  'pipewire-pulse',
  'gvfsd',
  'snap-helper',
  'obex',
  'at-spi-bus',
  'tracker-miner',
] as const
const RIVAL_POOLS = [
  'pool.supportxmr.com',
  'pool.hashvault.pro',
  'gulf.moneroocean.stream',
  'auto.c3pool.org',
  'xmr-eu1.nanopool.org',
  'xmr.2miners.com',
  'xmrpool.eu',
]

/**
 * Lives in a user's account as well as in root's: units of the user's own manager, at jobs, profiles. Leads the names of
 * well-known pools to its own relay, and mines there under worker names, so that no wallet is ever seen.
 */
export const relayOwner: GangModel = {
  name: 'relay-owner',
  family: null,
  form: formed,
}

function formed(place: Place): GangForm {
  const { random, places, skill } = place
  const name = random.pick(NAMES)
  const folder = random.pick(['/var/tmp', '/dev/shm', '/tmp'])
  const path = `${folder}/.${word(random, 2, 4)}/${name}`
  const pool = proxyPool(place)
  const prefix = random.pick(['rig', 'w', 'x86', 'node', 'vps'])
  return {
    traits: {
      wallets: [],
      pool,
      login: (_machine, own) => ({ login: `${prefix}-${own.hex(4)}`, pass: random.pick(['x', '', 'proxy']) }),
      agent: random.pick([
        'XMRig/6.22.2 (Linux x86_64) libuv/1.49.2 gcc/13.2.1',
        'xmr-stak-rx/1.0.5',
        'cpuminer-opt/3.24.5',
      ]),
      miner: {
        path,
        comm: name.slice(0, 15),
        args: () => [
          '--url',
          `${pool.name ?? pool.ip}:${pool.port}`,
          '--rig-id',
          prefix,
          '--cpu-max-threads-hint',
          '65',
        ],
        cpuShare: skill === 'low' ? random.between(0.7, 0.9) : random.between(0.5, 0.7),
        knownAs: [name],
      },
      sources: [places.source(), places.source(), places.source()],
      client: client(random),
      download: {
        ip: places.server(),
        name: random.chance(0.5) ? places.name() : null,
        paths: [`/${word(random, 3, 6)}`],
      },
      control: null,
      key: { fingerprint: fingerprint(random), comment: `${word(random, 3, 6)}@${word(random, 3, 6)}` },
      waysIn: ['ssh-password', 'ssh-key', 'web-exploit', 'redis'],
      spreads: 0.3,
      sells: 0.05,
      returnsAfterMs: random.chance(0.6) ? random.integer(120, 480) * MINUTE_MS : null,
    },
    *occupy(foothold) {
      const { hands, gang } = foothold
      if (foothold.random.chance(0.4)) yield* quietHistory(foothold)
      yield* hands.run(['nproc'])
      yield* hands.run(['mkdir', '-p', path.slice(0, path.lastIndexOf('/'))])
      if (!(yield* foothold.fetch(gang.traits.download.paths[0] ?? '/a', path, { what: 'miner' }))) return
      yield* foothold.changeMode(path, 0o755)
      const rivals = someOf(foothold.random, RIVAL_POOLS, 0.7)
      yield* inAnyOrder(foothold, [
        trick(0.75, (own) => killByPort(own, someOf(own.random, [3333, 5555, 7777, 14_444, 80], 0.7))),
        trick(0.7, (own) => hijackPoolNames(own, rivals, pool.ip)),
        trick(0.4, sweepCron),
        trick(0.4, disableUnits),
      ])
      yield* foothold.startMiner()
      yield* inAnyOrder(foothold, [
        trick(0.6, (own) => userUnit(own, name)),
        trick(0.6, (own) => atJob(own, path)),
        trick(0.4, (own) => shellProfile(own, `pgrep -x ${name} >/dev/null || (${path} &)`)),
        trick(0.5, appendKey),
        trick(0.3, (own) => own.changePassword()),
      ])
      yield* keepOn(foothold, path)
    },
    *lookAfter(foothold) {
      yield* foothold.hands.run(['uptime'], { replyBytes: 70 })
      yield* inTurn(foothold, [
        trick(0.4, (own) => atJob(own, path)),
        trick(0.3, (own) => killByPort(own, [3333, 5555])),
      ])
    },
  }
}

function* appendKey(foothold: Foothold): Act {
  yield* foothold.addKey('append')
}

function* keepOn(foothold: Foothold, path: string): Act {
  const { hands, random } = foothold
  const minutes = random.pick([15, 20, 30, 60])
  const line = `*/${minutes} * * * * pgrep -f ${path} || ${path}`
  yield* foothold.addCron(`/var/spool/cron/crontabs/${hands.user.name}`, line, minutes * MINUTE_MS)
}
