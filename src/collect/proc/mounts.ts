import type { Fact } from '../fact.ts'
import { textOf } from './proc.ts'

export interface Mount {
  readonly device: string
  readonly root: string
  readonly target: string
  readonly options: readonly string[]
  readonly fsType: string
  readonly source: string
}

/** Whoever serves these may never answer: nothing on them is touched. */
const REMOTE =
  /^(?:fuse|nfs|cifs|smb|9p|afs|ceph|gluster|lustre|autofs|ncpfs|coda|ocfs|gfs|beegfs|virtiofs|davfs|sshfs)/u

/** What is mounted where (proc_pid_mountinfo(5)). */
export class Mounts {
  readonly all: readonly Mount[]

  constructor(text: string) {
    this.all = readMounts(text)
  }

  static ofThisProcess(): Mounts {
    return new Mounts(textOf('/proc/self/mountinfo', 8 * 2 ** 20) ?? '')
  }

  /** Whether a path lies on another machine, or in a program's hands (FUSE). The last one mounted there counts. */
  isRemote(path: string): boolean {
    let best: Mount | null = null
    for (const mount of this.all) {
      if (!isBelow(path, mount.target)) continue
      if (best === null || mount.target.length >= best.target.length) best = mount
    }
    return best !== null && REMOTE.test(best.fsType)
  }

  *facts(): Generator<Fact> {
    for (const [index, { device, root, target, options, fsType, source }] of this.all.entries()) {
      yield {
        type: 'mount',
        id: `${index}:${device}:${target}`.slice(0, 512),
        name: target,
        attributes: { target, source, root, fsType, options },
      }
    }
  }
}

function isBelow(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`)
}

export function readMounts(text: string): Mount[] {
  const mounts: Mount[] = []
  for (const line of text.split('\n')) {
    const fields = line.split(' ')
    const dash = fields.indexOf('-', 6)
    const [, , device, root, target, options] = fields
    if (dash < 0 || device === undefined || root === undefined || target === undefined) continue
    mounts.push({
      device,
      root: unescaped(root),
      target: unescaped(target),
      options: [...new Set([...(options ?? '').split(','), ...(fields[dash + 3] ?? '').split(',')])].filter(
        (option) => option !== '',
      ),
      fsType: fields[dash + 1] ?? '',
      source: unescaped(fields[dash + 2] ?? ''),
    })
  }
  return mounts
}

/** Blanks, tabs, line feeds and backslashes are written as octal numbers. */
function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/gu, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
