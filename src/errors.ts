/** Codes are the contract; messages may change. `docs/reference/errors.md` is made from this table. */
export const ERRORS = {
  usage: { exitCode: 2, meaning: 'The command line makes no sense as it stands.' },
  'config-invalid': {
    exitCode: 2,
    meaning: 'The configuration or the inventory has problems; each is told with its line.',
  },
  'config-unreadable': {
    exitCode: 2,
    meaning: 'A configuration or inventory file that was named cannot be read.',
  },
  'document-invalid': {
    exitCode: 2,
    meaning:
      'A document that was named (a story, a truth) cannot be read or is not what it should be; where is told.',
  },
  'nothing-to-read': { exitCode: 1, meaning: 'None of the paths given could be opened.' },
  'capture-impossible': {
    exitCode: 1,
    meaning: 'The interface cannot be watched: no tcpdump, no such interface, or no right to capture on it.',
  },
  'output-unwritable': { exitCode: 1, meaning: 'The file to write to cannot be written.' },
  'case-unusable': { exitCode: 1, meaning: 'The case cannot be opened or belongs to a newer Davylamp.' },
  'not-in-case': { exitCode: 1, meaning: 'Nothing in the case has this id or name.' },
  'proof-gone': { exitCode: 1, meaning: 'The file that holds a proof is not where it was.' },
} as const

export type ErrorCode = keyof typeof ERRORS

/** An error for the user: one line that says what, a second that says what to do about it. */
export class DavylampError extends Error {
  override readonly name = 'DavylampError'
  readonly code: ErrorCode
  readonly hint: string | null

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint ?? null
  }

  get exitCode(): number {
    return ERRORS[this.code].exitCode
  }
}

/** Exit codes of commands that ended well. */
export const EXIT_NOTHING_FOUND = 0
export const EXIT_FOUND = 10
