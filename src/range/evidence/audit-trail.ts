import type { EvidenceWriter } from './evidence-file.ts'

export interface AuditRecord {
  readonly type: string
  readonly text: string
}

/**
 * audit.log as auditd 3 writes it: no `node=`, ENRICHED, one line a record, all records of an event
 * under one time and serial. End-of-event records are for listeners; auditd keeps them out of the file.
 */
export class AuditTrail {
  readonly #file: EvidenceWriter
  readonly #now: () => number
  #serial: number

  constructor(file: EvidenceWriter, firstSerial: number, now: () => number) {
    this.#file = file
    this.#serial = firstSerial
    this.#now = now
  }

  write(...records: readonly AuditRecord[]): void {
    const stamp = `audit(${(Math.floor(this.#now()) / 1000).toFixed(3)}:${this.#serial++})`
    for (const { type, text } of records) this.#file.writeText(`type=${type} msg=${stamp}: ${text}\n`)
  }

  end(): void {
    this.#file.flush()
  }
}
