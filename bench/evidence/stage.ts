import {
  createReadStream,
  createWriteStream,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip, createZstdCompress } from 'node:zlib'
import { Random } from '../../src/range/random.ts'
import { stageSceneInto } from '../../src/range/write.ts'
import { writeAuditDay } from './audit-day.ts'
import type { LogEntry } from './log-entry.ts'
import { classicLine, isoLine, journalLine } from './log-lines.ts'
import { INTERNET_MIX, JOURNAL_MIX, sshVisits, type VisitMix } from './ssh-visits.ts'

/** How much evidence to make. */
export interface Sizes {
  /** Of the range's scene, whose capture is read. */
  readonly scale: number
  readonly sshdLines: number
  readonly auditRecords: number
  readonly journalEntries: number
  /** Lines of the piece of sshd's log that slow readers get. */
  readonly headLines: number
}

/** Where the evidence stands. All of one week that ends when the range's scene does. */
export interface Staged {
  readonly capture: string
  readonly sshdClassic: string
  readonly sshdIso: string
  /** The first lines of the classic ones. */
  readonly sshdHead: string
  readonly audit: string
  readonly journal: string
  /** A folder of all these as one machine park, with compressed copies of a log. */
  readonly mixed: string
  /** Bytes of the folder, decompressed. */
  readonly mixedBytes: number
}

const END_MS = Date.UTC(2026, 4, 12, 4, 54)
const WEEK_MS = 7 * 86_400_000
const HOUR_MS = 3_600_000
const SEED = 13
/** Changes with whatever changes the bytes; then everything is made anew. */
const EDITION = 1

/** Makes the evidence below `dir`, or finds it there. The same sizes give the same bytes. */
export async function stageEvidence(dir: string, sizes: Sizes): Promise<Staged> {
  const key = JSON.stringify({ edition: EDITION, ...sizes })
  const folder = join(dir, `evidence-${sizes.scale}`)
  const stamp = join(folder, 'made.json')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== key) {
    rmSync(folder, { recursive: true, force: true })
    const half = `${folder}.half`
    rmSync(half, { recursive: true, force: true })
    await makeEvidence(half, sizes)
    writeFileSync(join(half, 'made.json'), key)
    renameSync(half, folder)
  }
  return stagedIn(folder)
}

async function makeEvidence(dir: string, sizes: Sizes): Promise<void> {
  const mixed = join(dir, 'mixed')
  mkdirSync(mixed, { recursive: true })
  stageSceneInto(join(dir, 'scene'), { seed: SEED, scale: sizes.scale })
  const staged = stagedIn(dir)
  writeLog(staged.sshdClassic, entries('classic', sizes.sshdLines, INTERNET_MIX), classicLine)
  writeLog(staged.sshdHead, entries('classic', sizes.sshdLines, INTERNET_MIX), classicLine, sizes.headLines)
  writeLog(staged.sshdIso, entries('iso', sizes.sshdLines, INTERNET_MIX), isoLine)
  writeLog(staged.journal, entries('journal', sizes.journalEntries, JOURNAL_MIX), journalLine)
  writeFile(staged.audit, (write) => {
    const period = { fromMs: END_MS - WEEK_MS, toMs: END_MS - HOUR_MS, records: sizes.auditRecords }
    writeAuditDay(new Random(`bench ${SEED} audit`), period, write)
  })
  for (const path of [staged.capture, staged.sshdClassic, staged.sshdIso, staged.journal, staged.audit])
    linkSync(path, join(mixed, path.slice(path.lastIndexOf('/') + 1)))
  const copy = join(mixed, 'copy-of-auth.log')
  await pipeline(
    createReadStream(staged.sshdClassic),
    createGzip({ level: 6 }),
    createWriteStream(`${copy}.gz`),
  )
  await pipeline(createReadStream(staged.sshdClassic), createZstdCompress(), createWriteStream(`${copy}.zst`))
  for (const path of [`${copy}.gz`, `${copy}.zst`]) utimesSync(path, END_MS / 1000, END_MS / 1000)
}

function entries(name: string, count: number, mix: VisitMix): Generator<LogEntry> {
  return sshVisits(new Random(`bench ${SEED} ${name}`), {
    fromMs: END_MS - WEEK_MS,
    toMs: END_MS - HOUR_MS,
    count,
    mix,
  })
}

function stagedIn(dir: string): Staged {
  const staged = {
    capture: join(dir, 'scene', 'evidence', 'eth0.pcap'),
    sshdClassic: join(dir, 'auth.log'),
    sshdIso: join(dir, 'secure.log'),
    sshdHead: join(dir, 'auth.head.log'),
    audit: join(dir, 'audit.log'),
    journal: join(dir, 'journal.json'),
    mixed: join(dir, 'mixed'),
  }
  const { capture, sshdClassic, sshdIso, audit, journal } = staged
  // The log of the classic lines is there three times: plain, .gz and .zst.
  const read = [capture, sshdIso, audit, journal, sshdClassic, sshdClassic, sshdClassic]
  return { ...staged, mixedBytes: read.reduce((sum, path) => sum + sizeOf(path), 0) }
}

export function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0
}

function writeLog(
  path: string,
  log: Iterable<LogEntry>,
  lineOf: (entry: LogEntry, index: number) => string,
  limit = Number.POSITIVE_INFINITY,
): void {
  writeFile(path, (write) => {
    let index = 0
    let text = ''
    for (const entry of log) {
      if (index >= limit) break
      text += lineOf(entry, index++)
      if (text.length < 1 << 18) continue
      write(Buffer.from(text))
      text = ''
    }
    write(Buffer.from(text))
  })
}

function writeFile(path: string, fill: (write: (chunk: Uint8Array) => void) => void): void {
  const handle = openSync(path, 'w')
  try {
    fill((chunk) => {
      for (let at = 0; at < chunk.length;) at += writeSync(handle, chunk, at)
    })
  } finally {
    closeSync(handle)
  }
  utimesSync(path, END_MS / 1000, END_MS / 1000)
}
