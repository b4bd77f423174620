import { closeSync, type Stats } from 'node:fs'
import type { Budget } from '../budget.ts'
import { plural } from '../../text/plural.ts'
import { FileHash } from '../file-hash.ts'
import type { Fact } from '../fact.ts'
import { type Held, holdEntry, isImmutable, openHeld, readHeld, statEntry } from '../tree.ts'
import type { Image } from './image.ts'
import { namesIn } from './listing.ts'

/** Where intruders put what they bring, and leave what lets them back in. */
export const HOT_PLACES = [
  '/tmp',
  '/var/tmp',
  '/dev/shm',
  '/run',
  '/etc',
  '/root',
  '/var/spool',
  '/usr/local',
]
/** What they change besides. */
export const OTHER_PLACES = [
  '/home',
  '/usr/bin',
  '/usr/sbin',
  '/bin',
  '/sbin',
  '/usr/lib/systemd',
  '/opt',
  '/var/www',
  '/srv',
]
/** Small files here are told whatever their age: decoys that keep rivals out. */
const DECOY_PLACES =
  /^\/(?:tmp|var\/tmp|dev\/shm|etc|usr\/(?:s?bin|lib\/systemd|local\/bin)|root|bin|sbin|opt)\/[^/]+$/u
const DECOY_BYTES = 8
const MAX_DEPTH = 24
const MAX_ENTRIES = 400_000
const MAX_PER_FOLDER = 200_000
/** Told in all, and of the places that come first: they must leave room for the others. */
const MAX_FACTS = { hot: 5000, all: 8000 } as const
const MAX_HASH_BYTES = 32 * 2 ** 20
const MAX_NAME = 1024
const MAGIC_BYTES = 4

/** Of the time that is left, no place takes more: a folder of a million files must not hide the next one. */
const PLACE_SHARE = 0.5
const LOOK_AT_CLOCK = 64

interface Walking {
  readonly image: Image
  readonly since: number
  /** File systems below other ones are passed over, save the one it began on. */
  readonly device: number
  readonly facts: Fact[]
  readonly hash: FileHash
  /** Its time ends when so much is left of all. */
  readonly endsAtMs: number
  readonly maxFacts: number
  readonly count: FileWalk
  isOver: boolean
}

/**
 * Files that were changed since a time, programs in places for scratch, and what carries the decoys' marks. Files of a
 * folder come before its folders, so that what lies on top is seen first.
 */
export class FileWalk {
  entries = 0
  facts = 0
  /** For which there was no room. */
  untold = 0
  readonly #image: Image
  readonly #since: number
  readonly #hash = new FileHash()
  readonly #seen = new Set<string>()
  readonly #cut: string[] = []

  /** `since`: epoch ms. */
  constructor(image: Image, since: number) {
    this.#image = image
    this.#since = since
  }

  /** Ends where less than `reserveMs` are left. */
  *of(places: readonly string[], reserveMs: number): Generator<Fact> {
    const image = this.#image
    const maxFacts = places === HOT_PLACES ? MAX_FACTS.hot : MAX_FACTS.all
    for (const place of places) {
      const root = image.with(place, ({ path, stats }) => ({ path, stats }))
      if (root === null || !root.stats.isDirectory() || this.#seen.has(root.path)) continue
      this.#seen.add(root.path)
      const left = Math.max(0, image.budget.leftMs - reserveMs)
      const facts: Fact[] = []
      const endsAtMs = reserveMs + left * (1 - PLACE_SHARE)
      const common = { image, since: this.#since, facts, hash: this.#hash, endsAtMs, maxFacts, count: this }
      const walking: Walking = { ...common, device: root.stats.dev, isOver: left === 0 }
      image.with(root.path, (held) => {
        if (!walking.isOver) walk(held, 0, walking)
      })
      if (walking.isOver) this.#cut.push(root.path)
      yield* facts
    }
  }

  /** Says which places were not looked at to their end. */
  tellGaps(): void {
    if (this.untold > 0)
      this.#image.gaps.add(
        plural(this.untold, 'more changed file'),
        `at most ${MAX_FACTS.all.toLocaleString('en-US')} are told, ${MAX_FACTS.hot.toLocaleString('en-US')} of them in /tmp and other places that intruders use first`,
        'davylamp collect --since 1d',
      )
    if (this.#cut.length === 0) return
    this.#image.gaps.add(
      `recently changed files in ${this.#cut.join(', ')}`,
      `there are too many files to look at in the time given: stopped after ${this.entries.toLocaleString('en-US')}`,
      'davylamp collect --max-time 60s',
    )
  }
}

function walk(folder: Held, depth: number, walking: Walking): void {
  const { image, count } = walking
  let names: string[]
  try {
    names = namesIn(folder, MAX_PER_FOLDER).names
  } catch {
    image.gaps.forbid(folder.path)
    return
  }
  const folders: string[] = []
  for (const name of names) {
    if (walking.isOver) return
    count.entries++
    const isLate = count.entries % LOOK_AT_CLOCK === 0 && image.budget.isSpent(walking.endsAtMs)
    if (isLate || count.entries >= MAX_ENTRIES) walking.isOver = true
    look(folder, name, depth, walking, folders)
  }
  for (const name of folders) {
    if (walking.isOver) return
    enter(folder, name, depth, walking)
  }
}

function look(folder: Held, name: string, depth: number, walking: Walking, folders: string[]): void {
  const { since, count, device, facts } = walking
  let stats: Stats
  try {
    stats = statEntry(folder, name)
  } catch {
    return
  }
  if (stats.isDirectory()) {
    if (depth < MAX_DEPTH && stats.dev === device) folders.push(name)
    return
  }
  if (!isTold(folder.path, name, stats, since)) return
  if (count.facts >= walking.maxFacts) {
    count.untold++
    return
  }
  hold(folder, name, (held) => {
    const fact = held.stats.isFile() ? factOf(held, walking) : null
    if (fact === null) return
    count.facts++
    facts.push(fact)
  })
}

function enter(folder: Held, name: string, depth: number, walking: Walking): void {
  hold(folder, name, (held) => {
    if (held.stats.isDirectory() && held.stats.dev === walking.device) walk(held, depth + 1, walking)
  })
}

function hold(folder: Held, name: string, look: (held: Held) => void): void {
  let held: Held
  try {
    held = holdEntry(folder, name)
  } catch {
    return
  }
  try {
    look(held)
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

function factOf(held: Held, { image, since, hash, endsAtMs }: Walking): Fact | null {
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
      ...contentOf(held, image.budget, hash, endsAtMs),
    },
  }
}

const ELF = Buffer.from('\x7fELF', 'latin1')

function contentOf(
  held: Held,
  budget: Budget,
  hash: FileHash,
  reserveMs: number,
): { format: string | null; sha256: string | null } {
  try {
    const head = readHeld(held, MAGIC_BYTES)?.bytes ?? Buffer.alloc(0)
    const format = head.equals(ELF) ? 'elf' : head.toString('latin1', 0, 2) === '#!' ? 'script' : null
    const { size } = held.stats
    const isHashed =
      format !== null && size <= MAX_HASH_BYTES && !budget.isSpent(reserveMs) && budget.takeHash(size)
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
