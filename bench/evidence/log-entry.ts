/** One message of a log, before it is written down in any format. */
export interface LogEntry {
  /** Epoch ms. */
  readonly timeMs: number
  readonly program: string
  readonly pid: number
  readonly message: string
}
