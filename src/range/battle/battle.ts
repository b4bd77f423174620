import type { OpenEvidence } from '../evidence/witness.ts'
import { type Office } from '../everyday/administrators.ts'
import { cleanUp } from '../everyday/clean-up.ts'
import { lookAlikes } from '../everyday/look-alikes.ts'
import { workAroundTheClock } from '../everyday/around-the-clock.ts'
import type { Gang } from '../gangs/gang.ts'
import { tryInVain } from '../entry/in-vain.ts'
import { Places } from '../gangs/places.ts'
import { Host } from '../host/host.ts'
import { guessSlowly } from '../intrusion/guessing.ts'
import { Machine } from '../machine.ts'
import { Random } from '../random.ts'
import { HOUR_MS, Schedule } from '../schedule.ts'
import type { Truth } from '../truth.ts'
import { battleTruth, inventoryText, type Stage } from './battle-truth.ts'
import { cpuIsMeasured } from './cpu.ts'
import { castGangs } from './crew.ts'
import { type Berth, castFleet, REGION } from './fleet.ts'
import type { BattleOptions } from './options.ts'
import { drawPlots, type Plot } from './plot.ts'
import { Campaigning } from './visit.ts'
import { Watchers } from './watchers.ts'
import { Worn } from './wear.ts'
import { openWritten } from './written.ts'

const SCOUTS = [1, 2, 3, 6] as const
const TRIES_IN_VAIN = 0.5
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export interface PlayedBattle {
  readonly truth: Truth
  /** What the owner knows, in the product's inventory format (YAML). */
  readonly inventory: string
}

/** Plays a battle; bytes of each file go to the sink opened for its path, in order. Pure but for that. */
export function playBattle(options: BattleOptions, open: OpenEvidence): PlayedBattle {
  const { seed, startMs, hours } = options
  const endMs = startMs + hours * HOUR_MS
  const without = new Set(options.without)
  const random = new Random(`davylamp battle ${seed}`)
  const places = new Places(random.fork('places'))
  const gangs = castGangs(options, places, random.fork('gangs'))
  const berths = castFleet(options.machines, random.fork('fleet'))
  const plots = drawPlots(berths, gangs, random.fork('plots'), { startMs, hours })
  const schedule = new Schedule(startMs)
  const worn = new Worn(options.wear, random.fork('wear'), () => schedule.nowMs)
  const watchers = new Watchers(berths, { open, random: random.fork('witnesses'), startMs, endMs, without })
  const office: Office = {
    officeIp: `192.0.2.${random.integer(2, 60)}`,
    miraKey: random.text(43, BASE64),
    deployKey: random.text(43, BASE64),
  }

  const stages = berths.map((berth) =>
    stage(berth, schedule, open, { startMs, endMs, without, worn }, random),
  )
  introduce(stages, random.fork('neighbours'))
  const campaigning = new Campaigning(
    new Map(stages.map(({ host }) => [host.machine.facts.address, host])),
    places,
    {
      id: watchers.account,
      region: REGION,
      endMs,
      tell: (seen) => {
        watchers.inCloud(seen)
      },
    },
    random.fork('campaigns'),
  )
  for (const [i, { host, berth }] of stages.entries()) {
    const own = random.fork(berth.facts.name)
    host.machine.watchedBy((seen) => {
      watchers.onMachine(berth.facts, seen)
    })
    workAroundTheClock(host.machine, office, own.fork('everyday'), { startMs, noise: options.noise })
    schedule.start(cpuIsMeasured(host, own.fork('cpu')))
    sendScouts(host, places, own.fork('scouts'), { startMs, endMs, noise: options.noise })
    schedule.start(lookAlikes(host, office, own.fork('look-alikes')))
    sendGangs(host, plots[i], campaigning, own.fork('gangs'), gangs)
    const cleanUpMs = plots[i]?.cleanUpMs ?? null
    if (cleanUpMs !== null) schedule.start(cleanUp(host, office, own.fork('clean-up')), cleanUpMs)
    billHours(berth, schedule, watchers, { startMs, endMs })
  }
  schedule.run(endMs)
  for (const { host } of stages) host.settleWork()
  for (const { written } of stages) {
    for (const one of [written.tap, written.authLog, written.auditTrail, written.accessLog]) one.end()
  }
  const evidence = [...stages.flatMap(({ written }) => written.periods), ...watchers.end()]
  return {
    truth: battleTruth(options, endMs, {
      stages,
      gangs,
      campaigning,
      evidence,
      account: watchers.account,
    }),
    inventory: inventoryText(berths),
  }
}

function stage(
  berth: Berth,
  schedule: Schedule,
  open: OpenEvidence,
  period: { startMs: number; endMs: number; without: ReadonlySet<string>; worn: Worn },
  random: Random,
): Stage {
  const written = openWritten(berth, schedule, open, period)
  const machine = new Machine(berth.facts, written, random.fork(`${berth.facts.name}/machine`))
  machine.accessLog = written.accessLog
  const host = new Host(machine, berth.instance, berth.doors)
  host.everydayLoad = berth.everydayLoad
  return { berth, host, written }
}

/** Who has whose host key in known_hosts. */
function introduce(stages: readonly Stage[], random: Random): void {
  for (const { host } of stages) {
    for (const { host: other } of stages) {
      if (other !== host && random.chance(Math.min(0.5, 2 / stages.length)))
        host.knownHosts.push(other.machine.facts.address)
    }
  }
}

function sendScouts(
  host: Host,
  places: Places,
  random: Random,
  { startMs, endMs, noise }: { startMs: number; endMs: number; noise: number },
): void {
  const { machine, ledger } = host
  for (let i = 0; i < (SCOUTS[noise] ?? 1); i++) {
    const fromMs = startMs + random.fraction() * (endMs - startMs) * 0.7
    const untilMs = fromMs + random.between(1, 5) * HOUR_MS
    machine.schedule.start(
      guessSlowly(machine, ledger, places.source(), random.fork(`${i}`), untilMs),
      fromMs,
    )
  }
}

/** Those who are meant to get in; where nobody is, somebody tries all the same. */
function sendGangs(
  host: Host,
  plot: Plot | undefined,
  campaigning: Campaigning,
  random: Random,
  gangs: readonly Gang[],
): void {
  const { schedule } = host.machine
  for (const { gang, timeMs } of plot?.arrivals ?? []) schedule.start(campaigning.visit(gang, host), timeMs)
  if (plot === undefined || plot.arrivals.length > 0) return
  host.doors.clear()
  host.trustsNeighbours = false
  for (const gang of gangs) {
    if (random.chance(TRIES_IN_VAIN))
      schedule.start(
        tryInVain(host, gang, random.fork(gang.id)),
        host.machine.nowMs + random.exponential(5 * HOUR_MS),
      )
  }
}

function billHours(
  berth: Berth,
  schedule: Schedule,
  watchers: Watchers,
  { startMs, endMs }: { startMs: number; endMs: number },
): void {
  for (let ms = startMs; ms < endMs; ms += HOUR_MS) {
    const untilMs = Math.min(ms + HOUR_MS, endMs)
    schedule.at(untilMs - 1, () => {
      watchers.inCloud({
        kind: 'instance-hour',
        timeMs: untilMs,
        account: watchers.account,
        machine: berth.facts,
        region: REGION,
        startMs: ms,
        endMs: untilMs,
        usdPerHour: berth.instance.usdPerHour,
        burstUsd: 0,
        egressBytes: 0,
      })
    })
  }
}
