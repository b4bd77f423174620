/**
 * `node bench/wire-live.ts [--per-second N] [--seconds N]`: `davylamp wire --interface` on a cable between two network
 * namespaces: how soon the first message to a pool is found, and how many of many packets are lost. Needs root.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Cable, MINER_IP, MINER_LINK, POOL_IP, type Program } from '../test/wire/namespace.ts'

const MAX_LATENCY_MS = 250
const TRIES = 5
const SENDER = resolve(import.meta.dirname, 'live/send.ts')

const { values } = parseArgs({ options: { 'per-second': { type: 'string' }, seconds: { type: 'string' } } })
const perSecond = values['per-second'] ?? '100000'
const seconds = values.seconds ?? '60'

const cable = Cable.lay()
if (cable === null) {
  console.error('bench: no network namespace can be made here (needs root)')
  process.exit(1)
}
try {
  const latencies = await measureLatency(cable)
  const worst = Math.max(...latencies)
  console.log(
    `first message to finding: ${latencies.join(', ')} ms (target ${MAX_LATENCY_MS}: ${worst < MAX_LATENCY_MS ? 'met' : 'missed'})`,
  )
  await measureLosses(cable)
} finally {
  cable.remove()
}

async function measureLatency(on: Cable): Promise<number[]> {
  const pool = on.standIn('pool', POOL_IP, '443')
  await pool.until(() => pool.stdout.includes('ready'))
  const wire = await watching(on)
  const found: number[] = []
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = wire.stdout.length
    const miner = on.standIn('miner', POOL_IP, '443', '3', '50')
    await wire.until(() => wire.stdout.indexOf('\n', before) >= 0)
    const heardMs = Date.now()
    await miner.ended()
    found.push(heardMs - Number(miner.stdout))
  }
  await stopped(wire)
  pool.stop('SIGTERM')
  return found
}

async function measureLosses(on: Cable): Promise<void> {
  const wire = await watching(on)
  const sender = await on.run('pool', SENDER, MINER_IP, '9', perSecond, seconds).ended()
  const [sent = 0, ms = 0] = sender.stdout.split(' ').map(Number)
  await stopped(wire)
  const told = wire.stderr.trimEnd().split('\n').at(-1) ?? ''
  console.log(
    `${Math.round((sent / ms) * 1000).toLocaleString('en')} packets/s for ${(ms / 1000).toFixed(0)} s: ${told}`,
  )
}

async function watching(on: Cable): Promise<Program> {
  const wire = on.davylamp('wire', '--interface', MINER_LINK, '--format', 'jsonl')
  await wire.until(() => wire.stderr.includes(`watching ${MINER_LINK}`))
  return wire
}

async function stopped(wire: Program): Promise<void> {
  wire.stop('SIGINT')
  await wire.ended()
}
