/**
 * One thing seen on the machine. `id` is unique within its type; `attributes` are plain JSON. It is written as one line
 * of `host/TYPE.jsonl` in the archive.
 */
export interface Fact {
  readonly type: FactType
  readonly id: string
  readonly name: string | null
  readonly attributes: Readonly<Record<string, unknown>>
}

export type FactType =
  | 'machine'
  | 'cpu-accounting'
  | 'process'
  | 'connection'
  | 'listening-socket'
  | 'mount'
  | 'module'
  | 'route'
  | 'resolver'
  | 'hosts-entry'
  | 'firewall'
  | 'preload'
  | 'cron-job'
  | 'service'
  | 'timer'
  | 'start-script'
  | 'user'
  | 'last-login'
  | 'authorized-key'
  | 'sshd-config'
  | 'sudo-rule'
  | 'pam-rule'
  | 'container'
  | 'package'
  | 'kernel'
  | 'file'

/** What a fact's line says first: who reads an archive knows its lines by it. */
export const FACT_FORMAT = 'davylamp-host-state/1'
