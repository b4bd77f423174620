import { Random } from '../../random.ts'
import type {
  ApiCall,
  CloudObservation,
  CloudWitnessKind,
  CloudWitnessPlace,
  MachineObservation,
  StartedWitness,
  WitnessedFile,
} from '../witness.ts'
import { accountRoutine } from './cloud-routine.ts'
import { CloudTrail } from './cloud-trail.ts'
import { CUSTOM_FORMAT, DEFAULT_FORMAT } from './flow-format.ts'
import { FlowLog } from './flow-log.ts'
import { ResolverLog } from './resolver-log.ts'

type Seen = CloudObservation | MachineObservation

const FOLDER = 'cloud/'

/** Flow logs and resolver logs tell of the same VPC. */
function vpcOf(account: string): string {
  return `vpc-0${new Random(`vpc ${account}`).hex(16)}`
}

/** What intruders and administrators ask of the account, within its everyday calls. */
export const CLOUDTRAIL: CloudWitnessKind = {
  kind: 'cloudtrail',
  sees: ['api-call'],
  start: (place) => new TrailWitness(place),
}

class TrailWitness implements StartedWitness<Seen> {
  readonly #trail: CloudTrail
  readonly #routine: Iterator<ApiCall, never>
  readonly #endMs: number
  #next: ApiCall

  constructor(place: CloudWitnessPlace) {
    const { open, account, random, endMs } = place
    this.#trail = new CloudTrail(open, account, FOLDER, random.fork('trail'))
    this.#routine = accountRoutine(place, random.fork('routine'))
    this.#next = this.#routine.next().value
    this.#endMs = endMs
  }

  observe(seen: Seen): void {
    if (seen.kind !== 'api-call') return
    this.#routineUntil(seen.timeMs)
    this.#trail.write(seen)
  }

  end(): void {
    this.#routineUntil(this.#endMs)
    this.#trail.end()
  }

  files(): readonly WitnessedFile[] {
    return this.#trail.files()
  }

  #routineUntil(timeMs: number): void {
    while (this.#next.timeMs < timeMs) {
      this.#trail.write(this.#next)
      this.#next = this.#routine.next().value
    }
  }
}

/** Default or custom format, one or ten minutes: as the account's owner once chose. */
export const VPC_FLOW: CloudWitnessKind = {
  kind: 'vpc-flow',
  sees: ['packet'],
  start: ({ open, account, region, random, startMs, endMs, machines }) => {
    const log = new FlowLog(
      open,
      {
        format: random.chance(0.5) ? DEFAULT_FORMAT : CUSTOM_FORMAT,
        intervalSeconds: random.chance(0.5) ? 60 : 600,
        account,
        region,
        vpcId: vpcOf(account),
        flowLogId: `fl-0${random.hex(16)}`,
        folder: FOLDER,
        startMs,
      },
      machines,
      random.fork('flows'),
    )
    return {
      observe: (seen) => {
        if (seen.kind === 'on-machine' && seen.seen.kind === 'packet') log.passed(seen.machine, seen.seen)
      },
      end: () => {
        log.end(endMs)
      },
      files: () => log.files(),
    }
  },
}

/** Names that machines ask the VPC's resolver for. */
export const ROUTE53: CloudWitnessKind = {
  kind: 'route53',
  sees: ['name-looked-up'],
  start: ({ open, account, region, random }) => {
    const settings = { account, region, vpcId: vpcOf(account), folder: FOLDER }
    const log = new ResolverLog(open, settings, random.fork('resolver'))
    return {
      observe: (seen) => {
        if (seen.kind === 'on-machine' && seen.seen.kind === 'name-looked-up')
          log.lookedUp(seen.machine, seen.seen)
      },
      end: () => {
        log.end()
      },
      files: () => log.files(),
    }
  },
}
