import { agreementOn } from '../../test/rules/agreement/agreement.ts'
import { areExamplesThere } from '../../test/rules/agreement/examples.ts'
import { QUESTIONS } from '../../test/rules/agreement/index.ts'
import type { Row } from '../corpus.ts'

/** Our rules against the examples of others, a line for each kind of log. */
export function ruleRows(): Row[] {
  if (!areExamplesThere) return []
  return QUESTIONS.map((questions) => {
    const found = agreementOn(questions)
    const { agreed, examples, explained, unread, wrong, unlisted, rulesAsked, rulesNotAsked } = found
    const other = unread.length === 0 ? '' : `, ${unread.length} are of other logs`
    const why = explained.length === 0 ? '' : `, ${explained.length} otherwise for a written reason`
    const bad = [...wrong, ...unlisted].join('; ')
    return {
      what: `logs/panther/${questions.folder}`,
      expected: 'all alike, or a written reason',
      got: `${agreed} of ${examples} examples alike${why}${other}; ${rulesAsked} questions are ours too, ${rulesNotAsked} are not${bad === '' ? '' : `: ${bad}`}`,
      isRight: bad === '',
    }
  })
}
