import type { Readable } from 'node:stream'
import type { Machine } from '../assets/asset.ts'
import type { Consumed } from '../cost/consumption.ts'
import type { Detector } from '../detectors/detector.ts'
import type { Incident } from '../incidents/incident.ts'
import type { OpenedInputs, ReopenedInput } from '../inputs/open.ts'
import type { Input } from '../inputs/input.ts'
import type { Intel } from '../intel/intel.ts'
import type { Policy } from '../policy/policy.ts'
import type { Report } from '../reports/report.ts'
import type { Source } from '../sources/source.ts'
import type { CaseStore } from '../store/case-store.ts'
import type { Money } from '../story/document.ts'
import type { FlowModel } from '../wire/behaviour/model.ts'

/** What the operator's files say. */
export interface Operator {
  readonly policy: Policy
  readonly machines: readonly Machine[]
  /** Addresses and networks of the people who run this: never locked out. */
  readonly networks: readonly string[]
}

/** What reading captures takes (`compose-wire.ts`). */
export interface WireComposition {
  /** The flow model, for flows whose payload nobody has. Read when it is first asked for. */
  readonly flowModel: () => Promise<FlowModel>
  readonly intel: Intel
  /** `isHashed`: the digests will be asked for, so compute them while reading. `stdin`: what `-` stands for, if not the process's own. */
  openInputs(paths: readonly string[], isHashed: boolean, stdin?: Readable): Promise<OpenedInputs>
}

/** The implementations that the commands work with, chosen in one place (`compose.ts`). */
export interface Composition extends WireComposition {
  readonly sources: readonly Source[]
  readonly detectors: readonly Detector[]
  readonly reports: readonly Report[]
  /** The folder of the rules that come with the product. */
  readonly ruleFolder: string
  reopen(name: string): Promise<ReopenedInput | null>
  /** Readable lines about one packet, for showing a proof. */
  describePacket(input: Input, packet: number, offset: number): Promise<string[]>
  openCase(file: string, access: 'write' | 'read'): CaseStore
  /** Throws `config-invalid` with all problems at once, `config-unreadable` for a file that was named and is not there. */
  readOperator(files: { config: string | null; inventory: string | null }): Operator
  moneyOf(incident: Incident, consumed: Consumed | null): Money
}
