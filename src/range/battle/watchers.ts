import type {
  HostObservation,
  OpenEvidence,
  StartedWitness,
  MachineObservation,
  CloudObservation,
} from '../evidence/witness.ts'
import { CLOUD_WITNESS_KINDS, HOST_WITNESS_KINDS } from '../evidence/witness-kinds.ts'
import type { MachineFacts } from '../machine.ts'
import type { Random } from '../random.ts'
import { type EvidencePeriod, truthTime } from '../truth.ts'
import { type Berth, REGION } from './fleet.ts'

interface Period {
  readonly startMs: number
  readonly endMs: number
}

interface Watcher<Observation> {
  readonly kind: string
  readonly sees: ReadonlySet<string>
  readonly witness: StartedWitness<Observation>
}

/** All further witnesses of a battle: on each machine, and in the cloud. */
export class Watchers {
  readonly #hosts = new Map<string, Watcher<HostObservation>[]>()
  readonly #cloud: readonly Watcher<CloudObservation | MachineObservation>[]
  readonly #period: Period
  readonly account: string

  constructor(
    berths: readonly Berth[],
    place: Period & { open: OpenEvidence; random: Random; without: ReadonlySet<string> },
  ) {
    const { open, random, startMs, endMs, without } = place
    this.#period = { startMs, endMs }
    this.account = random.fork('account').text(12, '0123456789')
    for (const { facts, clockSkewMs } of berths) {
      const watchers = HOST_WITNESS_KINDS.filter(({ kind }) => !without.has(kind)).map((one) => ({
        kind: one.kind,
        sees: new Set<string>(one.sees),
        witness: one.start({
          open,
          random: random.fork(`${facts.name}/${one.kind}`),
          startMs,
          endMs,
          machine: facts,
          folder: `${facts.name}/`,
          clockSkewMs,
        }),
      }))
      this.#hosts.set(facts.name, watchers)
    }
    const machines = berths.map(({ facts }) => facts)
    const cloud = { open, startMs, endMs, account: this.account, region: REGION, machines }
    this.#cloud = CLOUD_WITNESS_KINDS.filter(({ kind }) => !without.has(kind)).map((one) => ({
      kind: one.kind,
      sees: new Set<string>(one.sees),
      witness: one.start({ ...cloud, random: random.fork(one.kind) }),
    }))
  }

  /** Tells who wants to know of what happens on a machine. */
  onMachine(machine: MachineFacts, seen: HostObservation): void {
    for (const { sees, witness } of this.#hosts.get(machine.name) ?? [])
      if (sees.has(seen.kind)) witness.observe(seen)
    for (const { sees, witness } of this.#cloud)
      if (sees.has(seen.kind)) witness.observe({ kind: 'on-machine', machine, seen })
  }

  inCloud(seen: CloudObservation): void {
    for (const { sees, witness } of this.#cloud) if (sees.has(seen.kind)) witness.observe(seen)
  }

  end(): EvidencePeriod[] {
    const periods: EvidencePeriod[] = []
    for (const [name, watchers] of this.#hosts)
      for (const one of watchers) periods.push(...this.#periodsOf(one, name))
    // The cloud tells of all machines: the truth lists such a file once, under no machine's name.
    for (const one of this.#cloud) periods.push(...this.#periodsOf(one, '*'))
    return periods
  }

  #periodsOf(
    {
      kind,
      witness,
    }: Pick<Watcher<never>, 'kind'> & { witness: Pick<StartedWitness<never>, 'end' | 'files'> },
    machine: string,
  ): EvidencePeriod[] {
    witness.end()
    return witness.files().map(({ path, period }) => ({
      path,
      kind,
      machine,
      from: truthTime(period?.fromMs ?? this.#period.startMs),
      to: truthTime(period?.toMs ?? this.#period.endMs),
    }))
  }
}
