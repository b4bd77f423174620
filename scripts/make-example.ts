/**
 * Writes examples/battle: the range's first scene, small enough to ship. `--check` only tells which
 * files are not what the scene makes today, and fails if there are any.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { stageScene } from '../src/range/scene.ts'
import type { StagedMachine, StagedTruth } from '../src/range/truth.ts'
import { truthText } from '../src/range/write.ts'

const SEED = 13
const exampleFolder = resolve(import.meta.dirname, '..', 'examples', 'battle')

/** Path below the folder → bytes. */
export function exampleFiles(): Map<string, Uint8Array> {
  const { files, truth } = stageScene({ seed: SEED })
  const text = new TextEncoder()
  return new Map([
    ...files.map((file) => [`evidence/${file.path}`, file.bytes] as const),
    ['inventory.yaml', text.encode(inventory(truth))],
    ['README.md', text.encode(readme(truth))],
    ['truth.json', text.encode(truthText(truth))],
  ])
}

/** Files of the folder that differ from what the scene makes: changed, missing or not its own. */
export function staleExampleFiles(folder: string = exampleFolder): string[] {
  const expected = exampleFiles()
  const there = globSync('**/*', { cwd: folder }).filter((path) => statSync(join(folder, path)).isFile())
  const stale = [...expected].filter(([path, bytes]) => {
    const full = join(folder, path)
    return !existsSync(full) || !readFileSync(full).equals(bytes)
  })
  return [...stale.map(([path]) => path), ...there.filter((path) => !expected.has(path))].toSorted()
}

function writeExample(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  for (const [path, bytes] of exampleFiles()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}

function inventory(truth: StagedTruth): string {
  const entries = truth.machines.map(({ name, id, addresses, cost }) =>
    [
      `- name: ${name}`,
      `  id: ${id}`,
      `  addresses: [${addresses.join(', ')}]`,
      `  type: ${cost.instanceType}`,
      `  region: ${cost.region}`,
    ].join('\n'),
  )
  return `# What the owner knows about the machine.\n${entries.join('\n')}\n`
}

function readme(truth: StagedTruth): string {
  return `# A battle, small

Five hours in the life of one cloud server, staged by \`davylamp range\` with seed ${SEED}: people log in, cron runs, visitors
come and go, and somebody guesses at passwords until root's gives in, and starts to mine. Nothing in here
is real: addresses come from ranges kept for documentation, the wallet and the pool belong to nobody, and in place of
the miner lies inert text.

\`\`\`
npx davylamp investigate examples/battle/evidence --inventory examples/battle/inventory.yaml
\`\`\`

| file | what it is |
|---|---|
| \`evidence/eth0.pcap\` | what passed the network card, from ${clock(truth.evidence[0]?.from)} on (a ring buffer: earlier packets were overwritten) |
| \`evidence/auth.log\` | logins, sudo and cron, as rsyslog writes them, in UTC |
| \`evidence/audit.log\` | the kernel's audit trail: logins, programs started, files written, connections |
| \`evidence/notes.txt\` | a colleague's note: no evidence, to be skipped |
| \`inventory.yaml\` | what the owner knows: name, id, addresses, type |
| \`truth.json\` | what really happened, to hold an answer against |

${truth.machines.map(whatHappened).join('\n')}
The files are made by \`node scripts/make-example.ts\`; a test holds them to what the scene makes.
`
}

function whatHappened(machine: StagedMachine): string {
  const [tenure] = machine.tenures
  const [pressure] = machine.pressure
  if (!machine.wayIn || !tenure || !pressure) return ''
  const { mining } = tenure
  return `## What really happened on ${machine.name}

- ${clock(pressure.firstSeen)} to ${clock(pressure.lastSeen)}: ${pressure.tries} wrong passwords from ${pressure.sources.length} addresses, ${machine.wayIn.tries} of them from ${machine.wayIn.srcIp}.
- ${clock(machine.wayIn.time)}: ${machine.wayIn.srcIp} gets in as ${machine.wayIn.user}.
- ${clock(tenure.start)}: a miner starts from /dev/shm and works for ${mining.pool.name} (${mining.pool.ip}, port ${mining.pool.port}) at ${mining.hashrate} H/s until the evidence ends: ${mining.sharesSubmitted} shares handed in, ${mining.sharesAccepted} accepted.
- Written or attacked on the way: ${machine.files.map((file) => `\`${file.path}\``).join(', ')}.
- Harmless, though it looks alike: jonas mistypes his password twice and then puts a job into /etc/cron.d; the load
  balancer knocks at port 22; the clock is set from a server whose name has "pool" in it.
`
}

function clock(time: string | undefined): string {
  return time?.slice(11, 19) ?? ''
}

if (import.meta.filename === process.argv[1]) {
  if (process.argv.includes('--check')) {
    const stale = staleExampleFiles()
    for (const path of stale)
      console.error(`examples/battle/${path} is not what the scene makes: node scripts/make-example.ts`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    writeExample(exampleFolder)
  }
}
