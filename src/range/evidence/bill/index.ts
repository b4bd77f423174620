import { isPrivateAddress } from '../aws/private-address.ts'
import { burstTypeOf, CpuCredits } from '../cpu/cpu-credits.ts'
import type {
  CloudObservation,
  CloudWitnessKind,
  CloudWitnessPlace,
  InstanceHour,
  MachineObservation,
  StartedWitness,
  WitnessedFile,
} from '../witness.ts'
import { FocusBill } from './focus-bill.ts'

const FOLDER = 'cloud/'
const SAVED_HOURS = 24
const HOUR_MS = 3_600_000

type Seen = CloudObservation | MachineObservation

/** What the hours of the machines, the intruders' too, come to: with the credits that they overdraw and what they send out. */
export const BILL: CloudWitnessKind = {
  kind: 'bill',
  sees: ['instance-hour', 'cpu-sampled', 'packet'],
  start: (place) => new BillWitness(place),
}

/** What has gathered since the last hour was told. */
interface Meter {
  /** Null for a type of fixed performance. */
  readonly credits: CpuCredits | null
  readonly usdPerVcpuHour: number
  overdrawnVcpuHours: number
  egressBytes: number
}

class BillWitness implements StartedWitness<Seen> {
  readonly #bill: FocusBill
  readonly #meters = new Map<string, Meter>()

  constructor({ open, random }: CloudWitnessPlace) {
    this.#bill = new FocusBill(open, {
      granularity: random.chance(0.6) ? 'hourly' : 'daily',
      folder: FOLDER,
      taxRate: random.pick([0, 0.07, 0.19]),
      creditShare: random.pick([0, 0, 0.1, 0.25]),
    })
  }

  observe(seen: Seen): void {
    if (seen.kind === 'instance-hour') this.#bill.used(this.#metered(seen))
    else if (seen.kind === 'on-machine') this.#measure(seen)
  }

  end(): void {
    this.#bill.end()
  }

  files(): readonly WitnessedFile[] {
    return this.#bill.files()
  }

  #measure({ machine, seen }: MachineObservation): void {
    if (seen.kind === 'packet') {
      const isOut = seen.direction === 'out' && !isPrivateAddress(seen.dst)
      if (isOut) this.#meterOf(machine.instanceId, machine.instanceType).egressBytes += seen.bytes
    } else if (seen.kind === 'cpu-sampled') {
      const meter = this.#meterOf(machine.instanceId, machine.instanceType)
      meter.overdrawnVcpuHours += meter.credits?.use(seen.busy, seen.periodMs / HOUR_MS) ?? 0
    }
  }

  /** What whoever tells of the hour knows better stands. */
  #metered(hour: InstanceHour): InstanceHour {
    const meter = this.#meterOf(hour.machine.instanceId, hour.machine.instanceType)
    const burstUsd = hour.burstUsd > 0 ? hour.burstUsd : meter.overdrawnVcpuHours * meter.usdPerVcpuHour
    const egressBytes = hour.egressBytes > 0 ? hour.egressBytes : meter.egressBytes
    meter.overdrawnVcpuHours = 0
    meter.egressBytes = 0
    return { ...hour, burstUsd, egressBytes }
  }

  #meterOf(instanceId: string, instanceType: string): Meter {
    const known = this.#meters.get(instanceId)
    if (known !== undefined) return known
    const type = burstTypeOf(instanceType)
    const meter = {
      credits: type === null ? null : new CpuCredits(type, SAVED_HOURS),
      usdPerVcpuHour: type?.usdPerVcpuHour ?? 0,
      overdrawnVcpuHours: 0,
      egressBytes: 0,
    }
    this.#meters.set(instanceId, meter)
    return meter
  }
}
