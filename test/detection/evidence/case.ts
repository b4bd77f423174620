import type { EvidenceFile, Told } from './investigate.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** A Tuesday morning. */
export const START: number = Date.UTC(2026, 4, 12, 6)

/** Evidence, and what an expert would say about it. */
export interface DetectionCase {
  readonly name: string
  readonly files: () => EvidenceFile[]
  readonly options?: { timezone?: string; inventory?: string; config?: string }
  /** Incidents an expert would open; none unless said. */
  readonly incidents?: number
  readonly wayIn?: { readonly user: string; readonly srcIp: string; readonly kind?: string } | null
  /** Addresses that must come out as pressure; `none` = no pressure at all. */
  readonly pressure?: readonly string[] | 'none'
  /** How many tries pressure tells in all. */
  readonly tries?: number
  /** What is wrong with the story beyond that; null = nothing. */
  readonly check?: (told: Told) => string | null
}

export function times(count: number, from: number, every: number): number[] {
  return Array.from({ length: count }, (_, at) => from + at * every)
}
