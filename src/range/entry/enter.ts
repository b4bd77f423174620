import type { Gang, Hands, WayInKind } from '../gangs/gang.ts'
import type { Host } from '../host/host.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'
import { truthTime, type TrueWayIn } from '../truth.ts'
import { throughDocker } from './docker-api.ts'
import { throughRedis } from './redis.ts'
import { throughKey } from './ssh-key.ts'
import { throughPassword } from './ssh-password.ts'
import { throughWeb } from './web-exploit.ts'

/** What somebody needs who knocks at a host. */
export interface Attempt {
  readonly host: Host
  readonly gang: Gang
  readonly random: Random
  /** Address that it comes from. */
  readonly srcIp: string
  /** To be called at the moment of admission. */
  admitted(about: Omit<TrueWayIn, 'time' | 'occupant'>): void
  /** What it does inside, by the hands that this way gives it. */
  inside(hands: Hands): Act
}

/** Tries one way; true: it got in (and has left again). */
export type Way = (attempt: Attempt) => Act<boolean>

const WAYS: Readonly<Record<WayInKind, Way>> = {
  'ssh-password': throughPassword,
  'ssh-key': throughKey,
  'docker-api': throughDocker,
  redis: throughRedis,
  'web-exploit': throughWeb,
}

/** Tries the gang's ways in order until one is open. */
export function* enter(
  attempt: Omit<Attempt, 'admitted'>,
  waysIn: readonly WayInKind[] = attempt.gang.traits.waysIn,
): Act<boolean> {
  const { host, gang } = attempt
  const admitted: Attempt['admitted'] = (about) => {
    host.waysIn.push({ ...about, time: truthTime(host.machine.nowMs), occupant: gang.id })
  }
  for (const kind of waysIn) {
    if (!mayKnock(host, gang, kind)) continue
    if (yield* WAYS[kind]({ ...attempt, admitted, random: attempt.random.fork(kind) })) return true
  }
  return false
}

/** Guessers guess wherever there is a door; the others see at a glance that theirs is not there. */
function mayKnock(host: Host, gang: Gang, kind: WayInKind): boolean {
  if (kind === 'ssh-password') return true
  if (kind === 'ssh-key') return host.keys.has(gang)
  return host.doors.has(kind)
}
