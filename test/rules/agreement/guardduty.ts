import { isFields } from '../../../src/sources/json/fields.ts'
import { camelCase } from '../../../src/sources/guardduty/camel-case.ts'
import { normaliseFinding } from '../../../src/sources/guardduty/normalise.ts'
import type { SameQuestions } from './agreement.ts'

/** Their rules pass on findings by their gravity; ours is what the source makes of a finding. */
export const guardDuty: SameQuestions = {
  folder: 'aws_guardduty_rules',
  logs: 'GuardDuty',
  asked: {
    aws_guardduty_critical_sev_findings: ['critical'],
    aws_guardduty_high_sev_findings: ['high'],
    aws_guardduty_low_sev_findings: ['low'],
    aws_guardduty_med_sev_findings: ['medium'],
  },
  notAsked: {},
  disagreements: {},
  said(log) {
    const fields = camelCase(log)
    if (!isFields(fields)) return null
    const meaning = normaliseFinding(
      {
        fields,
        time: 0,
        timeQuality: 'exact',
        origin: { source: 'guardduty', file: 'example', line: 1, offset: 0, raw: '' },
      },
      () => undefined,
    )
    return new Set(meaning?.events.flatMap((event) => (event.kind === 'alert' ? [event.severity] : [])))
  },
}
