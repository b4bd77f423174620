import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { playBattle } from '../../src/range/battle/battle.ts'
import { DEFAULT_BATTLE } from '../../src/range/battle/options.ts'
import { davylamp, workFolder } from '../cli/run.ts'

/** Evidence that the range writes, as the product reads it: every file known, no record bad. */
const folder = workFolder()

/** Path below the folder, as standard error names it, with what was said. */
const LINE = /^davylamp: (?<path>\S+): (?<what>.*)$/u
/** Honest gaps of the evidence itself: a shell that has ended without anything to keep, an interval that AWS lost. */
const HONEST = /^(?:skipped: empty|\d+ intervals? (?:was|were) not recorded by AWS \(SKIPDATA\))$/u

let complaints: string[] = []
let sources = new Map<string, number>()

beforeAll(async () => {
  const chunks = new Map<string, Uint8Array[]>()
  playBattle({ ...DEFAULT_BATTLE, seed: 3, pack: 'second', gangs: 4, machines: 3, hours: 6 }, (path) => {
    const own: Uint8Array[] = []
    chunks.set(path, own)
    return (chunk) => {
      own.push(chunk)
    }
  })
  for (const [path, own] of chunks) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    const bytes = Buffer.concat(own)
    writeFileSync(file, path.endsWith('.gz') ? gzipSync(bytes) : bytes)
  }
  const { stdout, stderr } = await davylamp(['events', folder, '--format', 'jsonl'])
  complaints = stderr
    .split('\n')
    .filter((line) => line !== '' && !HONEST.test(LINE.exec(line)?.groups?.['what'] ?? line))
  sources = new Map()
  for (const line of stdout.trimEnd().split('\n')) {
    const { origin } = JSON.parse(line) as { origin: { source: string } }
    sources.set(origin.source, (sources.get(origin.source) ?? 0) + 1)
  }
}, 120_000)

describe('evidence of a battle', () => {
  it('is read without a complaint', () => {
    expect(complaints).toEqual([])
  })

  it.each([
    'auditd',
    'bill',
    'cloudtrail',
    'journald',
    'pcap',
    'prometheus',
    'route53',
    'sysstat',
    'vpc-flow',
  ])('has events from %s', (source) => {
    expect(sources.get(source) ?? 0).toBeGreaterThan(0)
  })
})
