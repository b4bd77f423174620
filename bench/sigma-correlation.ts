/**
 * `node bench/sigma-correlation.ts [--quick]`: correlations over rule matches, one core. Events per
 * second by type (medians of five), and what a million groups take (run with `--expose-gc`, which the
 * script does for itself).
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import type { RuleMatchEvent } from '../src/event/rule-match.ts'
import { compileCorrelations, type CompiledCorrelations } from '../src/sigma/correlation/compile.ts'
import { Correlator } from '../src/sigma/correlation/correlator.ts'
import { parseRules } from '../src/sigma/parse/parse-rules.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean' } } })

if (globalThis.gc === undefined) {
  const { status } = spawnSync(process.execPath, ['--expose-gc', ...process.argv.slice(1)], {
    stdio: 'inherit',
  })
  process.exit(status ?? 1)
}

const EVENTS = values.quick === true ? 200_000 : 1_000_000
const RUNS = values.quick === true ? 3 : 5
const GROUPS = values.quick === true ? 100_000 : 1_000_000
const START = Date.UTC(2026, 0, 5)

const RULES = ['tried', 'entered']
  .map(
    (name) =>
      `title: ${name}\nname: ${name}\nlogsource: { product: linux }\ndetection: { selection: { field: ${name} }, condition: selection }\n`,
  )
  .join('---\n')

const SUBJECTS: readonly (readonly [string, string])[] = [
  [
    'event_count, gte 10 in 5m',
    'type: event_count\n  rules: [tried]\n  timespan: 5m\n  condition: { gte: 10 }',
  ],
  [
    'value_count, gte 20 users in 1h',
    'type: value_count\n  rules: [tried]\n  timespan: 1h\n  condition: { field: user, gte: 20 }',
  ],
  ['temporal, two rules in 10m', 'type: temporal\n  rules: [tried, entered]\n  timespan: 10m'],
  [
    'temporal_ordered, two rules in 10m',
    'type: temporal_ordered\n  rules: [tried, entered]\n  timespan: 10m',
  ],
  [
    'value_sum, gt 1e9 bytes in 5m',
    'type: value_sum\n  rules: [tried]\n  timespan: 5m\n  condition: { field: bytes, gt: 1000000000 }',
  ],
  [
    'value_percentile, 95th gt 1e6 in 5m',
    'type: value_percentile\n  rules: [tried]\n  timespan: 5m\n  condition: { field: bytes, percentile: 95, gt: 1000000 }',
  ],
]

function compile(correlations: readonly string[]): CompiledCorrelations {
  const documents = correlations.map(
    (one, at) => `title: bench ${at}\nname: bench_${at}\ncorrelation:\n  group-by: [srcIp]\n  ${one}\n`,
  )
  const parsed = parseRules([RULES, ...documents].join('---\n'), 'bench.yml')
  const compiled = compileCorrelations(parsed.correlations, parsed.rules)
  for (const { message } of compiled.problems) console.error(message)
  return compiled
}

/** A linear congruential generator: the same events every time. */
function events(count: number, groups: number): RuleMatchEvent[] {
  let seed = 1
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed % below
  }
  return Array.from({ length: count }, (_, at) =>
    matchOf(at, next(groups), next(500), next(100_000), next(20)),
  )
}

function matchOf(at: number, group: number, user: number, bytes: number, die: number): RuleMatchEvent {
  const srcIp = `10.${(group >> 16) & 255}.${(group >> 8) & 255}.${group & 255}`
  return {
    kind: 'rule-match',
    rule: die === 0 ? 'entered' : 'tried',
    title: 'tried',
    level: 'low',
    attack: [],
    fields: { srcIp, user: `user${user}`, bytes },
    time: START + at * 10,
    timeQuality: 'exact',
    observer: 'host:web-1',
    subjects: ['host:web-1'],
    origin: {
      source: 'syslog',
      file: 'auth.log',
      line: at + 1,
      offset: at * 110,
      raw: flat(
        `Jan  5 00:00:00 web-1 sshd[1234]: Failed password for user${user} from ${srcIp} port 40022 ssh2`,
      ),
    },
  }
}

/** As a reader makes it: one piece of memory, not a tree of parts. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

interface Seconds {
  readonly wall: number
  /** All threads of this process: what the machine would need alone. */
  readonly cpu: number
}

function secondsOf(compiled: CompiledCorrelations, matches: readonly RuleMatchEvent[]): Seconds {
  const correlator = new Correlator(compiled, () => {})
  const started = performance.now()
  const before = process.cpuUsage()
  for (const match of matches) {
    correlator.accept(match)
    correlator.advance(match.time)
  }
  const { user, system } = process.cpuUsage(before)
  return { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function heapBytes(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const count = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const matches = events(EVENTS, 10_000)
for (const [title, correlation] of [...SUBJECTS, ['all six at once', null] as const]) {
  const compiled = compile(correlation === null ? SUBJECTS.map(([, one]) => one) : [correlation])
  const runs = Array.from({ length: RUNS }, () => secondsOf(compiled, matches))
  const wall = count.format(EVENTS / median(runs.map((run) => run.wall)))
  const cpu = count.format(EVENTS / median(runs.map((run) => run.cpu)))
  console.log(`${title.padEnd(38)} ${wall.padStart(12)} events/s, ${cpu.padStart(12)} per second of CPU time`)
}

for (const [title, correlation] of SUBJECTS) {
  const correlator = new Correlator(
    compile([correlation.replace(/timespan: \w+/u, 'timespan: 1d')]),
    () => {},
  )
  const before = heapBytes()
  for (let at = 0; at < GROUPS; at++) correlator.accept(matchOf(at, at, at % 500, at % 1000, 1))
  const bytes = (heapBytes() - before) / GROUPS
  const [load] = correlator.load()
  console.log(
    `${title.padEnd(38)} ${count.format(bytes).padStart(6)} bytes a group at ${count.format(load?.groups ?? 0)} groups, proofs included; ${count.format(load?.dropped ?? 0)} dropped`,
  )
}
