/** What a protection asks of those who live with it. */
export interface Overhead {
  /** Share of one machine's CPU, in percent. */
  readonly cpuPercent: number
  readonly usdPerMonth: number
  /** 0 nobody notices … 10 people will work around it. Paid once per control, however many targets it has. */
  readonly friction: number
  /** How long the machine or the service is away while it is applied. */
  readonly downtimeSeconds: number
}

export const NO_OVERHEAD: Overhead = { cpuPercent: 0, usdPerMonth: 0, friction: 0, downtimeSeconds: 0 }

/**
 * What the user accepts; `Infinity` where it does not matter. Money and friction are those of the whole plan; CPU and
 * downtime are those of the machine that carries most, because two agents on two machines slow nobody twice.
 */
export type Budget = Overhead

export const DEFAULT_BUDGET: Budget = { cpuPercent: 2, usdPerMonth: 20, friction: 3, downtimeSeconds: 60 }
