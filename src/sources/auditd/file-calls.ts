import type { FileEvent } from '../../event/file.ts'
import type { Call } from './call.ts'
import { processTitleOf } from './command-line.ts'
import { argument, fieldsOf } from './fields.ts'
import { absolute, type PathItem } from './paths.ts'

type FileAction = FileEvent['action']

/** fcntl.h, the same on the three architectures. */
const O_WRONLY = 0o1n
const O_RDWR = 0o2n
const O_CREAT = 0o100n
const O_TRUNC = 0o1000n
/** FS_IOC_SETFLAGS, its 32-bit form, FS_IOC_FSSETXATTR (linux/fs.h). */
const SET_ATTRIBUTES: ReadonlySet<bigint> = new Set([0x40086602n, 0x40046602n, 0x401c5820n])

const ACTIONS: ReadonlyMap<string, FileAction> = new Map([
  ['unlink', 'delete'],
  ['unlinkat', 'delete'],
  ['rmdir', 'delete'],
  ['rename', 'rename'],
  ['renameat', 'rename'],
  ['renameat2', 'rename'],
  ['chmod', 'chmod'],
  ['fchmod', 'chmod'],
  ['fchmodat', 'chmod'],
  ['fchmodat2', 'chmod'],
  ['chown', 'chown'],
  ['chown16', 'chown'],
  ['fchown', 'chown'],
  ['fchown16', 'chown'],
  ['lchown', 'chown'],
  ['lchown16', 'chown'],
  ['fchownat', 'chown'],
  ['link', 'link'],
  ['linkat', 'link'],
  ['symlink', 'link'],
  ['symlinkat', 'link'],
  ['truncate', 'truncate'],
  ['truncate64', 'truncate'],
  ['ftruncate', 'truncate'],
  ['ftruncate64', 'truncate'],
  ['mkdir', 'create'],
  ['mkdirat', 'create'],
  ['mknod', 'create'],
  ['mknodat', 'create'],
  ['mount', 'mount'],
  ['setxattr', 'chattr'],
  ['lsetxattr', 'chattr'],
  ['fsetxattr', 'chattr'],
])

/** What the call did to a file; null for other calls and where no record names the file. */
export function fileEventOf(call: Call): FileEvent | null {
  if (call.name === 'ioctl') return attributesEventOf(call)
  if (call.name === 'memfd_create') return fileEvent(call, 'create', '/memfd:', null, null, null)
  const action = openActionOf(call) ?? ACTIONS.get(call.name)
  if (action === undefined) return null
  const named = call.items.filter((item) => item.nameType !== 'PARENT')
  const from = itemOf(named, action)
  if (from === undefined) return null
  return fileEvent(
    call,
    action,
    from.path,
    otherPathOf(named, action, from),
    modeOf(call, action, from),
    from,
  )
}

function openActionOf(call: Call): FileAction | undefined {
  const flags = openFlagsOf(call)
  if (flags === null) return undefined
  if (call.items.some((item) => item.nameType === 'CREATE')) return 'create'
  const isWriting = (flags & (O_WRONLY | O_RDWR)) !== 0n
  if ((flags & O_TRUNC) !== 0n) return 'truncate'
  if (!call.isSuccess && (flags & O_CREAT) !== 0n) return 'create'
  return isWriting ? 'write' : 'read'
}

function openFlagsOf(call: Call): bigint | null {
  switch (call.name) {
    case 'open':
      return flagsOf(call.fields.get('a1'))
    case 'openat':
      return flagsOf(call.fields.get('a2'))
    case 'openat2':
      return openHowFlagsOf(call)
    case 'creat':
      return O_WRONLY | O_CREAT | O_TRUNC
    default:
      return null
  }
}

const FLAG_BY_NAME: ReadonlyMap<string, bigint> = new Map([
  ['O_WRONLY', O_WRONLY],
  ['O_RDWR', O_RDWR],
  ['O_CREAT', O_CREAT],
  ['O_TRUNC', O_TRUNC],
])

/** A number, or `O_WRONLY|O_CREAT|O_TRUNC` from ausearch -i. */
function flagsOf(value: string | undefined): bigint {
  if (value === undefined || !value.includes('O_')) return argument(value) ?? 0n
  return value.split('|').reduce((flags, name) => flags | (FLAG_BY_NAME.get(name) ?? 0n), 0n)
}

/** openat2 passes its flags in memory; the kernel tells them in an OPENAT2 record, in octal. */
function openHowFlagsOf(call: Call): bigint {
  const record = call.records.find((record) => record.type === 'OPENAT2')
  const flags = record === undefined ? undefined : fieldsOf(record).get('oflag')
  if (flags !== undefined && /^[0-7]{1,20}$/u.test(flags)) return BigInt(`0o${flags}`)
  return flagsOf(flags)
}

/** The item the action is told of: the old name of a rename, the new one of a link, else the last. */
function itemOf(named: readonly PathItem[], action: FileAction): PathItem | undefined {
  switch (action) {
    case 'rename':
      return named.find((item) => item.nameType === 'DELETE') ?? named[0]
    case 'link':
      return named.find((item) => item.nameType === 'CREATE') ?? named.at(-1)
    case 'mount':
      return named[0]
    case 'delete':
      return named.findLast((item) => item.nameType === 'DELETE') ?? named.at(-1)
    default:
      return named.findLast((item) => item.nameType === 'CREATE') ?? named.at(-1)
  }
}

function otherPathOf(named: readonly PathItem[], action: FileAction, from: PathItem): string | null {
  if (action === 'rename') {
    const to = named.findLast((item) => item.nameType === 'CREATE') ?? named.at(-1)
    return to === undefined || to === from ? null : to.path
  }
  if (action !== 'link' && action !== 'mount') return null
  return named.find((item) => item !== from)?.path ?? null
}

function modeOf(call: Call, action: FileAction, item: PathItem): string | null {
  if (action !== 'chmod') return action === 'create' ? item.mode : null
  const value = call.fields.get(call.name.startsWith('fchmodat') ? 'a2' : 'a1')
  // ausearch -i writes it in octal, the kernel in hexadecimal.
  if (call.syscall.isInterpreted) return value !== undefined && /^0?[0-7]{1,5}$/u.test(value) ? value : null
  const mode = argument(value)
  return mode === null ? null : `0${(mode & 0o7777n).toString(8)}`
}

/** Setting attributes goes through an open file, so no record names it: the command line does where it was chattr. */
function attributesEventOf(call: Call): FileEvent | null {
  const request = argument(call.fields.get('a1'))
  if (request === null || !SET_ATTRIBUTES.has(request & 0xffff_ffffn)) return null
  const title = processTitleOf(call.records)
  const name = title.length > 1 ? title.at(-1) : undefined
  if (name === undefined || name.startsWith('-')) return null
  const letters = title.find((word, index) => index > 0 && /^[-+=][a-zA-Z]{1,20}$/u.test(word)) ?? null
  return fileEvent(call, 'chattr', absolute(name, call.cwd), null, letters, null)
}

function fileEvent(
  call: Call,
  action: FileAction,
  path: string,
  targetPath: string | null,
  mode: string | null,
  item: PathItem | null,
): FileEvent {
  return {
    kind: 'file',
    ...call.at(item?.record ?? call.syscall),
    action,
    actor: call.actor,
    path,
    targetPath,
    mode,
    isSuccess: call.isSuccess,
    key: call.key,
  }
}
