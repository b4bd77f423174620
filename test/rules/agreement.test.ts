import { describe, expect, it } from 'vitest'
import { agreementOn } from './agreement/agreement.ts'
import { areExamplesThere } from './agreement/examples.ts'
import { QUESTIONS } from './agreement/index.ts'

describe.skipIf(!areExamplesThere)(
  'examples of others (skipped where the corpus is not beside the repository)',
  () => {
    it.each(QUESTIONS.map((questions) => [questions.logs, questions] as const))('%s', (_logs, questions) => {
      const { wrong, unlisted, agreed, examples, explained } = agreementOn(questions)
      expect(wrong).toEqual([])
      expect(unlisted).toEqual([])
      expect(agreed).toBe(examples - explained.length)
      expect(examples).toBeGreaterThan(5)
    })
  },
)
