import { closeSync, type Stats } from 'node:fs'
import type { Budget } from '../budget.ts'
import { FileHash } from '../file-hash.ts'
import type { Fact } from '../fact.ts'
import { type Held, holdEntry, isImmutable, openHeld, readHeld, statEntry } from '../tree.ts'
import type { Image } from './image.ts'
import { namesIn } from './listing.ts'

/** Where intruders put what they bring, and what they change. */
const PLACES = [
  '/tmp',
  '/var/tmp',
  '/dev/shm',
  '/run',
  '/etc',
  '/usr/bin',
  '/usr/sbin',
  '/usr/local',
  '/usr/lib/systemd',
  '/bin',
  '/sbin',
  '/opt',
  '/root',
  '/home',
  '/var/www',
  '/var/spool',
  '/srv',
]
/** Small files here are told whatever their age: decoys that keep rivals out. */
const DECOY_PLACES =
  /^\/(?:tmp|var\/tmp|dev\/shm|etc|usr\/(?:s?bin|lib\/systemd|local\/bin)|root|bin|sbin|opt)\/[^/]+$/u
const DECOY_BYTES = 8
const MAX_DEPTH = 24
const MAX_ENTRIES = 400_000
const MAX_PER_FOLDER = 200_000
const MAX_FACTS = 8000
const MAX_HASH_BYTES = 32 * 2 ** 20
const MAX_NAME = 1024
const MAGIC_BYTES = 4

export interface Walked {
  entries: number
  facts: number
  /** No more time, or too many. */
  isOver: boolean
}

/** Files that were changed since `since` (epoch ms), programs in places for scratch, and what carries the decoys' marks. */
export function* changedFileFacts(image: Image, since: number, walked: Walked): Generator<Fact> {
  const seen = new Set<string>()
  const hash = new FileHash()
  for (const place of PLACES) {
    const root = image.with(place, ({ path, stats }) => ({ path, stats }))
    if (root === null || !root.stats.isDirectory() || seen.has(root.path)) continue
    seen.add(root.path)
    const facts: Fact[] = []
    image.with(root.path, (held) => {
      walk(held, 0, { image, since, walked, device: held.stats.dev, facts, hash })
    })
    yield* facts
  }
  if (walked.isOver)
    image.gaps.add(
      'recently changed files',
      `there are too many files to look at in the time given: stopped after ${walked.entries.toLocaleString('en-US')}`,
      'davylamp collect --max-time 60s',
    )
}

/** Kept for what comes after. */
const RESERVE_MS = 1500
const LOOK_AT_CLOCK = 64

interface Walking {
  readonly image: Image
  readonly since: number
  readonly walked: Walked
  /** File systems below other ones are passed over, save the one it began on. */
  readonly device: number
  readonly facts: Fact[]
  readonly hash: FileHash
}

function walk(folder: Held, depth: number, walking: Walking): void {
  const { image, walked } = walking
  let names: string[]
  try {
    names = namesIn(folder, MAX_PER_FOLDER).names
  } catch {
    image.gaps.forbid(folder.path)
    return
  }
  for (const name of names) {
    if (walked.isOver) return
    walked.entries++
    const isLate = walked.entries % LOOK_AT_CLOCK === 0 && image.budget.isSpent(RESERVE_MS)
    if (isLate || walked.entries >= MAX_ENTRIES) walked.isOver = true
    look(folder, name, depth, walking)
  }
}

function look(folder: Held, name: string, depth: number, walking: Walking): void {
  const { since, walked, device, facts } = walking
  let stats: Stats
  try {
    stats = statEntry(folder, name)
  } catch {
    return
  }
  const isFolder = stats.isDirectory()
  if (
    isFolder
      ? depth >= MAX_DEPTH || stats.dev !== device
      : walked.facts >= MAX_FACTS || !isTold(folder.path, name, stats, since)
  )
    return
  let held: Held
  try {
    held = holdEntry(folder, name)
  } catch {
    return
  }
  try {
    if (isFolder && held.stats.isDirectory()) walk(held, depth + 1, walking)
    else if (held.stats.isFile()) {
      const fact = factOf(held, walking)
      if (fact === null) return
      walked.facts++
      facts.push(fact)
    }
  } finally {
    closeSync(held.handle)
  }
}

const SCRATCH = /^\/(?:tmp|var\/tmp|dev\/shm)(?:\/|$)/u

/** The time of change of the inode counts too: that of the content can be set back by anybody. */
function isTold(folder: string, name: string, stats: Stats, since: number): boolean {
  if (!stats.isFile()) return false
  if (stats.mtimeMs >= since || stats.ctimeMs >= since) return true
  if (SCRATCH.test(folder) && isProgram(stats)) return true
  return stats.size <= DECOY_BYTES && DECOY_PLACES.test(`${folder}/${name}`)
}

function isProgram({ mode }: Stats): boolean {
  return (mode & 0o111) !== 0
}

function factOf(held: Held, { image, since, hash }: Walking): Fact | null {
  const { path, stats } = held
  const isLocked = isImmutable(held)
  const isRecent = stats.mtimeMs >= since || stats.ctimeMs >= since
  // An old and tiny file that anybody may change is nobody's decoy.
  if (!isRecent && !isLocked && !isProgram(stats)) return null
  return {
    type: 'file',
    id: path.slice(0, MAX_NAME),
    name: path.slice(path.lastIndexOf('/') + 1).slice(0, MAX_NAME),
    attributes: {
      path: path.slice(0, MAX_NAME),
      sizeBytes: stats.size,
      mode: stats.mode.toString(8),
      uid: stats.uid,
      gid: stats.gid,
      modifiedAt: stats.mtimeMs,
      changedAt: stats.ctimeMs,
      isImmutable: isLocked,
      isProgram: isProgram(stats),
      ...contentOf(held, image.budget, hash),
    },
  }
}

const ELF = Buffer.from('\x7fELF', 'latin1')

function contentOf(
  held: Held,
  budget: Budget,
  hash: FileHash,
): { format: string | null; sha256: string | null } {
  try {
    const head = readHeld(held, MAGIC_BYTES)?.bytes ?? Buffer.alloc(0)
    const format = head.equals(ELF) ? 'elf' : head.toString('latin1', 0, 2) === '#!' ? 'script' : null
    const { size } = held.stats
    const isHashed =
      format !== null && size <= MAX_HASH_BYTES && !budget.isSpent(5000) && budget.takeHash(size)
    return { format, sha256: isHashed ? hashOf(held, hash) : null }
  } catch {
    return { format: null, sha256: null }
  }
}

function hashOf(held: Held, hash: FileHash): string {
  const fd = openHeld(held)
  try {
    return hash.of(fd, MAX_HASH_BYTES)
  } finally {
    closeSync(fd)
  }
}
