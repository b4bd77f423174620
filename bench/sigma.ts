/**
 * `node bench/sigma.ts [--rules N]`: how fast Sigma rules load and match. Rules of the corpus beside the
 * checkout, where it is there, and variants of them; records made by seed. One thread.
 */
import { parseArgs } from 'node:util'
import type { LogSource } from '../src/event/log-record.ts'
import { compileRules, type RuleSet } from '../src/sigma/compile/compile-rules.ts'
import { parseRules } from '../src/sigma/parse/parse-rules.ts'
import type { RecordView } from '../src/sigma/rule.ts'
import { cloudRecord, dnsRecord, Draw, processRecord } from './sigma/records.ts'
import { ruleTexts } from './sigma/rules.ts'

const { values } = parseArgs({
  options: { rules: { type: 'string', default: '3141' }, records: { type: 'string', default: '20000' } },
})
const count = Number(values.records)
const ROUNDS = 5

const PROCESS: LogSource = { product: 'windows', category: 'process_creation', service: 'sysmon' }
const CLOUD: LogSource = { product: 'aws', service: 'cloudtrail' }
const DNS: LogSource = { product: 'zeek', category: 'dns', service: 'dns' }

const texts = ruleTexts(Number(values.rules), 1)
const before = cpuMs()
const rules = texts.flatMap((text, i) => parseRules(text, `${i}.yml`).rules)
const parsedAt = cpuMs()
const set = compileRules(rules, { clock: () => performance.now() })
set.match({}, null)
const loadedAt = cpuMs()
console.log(
  `${set.rules.length} rules (${set.refused.length} refused) loaded in ${ms(loadedAt - before)}: read ${ms(parsedAt - before)}, compiled ${ms(loadedAt - parsedAt)}`,
)

for (const [name, make, source] of [
  ['process', processRecord, PROCESS],
  ['cloud', cloudRecord, CLOUD],
  ['dns', dnsRecord, DNS],
] as const) {
  const draw = new Draw(7)
  const lines = Array.from({ length: count }, () => JSON.stringify(make(draw)))
  const size = lines.reduce((sum, line) => sum + line.length, 0) / lines.length
  const alone = rate(lines, () => 0)
  const routed = rate(lines, (record) => matching(set, record, source))
  const unrouted = rate(lines, (record) => matching(set, record, null))
  console.log(
    `${name.padEnd(8)} ${size.toFixed(0)} B: JSON.parse ${k(alone.perSecond)}, routed ${k(routed.perSecond)} (${(routed.perSecond / alone.perSecond).toFixed(2)} ×, ${routed.matches} matches), unrouted ${k(unrouted.perSecond)} (${unrouted.matches} matches)`,
  )
}
const slowest = [...set.statistics()].toSorted((a, b) => b.ms - a.ms).slice(0, 5)
for (const { rule, evaluated, matched, ms: spent } of slowest)
  console.log(`  ${ms(spent)} ${evaluated} evaluated, ${matched} matched: ${rule.title}`)
console.log(`memory: ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`)

function matching(ruleSet: RuleSet, record: RecordView, source: LogSource | null): number {
  return ruleSet.match(record, source).length
}

/** The best of some rounds over all lines, parsing included. */
function rate(
  lines: readonly string[],
  use: (record: RecordView) => number,
): { perSecond: number; matches: number } {
  let best = Infinity
  let matches = 0
  for (let round = 0; round < ROUNDS; round++) {
    matches = 0
    const start = cpuMs()
    for (const line of lines) {
      const record: RecordView = JSON.parse(line)
      matches += use(record)
    }
    best = Math.min(best, cpuMs() - start)
  }
  return { perSecond: (lines.length * 1000) / best, matches }
}

/** CPU time of this thread in ms: what else runs on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function k(perSecond: number): string {
  return `${(perSecond / 1000).toFixed(0)} k/s`
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`
}
