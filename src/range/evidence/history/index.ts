import { EvidenceFile } from '../evidence-file.ts'
import type {
  HostObservation,
  HostWitnessKind,
  HostWitnessPlace,
  ShellLine,
  StartedWitness,
  WitnessedFile,
} from '../witness.ts'
import { HISTORY_STYLES, ShellHistory } from './shell-history.ts'

/** Few lines at a time, and many users. */
const CHUNK_BYTES = 8 * 1024

/** `.bash_history` or `.zsh_history` of everybody who typed. */
export const SHELL_HISTORIES: HostWitnessKind = {
  kind: 'shell-history',
  sees: ['shell-line', 'session-ended'],
  start: (place) => new HistoryWitness(place),
}

interface UserHistory {
  readonly path: string
  readonly history: ShellHistory
}

class HistoryWitness implements StartedWitness<HostObservation> {
  readonly #place: HostWitnessPlace
  readonly #users = new Map<string, UserHistory>()

  constructor(place: HostWitnessPlace) {
    this.#place = place
  }

  observe(observation: HostObservation): void {
    const timeMs = observation.timeMs + this.#place.clockSkewMs
    if (observation.kind === 'shell-line') this.#typed(observation, timeMs)
    else if (observation.kind === 'session-ended') {
      this.#users.get(observation.userName)?.history.leave(String(observation.session), timeMs)
    }
  }

  /** Shells that still run have written nothing yet. */
  end(): void {
    for (const { history } of this.#users.values()) history.end()
  }

  files(): readonly WitnessedFile[] {
    return Array.from(this.#users.values(), ({ path }) => ({ path, period: null }))
  }

  #typed({ userName, home, session, line, isKept }: ShellLine, timeMs: number): void {
    const { history } = this.#userOf(userName, home)
    if (isKept) history.typed(String(session), line, timeMs)
    else history.forget(String(session))
  }

  #userOf(name: string, home: string): UserHistory {
    const known = this.#users.get(name)
    if (known !== undefined) return known
    const { random, folder, open } = this.#place
    // Root and daemons keep to bash.
    const choice = random.fork(`shell ${name}`)
    const style = home.startsWith('/home/')
      ? choice.pick(HISTORY_STYLES)
      : choice.pick(['bash', 'bash-timed'])
    const path = `${folder}${home.slice(1)}/${style === 'zsh' ? '.zsh_history' : '.bash_history'}`
    const history = new ShellHistory(new EvidenceFile(open(path), CHUNK_BYTES), style)
    const user = { path, history }
    this.#users.set(name, user)
    return user
  }
}
