/** What the owner says of a machine of his own. */
export interface Power {
  /** At full load, and what it draws idling; what lies between is taken for a straight line. */
  readonly fullWatts: number
  readonly idleWatts: number
  readonly usdPerKwh: number
}

/** Common servers idle at about two fifths of what they draw at full load (SPECpower_ssj2008 results). */
export const IDLE_SHARE = 0.4

/** Price of an hour at a load, energy alone. */
export function energyUsdPerHour({ fullWatts, idleWatts, usdPerKwh }: Power, busyShare: number): number {
  return ((idleWatts + (fullWatts - idleWatts) * busyShare) / 1000) * usdPerKwh
}
