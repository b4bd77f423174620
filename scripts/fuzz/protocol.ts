/** What the parent hands to a worker. */
export interface Job {
  readonly target: string
  readonly seed: number
  readonly firstIndex: number
  /** Cases to run; null = until it is stopped. */
  readonly count: number | null
  /** One number, the case in hand, so that a case that hangs is known. */
  readonly progress: SharedArrayBuffer
}

/** What a worker tells: a case that failed, already made small. */
export interface Failure {
  readonly index: number
  readonly message: string
  readonly stack: string
  readonly bytes: Uint8Array
}
