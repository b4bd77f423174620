import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Archive } from './archive/archive.ts'
import { Budget } from './budget.ts'
import { ABOUT, COLLECTION_FORMAT, MANIFEST } from './collection.ts'
import { type Fact, FACT_FORMAT, type FactType } from './fact.ts'
import { accountFacts, accountsOf } from './files/accounts.ts'
import { FileWalk, HOT_PLACES, OTHER_PLACES } from './files/changed-files.ts'
import { containerFacts } from './files/containers.ts'
import { Image } from './files/image.ts'
import { lastLoginFacts } from './files/last-logins.ts'
import { findLogs, inTime, logChunks, type LogFile } from './files/logs.ts'
import { moduleFacts } from './files/modules.ts'
import { packageFacts } from './files/packages.ts'
import { persistenceFacts } from './files/persistence.ts'
import { routeFacts } from './files/routes.ts'
import { kernelFact, systemFacts } from './files/system.ts'
import { firewallFacts } from './firewall.ts'
import { type Gap, Gaps } from './gaps.ts'
import { machineFact, type MachineNames, machineNames } from './machine.ts'
import { runningFacts } from './proc/running.ts'
import { Mounts } from './proc/mounts.ts'
import { Tree } from './tree.ts'

export interface CollectOptions {
  /** File to write. */
  readonly out: string
  /** `/` for this machine, else the folder in which an image of one is mounted. */
  readonly root: string
  /** Epoch ms: logs and changed files since then. */
  readonly since: number
  /** How long the processors are watched. */
  readonly intervalMs: number
  /** After so long it ends with what it has. */
  readonly maxMs: number
  /** And after so much work of its own; absent = six seconds. */
  readonly maxCpuMs?: number
  readonly version: string
  /** Wall clock, epoch ms. */
  now(): number
  onProgress?(what: string): void
}

export interface Collected {
  readonly host: string
  /** Of each type. */
  readonly facts: Readonly<Partial<Record<FactType, number>>>
  readonly logs: number
  readonly gaps: readonly Gap[]
  readonly storedBytes: number
  readonly filesLookedAt: number
}

const MAX_HASH_BYTES = 384 * 2 ** 20
const MAX_CPU_MS = 6000
/** Kept for what comes after, most of it for logs; at the end for writing what was seen. */
const RESERVE_MS = { hotFiles: 3000, logs: 1200, files: 300 } as const
const PARTS = 8
/** Longer records are read by nobody. */
const MAX_LINE_CHARS = 1_000_000

/**
 * Looks at a machine and writes what it sees into one archive: first what this is, then facts by type and logs as they
 * are, last a manifest with the hash of each. Changes nothing but the file it writes. Throws what keeps it from being
 * written, or from looking at `root` at all.
 */
export async function collect(options: CollectOptions): Promise<Collected> {
  const isLive = options.root === '/'
  const tree = new Tree(options.root)
  const archive = openArchive(tree, options)
  try {
    const budget = new Budget({
      now: clock,
      cpuMs,
      maxMs: options.maxMs,
      maxCpuMs: options.maxCpuMs ?? MAX_CPU_MS,
      maxHashBytes: MAX_HASH_BYTES,
    })
    const gaps = new Gaps(process.getuid?.() === 0)
    const mounts = isLive ? Mounts.ofThisProcess() : null
    const image = new Image(tree, budget, gaps, mounts)
    const names = machineNames(image, isLive)
    const book = new FactBook(archive, names, gaps, () => options.now())
    await archive.add(ABOUT, json(aboutOf(options, names, isLive)))
    // Before the processes: how the machine is tuned says what to think of them.
    await book.write('machine', [machineFact(image, names, isLive)])
    await book.write('kernel', [kernelFact(image)])
    options.onProgress?.('what runs')
    if (mounts !== null) await live(book, image, mounts, options)
    // What matters most for the verdict comes first: on a machine with much to do, the rest finds no time.
    options.onProgress?.('what starts by itself, who may log in')
    await accounts(book, image)
    const walk = new FileWalk(image, options.since)
    options.onProgress?.('files where intruders put them')
    const [walkedAt, workedMs] = [clock(), cpuMs()]
    await book.write('file', walk.of(HOT_PLACES, RESERVE_MS.hotFiles))
    const share = shareOf(cpuMs() - workedMs, clock() - walkedAt)
    options.onProgress?.('logs')
    const logs = findLogs(image, options.since)
    let taken = 0
    for (const log of logs) if (await addLog(archive, image, log, share)) taken++
    options.onProgress?.('what is installed, and other files')
    await book.writeAll(packageFacts(image))
    await book.write('file', walk.of(OTHER_PLACES, RESERVE_MS.files), 'file-more')
    walk.tellGaps()
    await archive.add(MANIFEST, json(manifestOf(archive, gaps, options)))
    await archive.finish()
    return {
      host: names.host,
      facts: book.counts,
      logs: taken,
      gaps: gaps.all(),
      storedBytes: archive.storedBytes,
      filesLookedAt: walk.entries,
    }
  } catch (error) {
    await archive.discard()
    throw error
  } finally {
    tree.close()
  }
}

/** ms, of a clock that does not step. */
function clock(): number {
  return performance.now()
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function openArchive(tree: Tree, options: CollectOptions): Archive {
  try {
    return new Archive(options.out, options.now())
  } catch (error) {
    tree.close()
    throw error
  }
}

async function live(book: FactBook, image: Image, mounts: Mounts, options: CollectOptions): Promise<void> {
  const accounts = accountsOf(image)
  const users = new Map(accounts.map(({ uid, name }) => [uid, name]))
  const running = await runningFacts({
    image,
    mounts,
    intervalMs: options.intervalMs,
    parts: PARTS,
    clock: { now: clock, sleep: async (ms) => sleep(ms) },
    now: () => options.now(),
    userOf: (uid) => users.get(uid) ?? null,
  })
  await book.write('cpu-accounting', running.accounting)
  await book.write('process', running.processes)
  await book.write('connection', running.connections)
  await book.write('listening-socket', running.listening)
  await book.write('mount', mounts.facts())
  await book.write('module', moduleFacts(image))
  await book.write('route', routeFacts(image))
  await book.write('firewall', await firewallFacts(process.getuid?.() === 0, image.gaps))
}

async function accounts(book: FactBook, image: Image): Promise<void> {
  const known = accountsOf(image)
  await book.writeAll(systemFacts(image))
  await book.writeAll(accountFacts(image, known))
  await book.writeAll(lastLoginFacts(image))
  await book.writeAll(persistenceFacts(image, known))
  await book.writeAll(containerFacts(image))
}

const LEAST_SHARE = 0.05
/** Too short to say anything. */
const LEAST_WALK_MS = 100

/** How much of a processor this process was given while it had work to do. */
function shareOf(workedMs: number, passedMs: number): number {
  return passedMs < LEAST_WALK_MS ? 1 : Math.min(1, Math.max(LEAST_SHARE, workedMs / passedMs))
}

/** As much of a log as there is time for, its end; false where there is none. */
async function addLog(archive: Archive, image: Image, log: LogFile, share: number): Promise<boolean> {
  const part = inTime(image, log, RESERVE_MS.logs, share)
  if (part === null) return false
  await archive.addStream(`logs${log.path}`, part.bytes, logChunks(image, part))
  return true
}

/** Facts as lines of the archive, a file for each type. */
class FactBook {
  readonly counts: Partial<Record<FactType, number>> = {}
  readonly #archive: Archive
  readonly #names: MachineNames
  readonly #gaps: Gaps
  readonly #now: () => number

  constructor(archive: Archive, names: MachineNames, gaps: Gaps, now: () => number) {
    this.#archive = archive
    this.#names = names
    this.#gaps = gaps
    this.#now = now
  }

  /** Facts of mixed types. */
  async writeAll(facts: Iterable<Fact>): Promise<void> {
    const byType = Map.groupBy(facts, ({ type }) => type)
    for (const [type, group] of byType) await this.write(type, group)
  }

  /** Facts of one type; `name`: of the member, where there are several of the type. */
  async write(type: FactType, facts: Iterable<Fact>, name: string = type): Promise<void> {
    const { host, machineId, addresses } = this.#names
    const time = new Date(this.#now()).toISOString()
    const lines: string[] = []
    for (const { id, name: called, attributes } of facts) {
      const head = { davylamp: FACT_FORMAT, fact: type, time, host, machineId, addresses, id, name: called }
      const line = JSON.stringify({ ...head, attributes })
      if (line.length <= MAX_LINE_CHARS) lines.push(line)
      else this.#gaps.add(`${type} ${id}`, 'there is too much of it for one fact')
    }
    if (lines.length === 0) return
    this.counts[type] = (this.counts[type] ?? 0) + lines.length
    await this.#archive.add(`host/${name}.jsonl`, Buffer.from(`${lines.join('\n')}\n`))
  }
}

function aboutOf(options: CollectOptions, names: MachineNames, isLive: boolean): object {
  return {
    davylamp: COLLECTION_FORMAT,
    part: 'about',
    version: options.version,
    createdAt: new Date(options.now()).toISOString(),
    host: names.host,
    isLive,
    uid: process.getuid?.() ?? null,
    since: new Date(options.since).toISOString(),
    note: 'facts are masked and hold no value of an environment; logs are copied as they are and may hold secrets',
  }
}

function manifestOf({ members }: Archive, gaps: Gaps, options: CollectOptions): object {
  return {
    davylamp: COLLECTION_FORMAT,
    part: 'manifest',
    finishedAt: new Date(options.now()).toISOString(),
    members,
    notSeen: gaps.all(),
  }
}

function json(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}
