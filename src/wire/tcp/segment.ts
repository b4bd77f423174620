/** A copy of what one packet carried. */
export interface Segment {
  readonly seq: number
  readonly data: Uint8Array
  /** Bytes on the wire behind `data` that the snap length cut off. */
  readonly missing: number
  readonly timeMs: number
  readonly packet: number
  readonly offset: number
}
