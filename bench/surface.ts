/**
 * `node bench/surface.ts [--instances N]`: how fast the reachability of a large network is worked out, and of one
 * changed security group; then the whole command on the same network as a dump. The network is made by seed. One thread.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { SecurityGroup } from '../src/surface/network/model.ts'
import { Reachability } from '../src/surface/network/reachability.ts'
import { buildNetwork } from '../src/surface/network/build.ts'
import { canMeasure, measure } from './measure.ts'
import { largeNetwork } from './surface/large-network.ts'
import { writeDump } from './surface/write-dump.ts'

const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '20000' },
    groups: { type: 'string', default: '5000' },
    rules: { type: 'string', default: '200000' },
    subnets: { type: 'string', default: '500' },
  },
})
const ROUNDS = 2
const CHANGES = 50

const { events, rules } = largeNetwork({
  instances: Number(values.instances),
  groups: Number(values.groups),
  rules: Number(values.rules),
  subnets: Number(values.subnets),
})
const { network } = buildNetwork(events)
console.log(
  `${network.instances.size} instances, ${network.securityGroups.size} groups, ${rules} rules, ${network.subnets.size} subnets`,
)

let best = Infinity
let verdicts = 0
let open = 0
let peakBytes = 0
for (let round = 0; round < ROUNDS; round++) {
  const start = cpuMs()
  const found = new Reachability(network).ask({ from: 'internet' })
  best = Math.min(best, cpuMs() - start)
  verdicts = found.length
  // Later rounds leave more behind than one question needs.
  if (round === 0) peakBytes = process.resourceUsage().maxRSS * 1024
  open = found.filter(({ status }) => status === 'reachable').length
}
console.log(`from the internet: ${best.toFixed(0)} ms for ${verdicts} verdicts, ${open} of them open`)

const reachability = new Reachability(network)
reachability.ask({ from: 'internet' })
const times: number[] = []
let rechecked = 0
for (const group of [...network.securityGroups.values()].slice(0, CHANGES)) {
  const changed: SecurityGroup = { ...group, rules: group.rules.slice(1) }
  const start = cpuMs()
  rechecked += reachability.recheck(changed, 'internet').verdicts.length
  times.push(cpuMs() - start)
}
const sorted = times.toSorted((a, b) => a - b)
console.log(
  `one changed group: ${(sorted[CHANGES >> 1] ?? 0).toFixed(1)} ms, at most ${(sorted.at(-1) ?? 0).toFixed(1)} ms, ${(rechecked / CHANGES).toFixed(0)} verdicts each`,
)
console.log(`memory for one question: ${(peakBytes / 1e6).toFixed(0)} MB at most`)

if (canMeasure()) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const out = join(root, 'bench', 'out')
  const dump = join(out, `surface-${values.instances}`)
  mkdirSync(out, { recursive: true })
  writeDump(dump, events)
  const kept = mkdtempSync(join(tmpdir(), 'davylamp-bench-'))
  for (const [what, args] of [
    ['--format terminal', ['--no-case', '--format', 'terminal']],
    ['--format json', ['--no-case', '--format', 'json']],
    ['kept in the case', ['--case', kept]],
  ] as const) {
    const { median } = measure(
      {
        program: process.execPath,
        args: [join(root, 'bin', 'davylamp.mjs'), 'surface', dump, ...args],
        exitCodes: [10],
      },
      1,
      out,
    )
    console.log(
      `davylamp surface, ${what}: ${median.cpuSeconds.toFixed(1)} s of CPU, ${(median.peakBytes / 1e6).toFixed(0)} MB at most`,
    )
  }
  rmSync(kept, { recursive: true, force: true })
}

/** CPU time of this thread in ms: what else runs on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
