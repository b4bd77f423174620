import { EvidenceFile } from '../evidence-file.ts'
import type {
  HostObservation,
  HostWitnessKind,
  HostWitnessPlace,
  StartedWitness,
  WitnessedFile,
} from '../witness.ts'
import { DnsmasqLog, type ForwarderLog, UnboundLog } from './forwarder-log.ts'

const CHUNK_BYTES = 32 * 1024

/** Logs of a resolver on the machine: some hosts run dnsmasq, some unbound, some neither. */
export const FORWARDERS: HostWitnessKind = {
  kind: 'dns-forwarder',
  sees: ['name-looked-up'],
  start: (place) => new ForwarderWitness(place),
}

class ForwarderWitness implements StartedWitness<HostObservation> {
  readonly #clockSkewMs: number
  readonly #running: { readonly path: string; readonly file: EvidenceFile; readonly log: ForwarderLog } | null

  constructor({ folder, open, machine, random, clockSkewMs }: HostWitnessPlace) {
    this.#clockSkewMs = clockSkewMs
    const program = random.pick(['dnsmasq', 'unbound', 'none'])
    if (program === 'none') {
      this.#running = null
      return
    }
    const path = `${folder}${program}.log`
    const file = new EvidenceFile(open(path), CHUNK_BYTES)
    const log =
      program === 'dnsmasq' ? new DnsmasqLog(file, machine.resolver, random) : new UnboundLog(file, random)
    this.#running = { path, file, log }
  }

  observe(observation: HostObservation): void {
    if (observation.kind !== 'name-looked-up') return
    this.#running?.log.lookedUp({ ...observation, timeMs: observation.timeMs + this.#clockSkewMs })
  }

  end(): void {
    this.#running?.file.flush()
  }

  files(): readonly WitnessedFile[] {
    return this.#running === null ? [] : [{ path: this.#running.path, period: null }]
  }
}
