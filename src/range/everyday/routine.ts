import type { Cast } from '../cast.ts'
import type { Machine } from '../machine.ts'
import type { Random } from '../random.ts'
import { HOUR_MS, MINUTE_MS } from '../schedule.ts'
import { cronRuns } from '../login/cron-job.ts'
import { jonasVisits, miraVisits, runnerDeploys } from './administrators.ts'
import { aptLooks, unitRuns } from './chores.ts'
import { clockIsSet, gatewayIsAskedFor, healthChecks, serviceCalls, webVisits } from './traffic.ts'

/** Means at scale 1: a machine that is nearly asleep. */
const EVERY_MS = {
  cron: 60 * MINUTE_MS,
  webVisit: 17 * MINUTE_MS,
  serviceCall: 22 * MINUTE_MS,
  healthCheck: 20 * MINUTE_MS,
  clock: 34 * MINUTE_MS,
  arp: 19 * MINUTE_MS,
}
const PAGE_BYTES = 1100
const PAGE_GROWTH = 0.9
const CRON_LINE = 'test -x /usr/local/bin/rotate-sessions && /usr/local/bin/rotate-sessions'
const DEPLOYS_PER_HOUR_AND_SCALE = 1.5

/** Puts a day's ordinary work on the machine's schedule. `scale` multiplies how often things happen, and lets pages grow. */
export function scheduleRoutine(
  machine: Machine,
  cast: Cast,
  random: Random,
  { startMs, scale }: { startMs: number; scale: number },
): void {
  const { schedule } = machine
  const at = (hours: number, jitterMinutes: number): number =>
    startMs + hours * HOUR_MS + random.between(0, jitterMinutes) * MINUTE_MS

  schedule.start(unitRuns(machine, 'logrotate', random.fork('logrotate')), at(0, 0.1))
  schedule.start(miraVisits(machine, cast, random.fork('mira-1'), false), at(0.35, 20))
  schedule.start(jonasVisits(machine, cast, random.fork('jonas')), at(1.4, 20))
  schedule.start(aptLooks(machine, random.fork('apt')), at(3.4, 30))
  schedule.start(miraVisits(machine, cast, random.fork('mira-2'), true), at(4.2, 20))

  schedule.start(cronRuns(machine, CRON_LINE, random.fork('cron'), EVERY_MS.cron / scale))
  schedule.start(healthChecks(machine, random.fork('health'), EVERY_MS.healthCheck / scale))
  schedule.start(clockIsSet(machine, random.fork('clock'), EVERY_MS.clock))
  schedule.start(gatewayIsAskedFor(machine, random.fork('arp'), EVERY_MS.arp))
  schedule.start(serviceCalls(machine, random.fork('calls'), EVERY_MS.serviceCall / scale))
  const pageBytes = PAGE_BYTES * (1 + (scale - 1) * PAGE_GROWTH)
  schedule.start(webVisits(machine, random.fork('web'), EVERY_MS.webVisit / scale, pageBytes))
  if (scale > 1) {
    const perHour = (scale - 1) * DEPLOYS_PER_HOUR_AND_SCALE
    schedule.start(runnerDeploys(machine, cast, random.fork('runner'), perHour))
  }
}
