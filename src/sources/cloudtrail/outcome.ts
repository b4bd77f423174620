import type { CloudApiEvent } from '../../event/cloud-api.ts'
import { booleanAt, type Fields, textAt } from '../json/fields.ts'

export interface CallOutcome {
  readonly outcome: CloudApiEvent['outcome']
  readonly errorCode: string | null
  readonly isDryRun: boolean
}

/** The caller had no right to it, in the words of the many services. */
const DENIED =
  /AccessDenied|Unauthori[sz]ed|NotAuthori[sz]ed|AuthorizationError|AuthFailure|Forbidden|NoAuthHandler|ExplicitDeny/iu
/** The caller would have had it: `Client.DryRunOperation`. */
const DRY_RUN = /(?:^|\.)DryRunOperation$/u
/** What sign-in says instead of an error code, by operation. */
const SIGN_IN: ReadonlySet<string> = new Set([
  'ConsoleLogin',
  'SwitchRole',
  'ExitRole',
  'RenewRole',
  'CheckMfa',
])

/** How a call ended. A dry run that would have been let through is a success, and a dry run. */
export function outcomeOf(
  operation: string,
  parameters: Fields,
  response: Fields,
  record: Fields,
): CallOutcome {
  const errorCode = textAt(record, 'errorCode')
  const wantsDryRun = (booleanAt(parameters, 'dryRun') ?? booleanAt(parameters, 'DryRun')) === true
  if (errorCode === null) {
    const isFailed = SIGN_IN.has(operation) && isSignInFailed(operation, response, record)
    return { outcome: isFailed ? 'failure' : 'success', errorCode: null, isDryRun: wantsDryRun }
  }
  if (DRY_RUN.test(errorCode)) return { outcome: 'success', errorCode, isDryRun: true }
  return { outcome: DENIED.test(errorCode) ? 'denied' : 'failure', errorCode, isDryRun: wantsDryRun }
}

function isSignInFailed(operation: string, response: Fields, record: Fields): boolean {
  const answer = response[operation]
  return typeof answer === 'string' ? answer !== 'Success' : textAt(record, 'errorMessage') !== null
}
