import { cronRuns } from '../login/cron-job.ts'
import type { Machine } from '../machine.ts'
import type { Random } from '../random.ts'
import { type Act, HOUR_MS, MINUTE_MS } from '../schedule.ts'
import { jonasVisits, miraVisits, type Office, runnerDeploys } from './administrators.ts'
import { aptLooks, unitRuns } from './chores.ts'
import { strangersKnock } from './strangers.ts'
import { clockIsSet, gatewayIsAskedFor, healthChecks, serviceCalls, webVisits } from './traffic.ts'

const DAY_MS = 24 * HOUR_MS
/** How often things happen on a machine of noise 0 to 3. */
const PACE = [0.6, 1, 4, 15] as const
const EVERY_MS = {
  cron: 30 * MINUTE_MS,
  webVisit: 11 * MINUTE_MS,
  serviceCall: 15 * MINUTE_MS,
  healthCheck: 20 * MINUTE_MS,
  clock: 34 * MINUTE_MS,
  arp: 19 * MINUTE_MS,
  stranger: 35 * MINUTE_MS,
  visit: 9 * HOUR_MS,
}
const OFFICE_HOURS = { from: 7, to: 18 }
const PAGE_BYTES = 1400
const DEPLOYS_PER_HOUR = 0.25
const CRON_LINES = [
  'test -x /usr/local/bin/rotate-sessions && /usr/local/bin/rotate-sessions',
  'cd / && run-parts --report /etc/cron.hourly',
  '/usr/local/bin/metrics-push --quiet',
  '[ -x /usr/lib/php/sessionclean ] && /usr/lib/php/sessionclean',
  'command -v debian-sa1 > /dev/null && debian-sa1 1 1',
] as const

/** Ordinary work on one machine for as long as the battle lasts; `noise` 0 to 3. */
export function workAroundTheClock(
  machine: Machine,
  office: Office,
  random: Random,
  { startMs, noise }: { startMs: number; noise: number },
): void {
  const { schedule } = machine
  const pace = (PACE[noise] ?? 1) * random.between(0.6, 1.6)
  const start = (name: string, act: (own: Random) => Act): void => {
    schedule.start(act(random.fork(name)), startMs + random.between(0, MINUTE_MS))
  }
  start('mira', (own) =>
    comesByDay(machine, own, (visit) => miraVisits(machine, office, visit, own.chance(0.3))),
  )
  if (random.chance(0.4)) start('jonas', (own) => comesOnce(machine, own, jonasVisits(machine, office, own)))
  start('logrotate', (own) =>
    daily(machine, own, 6 * HOUR_MS + 25 * MINUTE_MS, (turn) => unitRuns(machine, 'logrotate', turn)),
  )
  start('apt', (own) => daily(machine, own, own.between(0, DAY_MS), (turn) => aptLooks(machine, turn)))
  start('cron', (own) => cronRuns(machine, own.pick(CRON_LINES), own, EVERY_MS.cron / Math.min(pace, 6)))
  start('health', (own) => healthChecks(machine, own, EVERY_MS.healthCheck / Math.min(pace, 4)))
  start('strangers', (own) => strangersKnock(machine, own, EVERY_MS.stranger / Math.min(pace, 6)))
  start('clock', (own) => clockIsSet(machine, own, EVERY_MS.clock))
  start('arp', (own) => gatewayIsAskedFor(machine, own, EVERY_MS.arp))
  start('calls', (own) => serviceCalls(machine, own, EVERY_MS.serviceCall / pace))
  start('web', (own) => webVisits(machine, own, EVERY_MS.webVisit / pace, PAGE_BYTES * (1 + noise)))
  if (noise > 0 && random.chance(0.5))
    start('runner', (own) => runnerDeploys(machine, office, own, DEPLOYS_PER_HOUR * pace))
}

/** Now and then while the office is open. */
function* comesByDay(machine: Machine, random: Random, visit: (random: Random) => Act): Act {
  for (;;) {
    yield machine.nowMs + random.exponential(EVERY_MS.visit)
    const hour = (machine.nowMs % DAY_MS) / HOUR_MS
    if (hour < OFFICE_HOURS.from || hour > OFFICE_HOURS.to) continue
    yield* visit(random.fork(`visit-${machine.nowMs}`))
  }
}

function* comesOnce(machine: Machine, random: Random, visit: Act): Act {
  yield machine.nowMs + random.exponential(6 * HOUR_MS)
  yield* visit
}

function* daily(machine: Machine, random: Random, atMs: number, run: (random: Random) => Act): Act {
  for (;;) {
    const nextMs = Math.floor(machine.nowMs / DAY_MS) * DAY_MS + atMs
    yield (nextMs > machine.nowMs ? nextMs : nextMs + DAY_MS) + random.between(0, MINUTE_MS)
    yield* run(random.fork(`day-${machine.nowMs}`))
  }
}
