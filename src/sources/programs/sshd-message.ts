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

/** A message while it is read. */
export type SshdDraft = { -readonly [Field in keyof SshdMessage]: SshdMessage[Field] }

/**
 * A message of which nothing else is said yet. Most lines of a log are read into one of these: filling it in
 * field by field makes no second object, and all of them are of one shape.
 */
export function sshdDraft(what: SshdMessage['what'], sign = ''): SshdDraft {
  return {
    what,
    sign,
    method: null,
    user: null,
    isUnknownUser: false,
    address: '',
    port: null,
    keyFingerprint: null,
    count: 1,
    isPreauth: false,
    isFailure: false,
    pid: null,
  }
}

/** With the address and port of the peer. */
export function draftOf(
  what: SshdMessage['what'],
  { address, port }: Pick<SshdMessage, 'address' | 'port'>,
): SshdDraft {
  const draft = sshdDraft(what)
  draft.address = address
  draft.port = port
  return draft
}

/** What is not given is not said. */
export function sshdMessage(said: Partial<SshdMessage>): SshdMessage {
  return Object.assign(sshdDraft('end'), said)
}
