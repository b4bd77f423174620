/**
 * What one line of sshd says.
 *
 * - `accepted`, `failed`: the verdict on one try.
 * - `hint`: a try that does not go well, told before its verdict (or instead of it, where the
 *   configuration keeps the verdict out of the log). `sign` says which kind of line it was.
 * - `more`: PAM's sum at the end of a connection, `count` tries beyond the first.
 * - `start`, `end`: of a connection. An end says `isPreauth` where the line shows that nobody was logged
 *   in, `isFailure` where too many tries were the reason.
 * - `unknown-user`: no account of that name; the try itself is told by another line.
 * - `pam-open`, `pam-close`, `shell-open`, `shell-close`: sessions, told by PAM and by sshd itself.
 */
export interface SshdMessage {
  readonly what:
    | 'accepted'
    | 'failed'
    | 'hint'
    | 'more'
    | 'start'
    | 'end'
    | 'unknown-user'
    | 'pam-open'
    | 'pam-close'
    | 'shell-open'
    | 'shell-close'
  readonly sign: string
  readonly method: string | null
  readonly user: string | null
  readonly isUnknownUser: boolean
  /** As written: address, host name, or empty. */
  readonly address: string
  readonly port: number | null
  readonly keyFingerprint: string | null
  readonly count: number
  readonly isPreauth: boolean
  readonly isFailure: boolean
  /** The connection's own process, where another one tells. */
  readonly pid: number | null
}

/** What is not given is not said. Spelled out, because every line of a log passes here. */
export function sshdMessage(said: Partial<SshdMessage>): SshdMessage {
  return {
    what: said.what ?? 'end',
    sign: said.sign ?? '',
    method: said.method ?? null,
    user: said.user ?? null,
    isUnknownUser: said.isUnknownUser ?? false,
    address: said.address ?? '',
    port: said.port ?? null,
    keyFingerprint: said.keyFingerprint ?? null,
    count: said.count ?? 1,
    isPreauth: said.isPreauth ?? false,
    isFailure: said.isFailure ?? false,
    pid: said.pid ?? null,
  }
}
