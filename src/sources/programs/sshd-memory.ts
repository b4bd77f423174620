import type { AuthEvent } from '../../event/auth.ts'

/** A try that was hinted at and whose verdict may still come. */
interface Hint {
  readonly event: AuthEvent
  /** The kinds of lines that told of it. */
  readonly signs: string[]
}

/** What is known of one connection: of one server process, that is. */
export interface Connection {
  readonly host: string
  ip: string | null
  srcHost: string | null
  port: number | null
  lastTime: number
  hint: Hint | null
  /** Where a PAM module's complaint waits to be claimed by another process. */
  complaint: string | null
  /** Failures that became events, counted with their repeats. */
  failures: number
  failedUser: string | null
  /** Tries that became events before their verdict came. */
  early: { user: string | null; count: number } | null
  isUserUnknown: boolean
  isUserDenied: boolean
  isAccepted: boolean
  isEnded: boolean
}

type Processes = Map<number, Connection>

/** Remembers the most recently seen connections: between `maxConnections` and twice as many. */
export class ConnectionMemory {
  readonly #maxConnections: number
  #count = 0
  #young = new Map<string, Processes>()
  #old = new Map<string, Processes>()

  constructor(maxConnections: number) {
    this.#maxConnections = maxConnections
  }

  find(host: string, pid: number): Connection | null {
    const young = this.#young.get(host)?.get(pid)
    if (young !== undefined) return young
    const old = this.#old.get(host)?.get(pid)
    if (old === undefined) return null
    this.keep(host, pid, old)
    return old
  }

  keep(host: string, pid: number, connection: Connection): void {
    if (this.#count >= this.#maxConnections) {
      this.#old = this.#young
      this.#young = new Map()
      this.#count = 0
    }
    let processes = this.#young.get(host)
    if (processes === undefined) {
      processes = new Map()
      this.#young.set(host, processes)
    }
    processes.set(pid, connection)
    this.#count++
  }
}

export function newConnection(host: string, time: number): Connection {
  return {
    host,
    ip: null,
    srcHost: null,
    port: null,
    lastTime: time,
    hint: null,
    complaint: null,
    failures: 0,
    failedUser: null,
    early: null,
    isUserUnknown: false,
    isUserDenied: false,
    isAccepted: false,
    isEnded: false,
  }
}
