import { Random } from '../../random.ts'
import { EvidenceFile } from '../evidence-file.ts'
import type {
  CpuSampled,
  HostObservation,
  HostWitnessKind,
  HostWitnessPlace,
  StartedWitness,
  WitnessedFile,
} from '../witness.ts'
import { CpuAccount, type CpuShares, type LoadAverages } from './cpu-shares.ts'
import { type RangeSeries, writeRangeAnswer } from './range-query.ts'
import { SadfDay } from './sadf.ts'

const DAY_MS = 86_400_000
const RELEASE = '6.1.0-21-cloud-amd64'
const CHUNK_BYTES = 32 * 1024

/** `sadf -j`, one file a day. */
export const SYSSTAT: HostWitnessKind = {
  kind: 'sysstat',
  sees: ['cpu-sampled'],
  start: (place) => new CpuWitness(place, startSadf),
}

/** Answers of Prometheus about what node_exporter told, one a day. */
export const NODE_EXPORTER: HostWitnessKind = {
  kind: 'node-exporter',
  sees: ['cpu-sampled'],
  // Prometheus goes by its own clock.
  start: (place) => new CpuWitness({ ...place, clockSkewMs: 0 }, startRangeAnswer),
}

/** One day of samples on its way into a file. */
interface Day {
  readonly path: string
  sample(timeMs: number, sample: CpuSampled, shares: CpuShares, load: LoadAverages): void
  end(): void
}

type StartDay = (place: HostWitnessPlace, date: string, first: CpuSampled, timeMs: number) => Day

class CpuWitness implements StartedWitness<HostObservation> {
  readonly #place: HostWitnessPlace
  readonly #startDay: StartDay
  readonly #account: CpuAccount
  readonly #files: { path: string; period: { fromMs: number; toMs: number } }[] = []
  #day: Day | null = null
  #number = -1

  constructor(place: HostWitnessPlace, startDay: StartDay) {
    this.#place = place
    this.#startDay = startDay
    // Both kinds tell of the same counters.
    this.#account = new CpuAccount(new Random(`cpu ${place.machine.instanceId}`))
  }

  observe(observation: HostObservation): void {
    if (observation.kind !== 'cpu-sampled') return
    const timeMs = observation.timeMs + this.#place.clockSkewMs
    const { shares, load } = this.#account.account(observation)
    const day = this.#dayOf(timeMs, observation)
    const last = this.#files.at(-1)
    if (last !== undefined) last.period.toMs = observation.timeMs
    day.sample(timeMs, observation, shares, load)
  }

  end(): void {
    this.#day?.end()
    this.#day = null
  }

  files(): readonly WitnessedFile[] {
    return this.#files
  }

  #dayOf(timeMs: number, sample: CpuSampled): Day {
    const number = Math.floor(timeMs / DAY_MS)
    if (this.#day !== null && number === this.#number) return this.#day
    this.end()
    this.#number = number
    const date = new Date(timeMs).toISOString().slice(0, 10)
    const day = this.#startDay(this.#place, date, sample, timeMs)
    this.#day = day
    this.#files.push({ path: day.path, period: { fromMs: sample.timeMs, toMs: sample.timeMs } })
    return day
  }
}

function startSadf(
  { folder, open, machine }: HostWitnessPlace,
  date: string,
  first: CpuSampled,
  timeMs: number,
): Day {
  const path = `${folder}sadf-${date}.json`
  const host = { name: machine.name, release: RELEASE, cores: first.cores }
  const sadf = new SadfDay(new EvidenceFile(open(path), CHUNK_BYTES), host, timeMs - first.periodMs)
  return {
    path,
    sample: (atMs, { periodMs }, shares, load) => {
      sadf.sample(atMs, Math.round(periodMs / 1000), shares, load)
    },
    end: () => {
      sadf.end()
    },
  }
}

const MODES = ['idle', 'iowait', 'irq', 'nice', 'steal', 'system', 'user'] as const

function startRangeAnswer({ folder, open, machine }: HostWitnessPlace, date: string): Day {
  const path = `${folder}prometheus-${date}.json`
  const timesMs: number[] = []
  const modes = MODES.map((mode) => ({ mode, values: new Array<number>() }))
  const loads: number[] = []
  return {
    path,
    sample: (atMs, _, shares, load) => {
      // Steps of a range query fall on whole minutes.
      timesMs.push(Math.round(atMs / 60_000) * 60_000)
      for (const { mode, values } of modes) values.push(rounded(shares[mode]))
      loads.push(Number(load.one.toFixed(2)))
    },
    end: () => {
      const instance = `${machine.name}:9100`
      const series: RangeSeries[] = [
        { metric: { __name__: 'node_load1', instance, job: 'node' }, values: loads },
        // avg by (instance, mode) (rate(node_cpu_seconds_total[1m]))
        ...modes.map(({ mode, values }) => ({ metric: { instance, mode }, values })),
      ]
      writeRangeAnswer(new EvidenceFile(open(path), CHUNK_BYTES), timesMs, series)
    },
  }
}

/** As precise as counters that are read every fifteen seconds make a rate. */
function rounded(share: number): number {
  return Number(share.toPrecision(12))
}
