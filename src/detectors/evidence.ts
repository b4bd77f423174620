import type { Event } from '../event/event.ts'
import { type Evidence, MAX_EVIDENCE } from '../event/origin.ts'

/** The event's origin as proof. Escaping, masking and cutting happen once, where findings leave the engine. */
export function evidenceOf(event: Event): Evidence {
  if (event !== latestEvent) {
    latestEvent = event
    latestEvidence = proofOf(event)
  }
  return latestEvidence
}

/** One shape for log lines, written out: most proofs are of lines, and copies of any shape take half as much again. */
function proofOf({ origin, time }: Event): Evidence {
  const { source, file, line, offset } = origin
  const raw = detached(origin.raw)
  if (line === undefined || origin.recordId !== undefined) return { ...origin, raw, time }
  return { source, file, line, offset, raw, time }
}

/** A line may be a megabyte long; what is shown of it is at most 512 bytes. */
const MAX_RAW_LENGTH = 4096

/** The beginning, as a string of its own: a slice would keep the whole line in memory. */
function detached(raw: string): string {
  return raw.length <= MAX_RAW_LENGTH ? raw : Buffer.from(raw.slice(0, MAX_RAW_LENGTH)).toString()
}

// Many detectors and keys keep the proof of one event: they share one object. Nobody changes a proof.
let latestEvent: Event | null = null
let latestEvidence: Evidence = { source: '', file: '', offset: 0, raw: '', time: 0 }

/** Keeps the first half and the last half of what happened: how it began and how it stands. */
export function keepEvidence(kept: Evidence[], event: Event): void {
  if (kept.length < MAX_EVIDENCE) {
    kept.push(evidenceOf(event))
    return
  }
  kept.splice(MAX_EVIDENCE / 2, 1)
  kept.push(evidenceOf(event))
}
