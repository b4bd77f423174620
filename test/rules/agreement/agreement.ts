import type { OthersExample } from './examples.ts'
import { examplesOf } from './examples.ts'

/** What we ask of one kind of log, beside what somebody else asks of it. */
export interface SameQuestions {
  /** Folder of the examples. */
  readonly folder: string
  /** In words for the reader of the table. */
  readonly logs: string
  /** Rule of theirs → names of ours that ask the same; any of them counts. */
  readonly asked: Readonly<Record<string, readonly string[]>>
  /** Rule of theirs → why none of ours asks that. */
  readonly notAsked: Readonly<Record<string, string>>
  /** `rule: example` → why ours says otherwise. */
  readonly disagreements: Readonly<Record<string, string>>
  /** Names of ours that fire on a record; null = it is no record of these logs. */
  said(log: OthersExample['log']): ReadonlySet<string> | null
}

export interface Agreement {
  readonly logs: string
  /** Examples that both see alike, of all that were asked. */
  readonly agreed: number
  readonly examples: number
  /** Disagreements that have a written reason. */
  readonly explained: readonly string[]
  /** Disagreements without one, and reasons that nothing needs any more. */
  readonly wrong: readonly string[]
  /** Records of other logs among the examples. */
  readonly unread: readonly string[]
  /** Rules of theirs that stand in neither table, and entries for rules that are not there. */
  readonly unlisted: readonly string[]
  readonly rulesAsked: number
  readonly rulesNotAsked: number
}

/** Holds our rules against every example of a folder. */
export function agreementOn(questions: SameQuestions): Agreement {
  const { folder, logs, asked, notAsked, disagreements } = questions
  const files = examplesOf(folder)
  const [explained, wrong, unread]: string[][] = [[], [], []]
  let [agreed, examples] = [0, 0]
  for (const [rule, names] of Object.entries(asked)) {
    for (const { name, isExpected, log } of files.get(rule) ?? []) {
      const said = questions.said(log)
      const key = `${rule}: ${name}`
      if (said === null) {
        unread?.push(key)
        continue
      }
      examples++
      if (names.some((one) => said.has(one)) === isExpected) agreed++
      else (disagreements[key] === undefined ? wrong : explained)?.push(key)
    }
  }
  const needless = Object.keys(disagreements).filter((key) => explained?.includes(key) !== true)
  const listed = [...Object.keys(asked), ...Object.keys(notAsked)]
  const unlisted = [
    ...[...files.keys()].filter((rule) => !listed.includes(rule)),
    ...listed.filter((rule) => !files.has(rule)),
  ]
  return {
    logs,
    agreed,
    examples,
    explained: explained ?? [],
    wrong: [...(wrong ?? []), ...needless],
    unread: unread ?? [],
    unlisted,
    rulesAsked: Object.keys(asked).length,
    rulesNotAsked: Object.keys(notAsked).length,
  }
}
