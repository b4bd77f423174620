/**
 * Writes examples/: battles small enough to ship. `--check` only tells which files are not what the range makes
 * today, and fails if there are any.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { playBattle } from '../src/range/battle/battle.ts'
import { DEFAULT_BATTLE } from '../src/range/battle/options.ts'
import { stageScene } from '../src/range/scene.ts'
import type { StagedMachine, StagedTruth, Truth } from '../src/range/truth.ts'
import { truthText } from '../src/range/write.ts'
import { concatBytes } from '../src/wire/encode/index.ts'

const examples = resolve(import.meta.dirname, '..', 'examples')
const SCENE_SEED = 13
const BATTLE_SEED = 6
/** Larger files are shipped compressed. */
const PLAIN_BYTES = 20_000

type Files = ReadonlyMap<string, Uint8Array>

/** Every example by its folder: path below it → bytes. */
export const EXAMPLES: Readonly<Record<string, () => Files>> = { 'one-gang': sceneFiles, battle: battleFiles }

function sceneFiles(): Files {
  const { files, truth } = stageScene({ seed: SCENE_SEED })
  const text = new TextEncoder()
  return new Map([
    ...files.map((file) => [`evidence/${file.path}`, file.bytes] as const),
    ['inventory.yaml', text.encode(inventory(truth))],
    ['README.md', text.encode(readme(truth))],
    ['truth.json', text.encode(truthText(truth))],
  ])
}

/** One machine that two gangs fight over. */
function battleFiles(): Files {
  const chunks = new Map<string, Uint8Array[]>()
  const { truth, inventory: listed } = playBattle(
    {
      ...DEFAULT_BATTLE,
      seed: BATTLE_SEED,
      machines: 1,
      gangs: 2,
      hours: 5,
      noise: 0,
      without: ['node-exporter', 'vpc-flow', 'route53', 'cloudtrail', 'dns-forwarder', 'bill', 'journald'],
    },
    (path) => {
      const own: Uint8Array[] = []
      chunks.set(path, own)
      return (chunk) => {
        own.push(chunk.slice())
      }
    },
  )
  const text = new TextEncoder()
  return new Map([
    ...Array.from(chunks, ([path, own]) => packed(`evidence/${path}`, concatBytes(...own))),
    ['inventory.yaml', text.encode(listed)],
    ['README.md', text.encode(battleReadme(truth))],
    ['truth.json', text.encode(truthText(truth))],
  ])
}

function packed(path: string, bytes: Uint8Array): readonly [string, Uint8Array] {
  return bytes.length <= PLAIN_BYTES ? [path, bytes] : [`${path}.gz`, gzipSync(bytes, { level: 9 })]
}

/** Files of the folder that differ from what the range makes: changed, missing or not its own. */
export function staleExampleFiles(name: string, expected: Files): string[] {
  const folder = join(examples, name)
  const there = globSync('**/*', { cwd: folder }).filter((path) => statSync(join(folder, path)).isFile())
  const stale = [...expected].filter(([path, bytes]) => {
    const full = join(folder, path)
    return !existsSync(full) || !isSame(path, readFileSync(full), bytes)
  })
  return [...stale.map(([path]) => path), ...there.filter((path) => !expected.has(path))].toSorted()
}

/** Compressed files are the same where what is in them is. */
function isSame(path: string, one: Uint8Array, other: Uint8Array): boolean {
  const open = (bytes: Uint8Array): Buffer => (path.endsWith('.gz') ? gunzipSync(bytes) : Buffer.from(bytes))
  return open(one).equals(open(other))
}

function writeExample(name: string, files: Files): void {
  const folder = join(examples, name)
  rmSync(folder, { recursive: true, force: true })
  for (const [path, bytes] of files) {
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
  return `# One gang, one machine

Five hours in the life of one cloud server, staged by \`davylamp range\` with seed ${SCENE_SEED}: people log in, cron runs, visitors
come and go, and somebody guesses at passwords until root's gives in, and starts to mine. Nothing in here
is real: addresses come from ranges kept for documentation, the wallet and the pool belong to nobody, and in place of
the miner lies inert text.

\`\`\`
npx davylamp investigate examples/one-gang/evidence --inventory examples/one-gang/inventory.yaml
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

function battleReadme({ machines, occupants = [] }: Truth): string {
  const [machine] = machines
  const rows = [
    ...(machine?.wayIn === undefined || machine.wayIn === null ? [] : [machine.wayIn]),
    ...(machine?.laterWaysIn ?? []),
  ].map((way) => [
    way.time,
    `${way.occupant ?? 'somebody'} gets in (${way.kind}${way.srcIp === null || way.srcIp === undefined ? '' : `, from ${way.srcIp}`})`,
  ])
  for (const { occupant, start, end, isOngoing } of machine?.tenures ?? []) {
    rows.push([start, `${occupant} mines`])
    if (isOngoing !== true) rows.push([end, `${occupant} is stopped`])
  }
  for (const { time, from, to, how = [] } of machine?.changes ?? [])
    rows.push([time, `${to} has taken it from ${from}: ${how.join(', ')}`])
  const told = rows.toSorted(([a = ''], [b = '']) => a.localeCompare(b))
  const gangs = occupants.map(({ id, family }) => `${id} (after ${family ?? 'no known gang'})`)
  return `# A battle, small

Five hours in the life of one cloud server, staged by \`davylamp range\` with seed ${BATTLE_SEED}: two gangs, ${gangs.join(' and ')},
come in, fight over it and mine on it, beside people at work. Nothing in here is real: addresses come from ranges kept for documentation,
the wallets belong to nobody, and what ran is text in logs.

\`\`\`
npx davylamp investigate examples/battle/evidence --inventory examples/battle/inventory.yaml
\`\`\`

\`truth.json\` holds what really happened, to hold an answer against (\`davylamp range score\`):

${told.map(([time, what]) => `- ${clock(time)} ${what}`).join('\n')}

The files are made by \`node scripts/make-example.ts\`; a test holds them to what the range makes. Larger ones are compressed.
`
}

function clock(time: string | undefined): string {
  return time?.slice(11, 19) ?? ''
}

if (import.meta.filename === process.argv[1]) {
  for (const [name, make] of Object.entries(EXAMPLES)) {
    if (!process.argv.includes('--check')) {
      writeExample(name, make())
      continue
    }
    for (const path of staleExampleFiles(name, make())) {
      console.error(`examples/${name}/${path} is not what the range makes: node scripts/make-example.ts`)
      process.exitCode = 1
    }
  }
}
