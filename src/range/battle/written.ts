import { encodePcap } from '../../wire/encode/index.ts'
import { AccessLog } from '../evidence/access-log.ts'
import { AuditTrail } from '../evidence/audit-trail.ts'
import { AuthLog } from '../evidence/auth-log.ts'
import { type Rotation, RotatingFile, piecesOf } from '../evidence/rotating-file.ts'
import type { OpenEvidence } from '../evidence/witness.ts'
import { Tap } from '../network/tap.ts'
import { HOUR_MS, type Schedule } from '../schedule.ts'
import { type EvidencePeriod, truthTime } from '../truth.ts'
import type { Berth } from './fleet.ts'
import { WRITTEN_KINDS } from './options.ts'
import type { Worn } from './wear.ts'

const DAY_MS = 24 * HOUR_MS
/** cron.daily runs at 06:25. */
const ROTATED_AT_MS = 6 * HOUR_MS + 25 * 60_000
const CAPTURE_PIECE_MS = 12 * HOUR_MS

/** What a machine writes down by itself. */
export interface Written {
  readonly tap: Tap
  readonly authLog: AuthLog
  readonly auditTrail: AuditTrail
  readonly accessLog: AccessLog
  readonly periods: readonly EvidencePeriod[]
}

export function openWritten(
  berth: Berth,
  schedule: Schedule,
  open: OpenEvidence,
  {
    startMs,
    endMs,
    without,
    worn,
  }: { startMs: number; endMs: number; without: ReadonlySet<string>; worn: Worn },
): Written {
  const { facts, clockSkewMs } = berth
  const now = (): number => schedule.nowMs + clockSkewMs
  const daily = daysBetween(startMs, endMs)
  const rotations: Readonly<Record<Kind, Rotation>> = {
    capture: {
      atMs: everyBetween(startMs, endMs, CAPTURE_PIECE_MS),
      name: (age) => `${facts.name}/eth0${age === 0 ? '' : `.${age}`}.pcap`,
      head: encodePcap([]),
    },
    sshd: { atMs: daily, name: (age) => `${facts.name}/auth.log${suffix(age)}` },
    auditd: { atMs: daily, name: (age) => `${facts.name}/audit.log${age === 0 ? '' : `.${age}`}` },
    'access-log': { atMs: daily, name: (age) => `${facts.name}/access.log${suffix(age)}` },
  }
  const kinds = WRITTEN_KINDS.filter((kind) => !without.has(kind))
  const pieces = kinds.flatMap((kind) =>
    piecesOf(rotations[kind], { fromMs: startMs, toMs: endMs }).map((piece) => ({ kind, ...piece })),
  )
  for (const { path, ...period } of pieces) worn.decide(path, period)
  const opening = worn.opening(open)
  const file = (kind: Kind): RotatingFile =>
    new RotatingFile(without.has(kind) ? nowhere : opening, rotations[kind], () => schedule.nowMs)
  return {
    tap: new Tap(file('capture'), facts, schedule, startMs, clockSkewMs),
    authLog: new AuthLog(file('sshd'), facts.name, now),
    auditTrail: new AuditTrail(file('auditd'), serialOf(facts.instanceId), now),
    accessLog: new AccessLog(file('access-log'), now),
    periods: pieces.flatMap(({ path, kind, fromMs, toMs }) =>
      worn.told({
        path,
        kind,
        machine: facts.name,
        from: truthTime(fromMs),
        to: truthTime(toMs),
        clockSkewSeconds: clockSkewMs / 1000,
      }),
    ),
  }
}

type Kind = (typeof WRITTEN_KINDS)[number]

function nowhere(): () => void {
  return () => undefined
}

function suffix(age: number): string {
  if (age === 0) return ''
  return age === 1 ? '.1' : `.${age}.gz`
}

function daysBetween(startMs: number, endMs: number): number[] {
  const first = Math.floor(startMs / DAY_MS) * DAY_MS + ROTATED_AT_MS
  return everyBetween(startMs, endMs, DAY_MS, first)
}

/** Moments after the start and before the end. */
function everyBetween(startMs: number, endMs: number, everyMs: number, firstMs: number = startMs): number[] {
  const moments: number[] = []
  for (let ms = firstMs; ms < endMs; ms += everyMs) if (ms > startMs) moments.push(ms)
  return moments
}

/** Where the audit trail's serials stand: any number will do, but the same one for the same machine. */
function serialOf(instanceId: string): number {
  return 4000 + (Number.parseInt(instanceId.slice(-6), 16) % 60_000)
}
