/**
 * `node bench/wire.ts [--packets N] [--runs N] [--save]`: how fast `davylamp wire` reads one large capture made of
 * copies of the public ones, beside other programs on the same file in the same run; and its memory with 100,000
 * connections open at once. What the lines mean: bench/README.md.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Command, canMeasure, measure, type Measured } from './measure.ts'
import { peerCommand, peerTitle, type Peer, TCPDUMP } from './peers.ts'
import { writeLiveFlows } from './wire/live-flows.ts'
import { writeMerged } from './wire/merge.ts'
import { NDPI_READER, RULES, suricata } from './wire/peers.ts'
import { readTemplate } from './wire/template.ts'

const ROOT = resolve(import.meta.dirname, '..')
const OUT = join(ROOT, 'bench/out')
const CORPUS = resolve(ROOT, '../shared/corpus')
const LIVE_FLOWS = 100_000
/** What is promised: times as fast as each peer, and memory with so many connections open. */
const MIN_RATIO: Readonly<Record<string, number>> = { ndpiReader: 2, suricata: 4 }
const MAX_LIVE_BYTES = 150e6

const { values } = parseArgs({
  options: { packets: { type: 'string' }, runs: { type: 'string' }, save: { type: 'boolean' } },
})
const minPackets = Number(values.packets ?? 10_000_000)
const runs = Number(values.runs ?? 3)

if (!canMeasure() || !existsSync(join(CORPUS, 'mining'))) {
  console.error(`bench: needs GNU time as /usr/bin/time, and public captures in ${CORPUS}`)
  process.exit(1)
}
mkdirSync(OUT, { recursive: true })
const merged = stageMerged()
const live = join(OUT, `live-flows-${LIVE_FLOWS}.pcap`)
if (!existsSync(live)) writeLiveFlows(live, LIVE_FLOWS)
const rules = join(OUT, 'mining.rules')
writeFileSync(rules, `${RULES}\n`)

const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? '?'}, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}`
console.log(`davylamp wire, ${machine}`)
console.log(
  `${merged.packets.toLocaleString('en')} packets, ${(statSync(merged.file).size / 1e6).toFixed(0)} MB, in the page cache\n`,
)
readFileSync(live)

interface Row {
  readonly name: string
  readonly version: string
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly peakMegabytes: number
  /** Of its time to ours. */
  readonly ratio: number
  readonly cpuRatio: number
}

const own = run(ownCommand(merged.file), runs)
const rows: Row[] = [row('davylamp wire --format jsonl', '', own, own)]
for (const peer of [TCPDUMP, NDPI_READER]) measurePeer(peer)
for (const everything of [true, false]) measureSuricata(everything)
for (const one of rows) console.log(lineOf(one))

const open = run(ownCommand(live), runs)
const verdict = open.peakBytes < MAX_LIVE_BYTES ? 'met' : 'missed'
console.log(
  `\n${LIVE_FLOWS.toLocaleString('en')} connections open at once: ${mega(open.peakBytes)} MB (target ${mega(MAX_LIVE_BYTES)}: ${verdict})`,
)
if (values.save === true) {
  const result = {
    machine,
    packets: merged.packets,
    rows,
    liveFlows: LIVE_FLOWS,
    livePeakMegabytes: Number(mega(open.peakBytes)),
  }
  writeFileSync(join(ROOT, 'bench/wire/results.json'), `${JSON.stringify(result, null, 2)}\n`)
}

/** Made once for each number of packets. */
function stageMerged(): { file: string; packets: number } {
  const file = join(OUT, `wire-in-order-${minPackets}.pcap`)
  const told = `${file}.json`
  if (!existsSync(told)) {
    console.error(`bench: making ${file}`)
    const { packets } = writeMerged(file, readTemplate(CORPUS), minPackets)
    writeFileSync(told, JSON.stringify({ packets }))
  }
  const { packets }: { packets: number } = JSON.parse(readFileSync(told, 'utf8'))
  return { file, packets }
}

function ownCommand(file: string): Command {
  const args = [join(ROOT, 'bin/davylamp.mjs'), 'wire', file, '--format', 'jsonl']
  return { program: process.execPath, args, exitCodes: [0, 10] }
}

/** `how`: of a program that is measured in several ways. */
function measurePeer(peer: Peer, how?: string): void {
  const command = peerCommand(peer, merged.file)
  const title = how === undefined ? peerTitle(peer) : `${peer.program}, ${how}`
  if (command === null) console.log(`${title}: not installed`)
  else rows.push(row(title, command.version, run(command, Math.min(runs, 2)), own, MIN_RATIO[peer.program]))
}

/** What it writes has gigabytes; nobody reads it. */
function measureSuricata(everything: boolean): void {
  const folder = mkdtempSync(join(OUT, 'suricata-'))
  try {
    measurePeer(suricata(rules, folder, everything), everything ? 'everything on' : 'alerts only')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function run(command: Command, count: number): Measured {
  console.error(`bench: ${command.program} …`)
  return measure(command, count, OUT).median
}

function row(name: string, version: string, measured: Measured, ours: Measured, target?: number): Row {
  const { wallSeconds, cpuSeconds, peakBytes } = measured
  const ratio = wallSeconds / ours.wallSeconds
  const promised = target === undefined ? '' : ` (target ${target}: ${ratio >= target ? 'met' : 'missed'})`
  const peakMegabytes = Number(mega(peakBytes))
  return {
    name: name + promised,
    version,
    wallSeconds,
    cpuSeconds,
    peakMegabytes,
    ratio,
    cpuRatio: cpuSeconds / ours.cpuSeconds,
  }
}

function lineOf({ name, version, wallSeconds, cpuSeconds, peakMegabytes, ratio, cpuRatio }: Row): string {
  const cells = [
    `${wallSeconds.toFixed(2)} s`,
    `${cpuSeconds.toFixed(2)} s CPU`,
    `${peakMegabytes} MB`,
    `${ratio.toFixed(2)}×`,
    `${cpuRatio.toFixed(2)}× CPU`,
  ]
  return `${cells.map((cell) => cell.padStart(12)).join('')}  ${name}${version === '' ? '' : ` (${version})`}`
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
