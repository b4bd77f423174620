import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Random } from '../../src/range/random.ts'
import { writeAuditDay } from './audit-day.ts'
import { classicLine, isoLine, journalLine } from './log-lines.ts'
import { INTERNET_MIX, sshVisits } from './ssh-visits.ts'
import { stageEvidence } from './stage.ts'

const FROM = Date.UTC(2026, 4, 5)
const DAY_MS = 86_400_000
const dir = mkdtempSync(join(tmpdir(), 'davylamp-bench-'))
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
})

function visits(seed: string, count = 2000) {
  return [...sshVisits(new Random(seed), { fromMs: FROM, toMs: FROM + DAY_MS, count, mix: INTERNET_MIX })]
}

function writeDay(seed: string) {
  const hash = createHash('sha256')
  const period = { fromMs: FROM, toMs: FROM + DAY_MS, records: 5000 }
  const records = writeAuditDay(new Random(seed), period, (chunk) => {
    hash.update(chunk)
  })
  return { records, digest: hash.digest('hex') }
}

it('gives as many messages as were asked for, in order of time, over about the time asked for', () => {
  const entries = visits('a')
  expect(entries).toHaveLength(2000)
  const times = entries.map((entry) => entry.timeMs)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(times[0]).toBeGreaterThanOrEqual(FROM)
  expect(times.at(-1)).toBeGreaterThan(FROM + DAY_MS * 0.8)
  expect(times.at(-1)).toBeLessThan(FROM + DAY_MS * 1.2)
})

it('gives the same messages for the same seed, others for another', () => {
  expect(visits('a')).toEqual(visits('a'))
  expect(visits('a')).not.toEqual(visits('b'))
})

it('writes one message in three formats', () => {
  const entry = {
    timeMs: FROM + 1234,
    program: 'sshd',
    pid: 7,
    message: 'Connection closed by 192.0.2.1 port 2',
  }
  expect(classicLine(entry)).toBe(`May  5 00:00:01 bench-1 sshd[7]: ${entry.message}\n`)
  expect(isoLine(entry)).toBe(`2026-05-05T00:00:01.234000+00:00 bench-1 sshd[7]: ${entry.message}\n`)
  expect(JSON.parse(journalLine(entry, 3))).toMatchObject({
    __REALTIME_TIMESTAMP: String((FROM + 1234) * 1000),
    SYSLOG_IDENTIFIER: 'sshd',
    _PID: '7',
    MESSAGE: entry.message,
  })
})

it('writes at least as many audit records as were asked for, the same for the same seed', () => {
  expect(writeDay('a').records).toBeGreaterThanOrEqual(5000)
  expect(writeDay('a')).toEqual(writeDay('a'))
  expect(writeDay('a').digest).not.toBe(writeDay('b').digest)
})

it('stages the same bytes in two places, and finds them again', async () => {
  const sizes = { scale: 1, sshdLines: 300, auditRecords: 300, journalEntries: 100, headLines: 50 }
  const [one, other] = [
    await stageEvidence(join(dir, 'one'), sizes),
    await stageEvidence(join(dir, 'other'), sizes),
  ]
  for (const name of ['capture', 'sshdClassic', 'sshdIso', 'sshdHead', 'audit', 'journal'] as const)
    expect(readFileSync(one[name]).equals(readFileSync(other[name])), name).toBe(true)
  expect(one.mixedBytes).toBe(other.mixedBytes)
  const again = await stageEvidence(join(dir, 'one'), sizes)
  expect(again).toEqual(one)
})
