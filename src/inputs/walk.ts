import { lstatSync, readdirSync, realpathSync, type Stats, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { formatNumber } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import type { FileIdentity } from './bytes.ts'
import type { Skipped } from './input.ts'
import type { InputLimits } from './limits.ts'
import { systemReason } from './system-error.ts'

export interface FoundFile extends FileIdentity {
  /** As given, with the way down from a given folder; made visible. */
  readonly name: string
  readonly group: string
  readonly modifiedAt: number
}

/** linux/magic.h: file systems that the kernel makes up; their files block, change things or never end. */
const KERNEL_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x9fa0, 'proc'],
  [0x62656572, 'sysfs'],
  [0x64626720, 'debugfs'],
  [0x74726163, 'tracefs'],
  [0x27e0eb, 'cgroup'],
  [0x63677270, 'cgroup2'],
  [0xcafe4a11, 'bpf'],
  [0x73636673, 'securityfs'],
  [0xf97cff8c, 'selinuxfs'],
  [0x62656570, 'configfs'],
  [0x1cd1, 'devpts'],
  [0x19800202, 'mqueue'],
  [0x42494e4d, 'binfmt_misc'],
  [0x6e736673, 'nsfs'],
  [0x50495045, 'pipefs'],
])

/** A file system entry that was met: where it really is and how it is called. */
interface Met {
  readonly path: Buffer
  readonly name: string
  readonly group: string
  readonly depth: number
}

/** Finds the regular files under the given paths, each once, sorted by name within a folder. */
export class Walk {
  readonly #limits: InputLimits
  readonly #seen = new Map<string, string>()
  readonly #devices = new Map<number, string | null>()
  #files: FoundFile[] = []
  #skipped: Skipped[] = []
  #links: { met: Met; root: Buffer }[] = []
  #fileCount = 0

  constructor(limits: InputLimits) {
    this.#limits = limits
  }

  /** A path from the command line and how to call it: a symbolic link there is followed wherever it leads. */
  find(path: Buffer, name: string): { files: readonly FoundFile[]; skipped: readonly Skipped[] } {
    this.#files = []
    this.#skipped = []
    const met = { path, name, group: dirname(name), depth: 0 }
    this.#guarded(met, () => {
      this.#take(met, statSync(path), realpathSync(path, 'buffer'))
    })
    // Links wait for the real files, so that a file is known by its own name; links may lead to more links.
    for (let link = this.#links.shift(); link !== undefined; link = this.#links.shift())
      this.#follow(link.met, link.root)
    return { files: this.#files, skipped: this.#skipped }
  }

  #guarded(met: Met, look: () => void): void {
    try {
      look()
    } catch (error) {
      this.#skip(met, systemReason(error))
    }
  }

  #skip(met: Met, reason: string): void {
    this.#skipped.push({ file: met.name, reason })
  }

  #take(met: Met, stats: Stats, root: Buffer): void {
    if (this.#fileCount > this.#limits.maxFiles) return
    const kernel = this.#kernelFileSystem(met, stats)
    if (kernel !== null) return this.#skip(met, `made up by the kernel (${kernel}): not evidence`)
    if (!stats.isFile() && !stats.isDirectory()) return this.#skip(met, `${kindOf(stats)}: not opened`)
    const identity = `${stats.dev}:${stats.ino}`
    const before = this.#seen.get(identity)
    if (before !== undefined) return this.#skip(met, `the same as ${before}`)
    this.#seen.set(identity, met.name)
    if (stats.isDirectory()) this.#descend(met, root)
    else this.#file(met, stats)
  }

  #file(met: Met, stats: Stats): void {
    const { maxFiles } = this.#limits
    this.#fileCount++
    if (this.#fileCount > maxFiles)
      return this.#skip(met, `more than ${formatNumber(maxFiles)} files: this and all others are not read`)
    const { path, name, group } = met
    this.#files.push({
      path,
      name,
      group,
      device: stats.dev,
      inode: stats.ino,
      size: stats.size,
      modifiedAt: stats.mtimeMs,
    })
  }

  #descend(folder: Met, root: Buffer): void {
    if (folder.depth >= this.#limits.maxFolderDepth)
      return this.#skip(folder, `deeper than ${this.#limits.maxFolderDepth} folders: not opened`)
    for (const entry of readdirSync(folder.path, 'buffer').toSorted((a, b) => Buffer.compare(a, b))) {
      const met = below(folder, entry)
      this.#guarded(met, () => {
        const stats = lstatSync(met.path)
        if (stats.isSymbolicLink()) this.#links.push({ met, root })
        else this.#take(met, stats, root)
      })
    }
  }

  #follow(met: Met, root: Buffer): void {
    this.#guarded(met, () => {
      const target = realpathSync(met.path, 'buffer')
      if (isInside(target, root)) this.#take(met, statSync(target), root)
      else this.#skip(met, 'a symbolic link that leads out of the folder: not followed')
    })
  }

  /** The name of the kernel file system that the entry is on; null for real ones. */
  #kernelFileSystem(met: Met, stats: Stats): string | null {
    const known = this.#devices.get(stats.dev)
    if (known !== undefined) return known
    const kind =
      stats.isFile() || stats.isDirectory()
        ? (KERNEL_FILE_SYSTEMS.get(statfsSync(met.path).type) ?? null)
        : null
    this.#devices.set(stats.dev, kind)
    return kind
  }
}

function below(folder: Met, entry: Buffer): Met {
  const slash = folder.path.at(-1) === 0x2f ? '' : '/'
  return {
    path: Buffer.concat([folder.path, Buffer.from(slash), entry]),
    name: `${folder.name}${folder.name.endsWith('/') ? '' : '/'}${visible(entry.toString('utf8'))}`,
    group: folder.name,
    depth: folder.depth + 1,
  }
}

function isInside(target: Buffer, root: Buffer): boolean {
  if (target.equals(root)) return true
  const start = root.at(-1) === 0x2f ? root : Buffer.concat([root, Buffer.from('/')])
  return target.subarray(0, start.length).equals(start)
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a named pipe'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}
