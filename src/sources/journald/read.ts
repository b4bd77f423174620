import type { Input } from '../../inputs/input.ts'
import { LineRules } from '../programs/line-rules.ts'
import { readPrograms } from '../programs/read-programs.ts'
import type { Batch, SourceEnv } from '../source.ts'
import { readRecords } from './read-input.ts'
import { firstJournalTime, isExport } from './recognise.ts'

/** The journal writes in the order it receives. */
const DISORDER_MS = 1000

/** Entries of all inputs in order of time → program dialects → events. */
export function readJournald(inputs: readonly Input[], env: SourceEnv): AsyncIterable<Batch> {
  const rules = new LineRules(env)
  const streams = inputs.map((input) => {
    const report = env.reportOf(input)
    report.format = 'journald'
    const records = () => readRecords(input, report, { isExport: isExport(input.head), rules })
    return { input, report, firstTime: firstJournalTime(input.head), records }
  })
  return readPrograms(streams, rules, DISORDER_MS)
}
