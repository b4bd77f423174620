import { concatBytes } from '../wire/encode/index.ts'
import { type Cast, castScene } from './cast.ts'
import { scheduleRoutine } from './everyday/routine.ts'
import { AuditTrail } from './evidence/audit-trail.ts'
import { AuthLog } from './evidence/auth-log.ts'
import { type ByteSink, EvidenceFile } from './evidence/evidence-file.ts'
import { handoverNotes } from './evidence/notes.ts'
import { breakIn } from './intrusion/break-in.ts'
import { guessHard, guessSlowly } from './intrusion/guessing.ts'
import { Ledger } from './ledger.ts'
import { Machine } from './machine.ts'
import { Tap } from './network/tap.ts'
import { Random } from './random.ts'
import { type Act, HOUR_MS, MINUTE_MS, Schedule } from './schedule.ts'
import { type EvidencePeriod, type StagedTruth, TRUTH_SCHEMA, truthTime } from './truth.ts'

export interface SceneOptions {
  /** Whole number; the same seed gives the same bytes. */
  readonly seed: number
  /** Epoch ms of the first line; 2026-05-12T00:00Z unless said otherwise. */
  readonly startMs?: number
  /** How busy the machine is; 1 = nearly asleep, 200 = hundreds of megabytes of evidence. */
  readonly scale?: number
  /** The same machine on a day when nobody comes. */
  readonly quiet?: boolean
  /** The guessers come, and none gets in. */
  readonly failedGuessing?: boolean
}

export interface SceneFile {
  /** Below the evidence folder. */
  readonly path: string
  readonly bytes: Uint8Array
  /** Epoch ms. */
  readonly modifiedAt: number
}

export interface Scene {
  readonly files: readonly SceneFile[]
  readonly truth: StagedTruth
}

/** What a scene comes to besides its bytes. */
export interface PlayedScene {
  readonly truth: StagedTruth
  readonly modifiedAt: Readonly<Record<string, number>>
}

const EVIDENCE_PATHS = {
  capture: 'eth0.pcap',
  sshd: 'auth.log',
  auditd: 'audit.log',
  notes: 'notes.txt',
} as const

const DEFAULT_START_MS = Date.UTC(2026, 4, 12)
const SCENE_MS = 4 * HOUR_MS + 54 * MINUTE_MS
/** The capture is a ring: what came before this was overwritten. */
const CAPTURE_FROM_MS = 3 * HOUR_MS + 4.5 * MINUTE_MS
const SCOUTS_MS = { from: 2 * HOUR_MS + 6 * MINUTE_MS, to: 3 * HOUR_MS + 4 * MINUTE_MS }
const BREAKER_FROM_MS = 2 * HOUR_MS + 57 * MINUTE_MS
const REGION = 'us-east-1'
/** t3.large, Linux on demand, us-east-1; EC2 price list of July 2026. */
const USD_PER_HOUR = 0.0832
const OCCUPANT = 'occupant-1'

/** Plays the scene and keeps its files in memory. */
export function stageScene(options: SceneOptions): Scene {
  const chunks = new Map<string, Uint8Array[]>()
  const { truth, modifiedAt } = playScene(options, (path) => {
    const own: Uint8Array[] = []
    chunks.set(path, own)
    return (chunk) => {
      own.push(chunk)
    }
  })
  const files = Array.from(chunks, ([path, own]) => ({
    path,
    bytes: concatBytes(...own),
    modifiedAt: modifiedAt[path] ?? 0,
  }))
  return { files, truth }
}

/** Plays the scene; bytes of each file go to the sink opened for its path, in order, as they come to be. Pure but for that. */
export function playScene(options: SceneOptions, open: (path: string) => ByteSink): PlayedScene {
  const startMs = options.startMs ?? DEFAULT_START_MS
  const endMs = startMs + SCENE_MS
  const random = new Random(`davylamp scene ${options.seed}`)
  const cast = castScene(random.fork('cast'))
  const ledger = new Ledger()
  const schedule = new Schedule(startMs)
  const captureFromMs = startMs + CAPTURE_FROM_MS
  const now = (): number => schedule.nowMs
  const tap = new Tap(new EvidenceFile(open(EVIDENCE_PATHS.capture)), cast.machine, schedule, captureFromMs)
  const authLog = new AuthLog(new EvidenceFile(open(EVIDENCE_PATHS.sshd)), cast.machine.name, now)
  const firstSerial = random.fork('audit').integer(4000, 60_000)
  const auditTrail = new AuditTrail(new EvidenceFile(open(EVIDENCE_PATHS.auditd)), firstSerial, now)
  const machine = new Machine(cast.machine, { tap, authLog, auditTrail }, random.fork('machine'))

  scheduleRoutine(machine, cast, random.fork('routine'), { startMs, scale: options.scale ?? 1 })
  if (options.quiet !== true) {
    scheduleIntrusion(
      machine,
      ledger,
      cast,
      random.fork('intrusion'),
      startMs,
      options.failedGuessing === true,
    )
  }
  schedule.run(endMs)
  for (const written of [tap, authLog, auditTrail]) written.end()
  const notes = new EvidenceFile(open(EVIDENCE_PATHS.notes))
  notes.writeText(handoverNotes(cast, options.quiet === true))
  notes.flush()

  const truth = truthOf(options.seed, cast, ledger, { startMs, captureFromMs, endMs })
  const modifiedAt = Object.fromEntries(Object.values(EVIDENCE_PATHS).map((path) => [path, endMs]))
  return { truth, modifiedAt }
}

function scheduleIntrusion(
  machine: Machine,
  ledger: Ledger,
  cast: Cast,
  random: Random,
  startMs: number,
  isFutile: boolean,
): void {
  const { schedule } = machine
  for (const ip of cast.gang.scouts) {
    const fromMs = startMs + SCOUTS_MS.from + random.between(0, 8) * MINUTE_MS
    schedule.start(guessSlowly(machine, ledger, ip, random.fork(ip), startMs + SCOUTS_MS.to), fromMs)
  }
  schedule.start(
    guessThenEnter(machine, ledger, cast, random.fork('breaker'), isFutile),
    startMs + BREAKER_FROM_MS,
  )
}

function* guessThenEnter(
  machine: Machine,
  ledger: Ledger,
  cast: Cast,
  random: Random,
  isFutile: boolean,
): Act {
  const { gang } = cast
  const from = { ip: gang.breaker, rttMs: random.between(90, 180) }
  yield* guessHard(machine, ledger, from, gang.triesNeeded, random)
  if (!isFutile) yield* breakIn(machine, ledger, gang, from, random.fork('inside'))
}

function truthOf(
  seed: number,
  cast: Cast,
  ledger: Ledger,
  times: { startMs: number; captureFromMs: number; endMs: number },
): StagedTruth {
  const { machine, gang } = cast
  const tenures = ledger.tenure(OCCUPANT, times.endMs, gang)
  const heldSeconds = ledger.minerStartedMs === null ? 0 : (times.endMs - ledger.minerStartedMs) / 1000
  const [from, to] = [truthTime(times.startMs), truthTime(times.endMs)]
  const period = { machine: machine.name, from, to }
  const evidence: EvidencePeriod[] = [
    { ...period, path: EVIDENCE_PATHS.capture, kind: 'capture', from: truthTime(times.captureFromMs) },
    { ...period, path: EVIDENCE_PATHS.sshd, kind: 'sshd' },
    { ...period, path: EVIDENCE_PATHS.auditd, kind: 'auditd' },
  ]
  const occupant = {
    id: OCCUPANT,
    family: null,
    wallets: [gang.wallet],
    addresses: [gang.breaker, gang.downloadIp, gang.pool.ip],
  }
  return {
    schema: TRUTH_SCHEMA,
    seed,
    from,
    to,
    machines: [
      {
        name: machine.name,
        id: machine.instanceId,
        addresses: [machine.address, machine.publicAddress],
        wayIn: ledger.wayIn,
        pressure: ledger.pressure(),
        tenures,
        changes: [],
        files: ledger.files,
        cost: {
          instanceType: machine.instanceType,
          region: REGION,
          usdPerHour: USD_PER_HOUR,
          heldSeconds,
          usdHeld: (heldSeconds / 3600) * USD_PER_HOUR,
        },
      },
    ],
    occupants: tenures.length > 0 ? [occupant] : [],
    evidence,
  }
}
