import type { Random } from '../../random.ts'
import type { Journal } from './journal.ts'
import { senderOf } from './known-senders.ts'
import type { UnitLines } from './units.ts'

const SCOPE = /^docker-([0-9a-f]{64})\.scope$/u
const DOCKERD_PID = { from: 700, to: 1100 }
/** Hosts whose daemon was set to `"debug": true` once and left so. */
const DEBUGGED = 0.35

/** What a host tells when a container starts: its scope, and the API calls where dockerd is in debug mode. */
export class ContainerLines {
  readonly #journal: Journal
  readonly #units: UnitLines
  readonly #random: Random
  readonly #seen = new Set<string>()
  readonly #dockerdPid: number
  readonly #isDebugged: boolean

  constructor(journal: Journal, units: UnitLines, random: Random) {
    this.#journal = journal
    this.#units = units
    this.#random = random
    this.#dockerdPid = random.integer(DOCKERD_PID.from, DOCKERD_PID.to)
    this.#isDebugged = random.chance(DEBUGGED)
  }

  /** Tells once of each container; `unit` may be any. */
  running(unit: string, timeMs: number): void {
    const id = SCOPE.exec(unit)?.[1]
    if (id === undefined || this.#seen.has(id)) return
    this.#seen.add(id)
    if (this.#isDebugged) {
      this.#called('POST /v1.24/containers/create', timeMs)
      this.#called(`POST /v1.24/containers/${id}/start`, timeMs)
    }
    this.#units.scopeStarted(unit, `libcontainer container ${id}`)
  }

  /** dockerd writes logfmt (logrus) to its standard error. */
  #called(call: string, timeMs: number): void {
    const time = `${new Date(timeMs).toISOString().slice(0, -1)}${this.#random.text(6, '0123456789')}Z`
    const line = `time="${time}" level=debug msg="Calling ${call}"`
    this.#journal.stdout(senderOf('dockerd', this.#dockerdPid), 'dockerd', line)
  }
}
