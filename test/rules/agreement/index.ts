import type { SameQuestions } from './agreement.ts'
import { azure } from './azure.ts'
import { gcp } from './gcp.ts'
import { guardDuty } from './guardduty.ts'
import { kubernetes } from './kubernetes.ts'
import { osquery } from './osquery.ts'
import { vpc } from './vpc.ts'

/** Every kind of log for which others have written down what they expect. */
export const QUESTIONS: readonly SameQuestions[] = [azure, gcp, guardDuty, kubernetes, osquery, vpc]
