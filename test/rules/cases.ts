import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

const Fields = z.record(z.string(), z.unknown())

/** One record, or several with the seconds between them; each as rules of the rule's log source see it. */
const Case = z.strictObject({
  what: z.string(),
  fires: z.string().optional().describe('name of the rule that must fire, where the file has several'),
  record: Fields.optional(),
  records: z
    .array(z.strictObject({ at: z.number(), rule: z.string().optional(), record: Fields }))
    .optional(),
})
export type Case = z.infer<typeof Case>

/** What stands beside a rule: records that it must fire on, and lookalikes that it must pass over. */
const Cases = z.strictObject({ firing: z.array(Case).min(1), silent: z.array(Case).min(1) })
export type Cases = z.infer<typeof Cases>

/** `rules/host/dropper.yml` has its cases in `rules/host/dropper.cases.json`. */
export function casesBeside(ruleFile: string): Cases | null {
  const file = ruleFile.replace(/\.ya?ml$/u, '.cases.json')
  return existsSync(file) ? Cases.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
}
