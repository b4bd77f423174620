import type { AuditRecord } from './record.ts'

/** The records of one event in the order they came; never empty. */
export interface AuditGroup {
  readonly lane: string
  readonly time: number
  readonly serial: number
  readonly records: AuditRecord[]
}

/** An event whose end is not marked is whole when the trail is this far past it. */
const COMPLETE_AFTER_MS = 2000
const MAX_OPEN = 4096
/** A system call names at most a few hundred paths. */
export const MAX_RECORDS = 1024
/** Of all events that are open, about. */
const MAX_CHARS = 2 ** 24
/** 1100–1199 and 2100–2999: messages of programs, which come alone (linux/audit.h). */
const ALONE =
  /^(?:USER_|CRED_|SERVICE_|DAEMON_|ADD_|DEL_|GRP_|ACCT_|CHGRP_|CHUSER_|SYSTEM_|ROLE_|TRUSTED_|CRYPTO_|VIRT_|LABEL_|SOFTWARE_|RESP_|MAC_CHECK|USYS_|DEV_|FS_|TEST$|USER$)/u

/**
 * Puts the records of one event together: same writer, time and serial, however they interleave. A
 * group is given out at its EOE, at the PROCTITLE behind a SYSCALL, when two seconds of later time
 * have passed, or when too many are open.
 */
export class RecordJoin {
  readonly #open = new Map<string, AuditGroup>()
  readonly #give: (group: AuditGroup) => void
  readonly #drop: (record: AuditRecord) => void
  #last: AuditGroup | null = null
  #latest = -Infinity
  #chars = 0

  /** `drop` takes the records of an event that has more than any can have. */
  constructor(give: (group: AuditGroup) => void, drop: (record: AuditRecord) => void) {
    this.#give = give
    this.#drop = drop
  }

  add(record: AuditRecord): void {
    if (record.time > this.#latest) {
      this.#latest = record.time
      this.#giveBefore(record.time - COMPLETE_AFTER_MS)
    }
    if (ALONE.test(record.type)) {
      this.#give({ lane: record.lane, time: record.time, serial: record.serial, records: [record] })
      return
    }
    while (this.#chars > MAX_CHARS) this.#closeOldest()
    const group = this.#groupOf(record)
    if (group.records.length >= MAX_RECORDS) {
      this.#drop(record)
      return
    }
    group.records.push(record)
    this.#chars += record.identity.length
    if (record.type === 'EOE' || (record.type === 'PROCTITLE' && hasSyscall(group))) this.#close(group)
  }

  /** No more records. */
  end(): void {
    for (const group of this.#open.values()) this.#close(group)
  }

  /** Time of the oldest event that is still open; Infinity where there is none. */
  get oldest(): number {
    let oldest = Infinity
    for (const group of this.#open.values()) if (group.time < oldest) oldest = group.time
    return oldest
  }

  #groupOf(record: AuditRecord): AuditGroup {
    const last = this.#last
    if (
      last !== null &&
      last.serial === record.serial &&
      last.time === record.time &&
      last.lane === record.lane
    ) {
      return last
    }
    const key = keyOf(record)
    let group = this.#open.get(key)
    if (group === undefined) {
      group = { lane: record.lane, time: record.time, serial: record.serial, records: [] }
      this.#open.set(key, group)
      if (this.#open.size > MAX_OPEN) this.#closeOldest()
    }
    this.#last = group
    return group
  }

  #giveBefore(time: number): void {
    for (const group of this.#open.values()) {
      if (group.time >= time) break
      this.#close(group)
    }
  }

  #closeOldest(): void {
    for (const group of this.#open.values()) {
      this.#close(group)
      return
    }
  }

  #close(group: AuditGroup): void {
    this.#open.delete(keyOf(group))
    if (this.#last === group) this.#last = null
    for (const record of group.records) this.#chars -= record.identity.length
    this.#give(group)
  }
}

function keyOf(record: { readonly lane: string; readonly time: number; readonly serial: number }): string {
  return `${record.lane}\0${record.time}\0${record.serial}`
}

function hasSyscall(group: AuditGroup): boolean {
  return group.records.some((record) => record.type === 'SYSCALL')
}
