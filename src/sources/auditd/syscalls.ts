/** The system calls that say something here: name, number on x86_64, aarch64 and i386 (Linux 6.x tables); null where it does not exist. */
const CALLS: readonly (readonly [string, number | null, number | null, number | null])[] = [
  ['accept', 43, 202, null],
  ['accept4', 288, 242, 364],
  ['bind', 49, 200, 361],
  ['bpf', 321, 280, 357],
  ['chmod', 90, null, 15],
  ['chown', 92, null, 212],
  ['chown16', null, null, 182],
  ['connect', 42, 203, 362],
  ['creat', 85, null, 8],
  ['delete_module', 176, 106, 129],
  ['execve', 59, 221, 11],
  ['execveat', 322, 281, 358],
  ['exit', 60, 93, 1],
  ['exit_group', 231, 94, 252],
  ['fchmod', 91, 52, 94],
  ['fchmodat', 268, 53, 306],
  ['fchmodat2', 452, 452, 452],
  ['fchown', 93, 55, 207],
  ['fchown16', null, null, 95],
  ['fchownat', 260, 54, 298],
  ['finit_module', 313, 273, 350],
  ['fsetxattr', 190, 7, 228],
  ['ftruncate', 77, 46, 93],
  ['ftruncate64', null, null, 194],
  ['init_module', 175, 105, 128],
  ['ioctl', 16, 29, 54],
  ['kill', 62, 129, 37],
  ['lchown', 94, null, 198],
  ['lchown16', null, null, 16],
  ['link', 86, null, 9],
  ['linkat', 265, 37, 303],
  ['lsetxattr', 189, 6, 227],
  ['memfd_create', 319, 279, 356],
  ['mkdir', 83, null, 39],
  ['mkdirat', 258, 34, 296],
  ['mknod', 133, null, 14],
  ['mknodat', 259, 33, 297],
  ['mount', 165, 40, 21],
  ['open', 2, null, 5],
  ['openat', 257, 56, 295],
  ['openat2', 437, 437, 437],
  ['personality', 135, 92, 136],
  ['prctl', 157, 167, 172],
  ['ptrace', 101, 117, 26],
  ['rename', 82, null, 38],
  ['renameat', 264, 38, 302],
  ['renameat2', 316, 276, 353],
  ['rmdir', 84, null, 40],
  ['sendmmsg', 307, 269, 345],
  ['sendmsg', 46, 211, 370],
  ['sendto', 44, 206, 369],
  ['setxattr', 188, 5, 226],
  ['socketcall', null, null, 102],
  ['symlink', 88, null, 83],
  ['symlinkat', 266, 36, 304],
  ['sysinfo', 99, 179, 116],
  ['syslog', 103, 116, 103],
  ['tgkill', 234, 131, 270],
  ['tkill', 200, 130, 238],
  ['truncate', 76, 45, 92],
  ['truncate64', null, null, 193],
  ['unlink', 87, null, 10],
  ['unlinkat', 263, 35, 301],
]

const NAMES = new Set(CALLS.map(([name]) => name))
/** AUDIT_ARCH_* of linux/audit.h → column. */
const COLUMN_BY_ARCH: ReadonlyMap<string, 1 | 2 | 3> = new Map([
  ['c000003e', 1],
  ['c00000b7', 2],
  ['40000003', 3],
])
const BY_ARCH = new Map(
  [...COLUMN_BY_ARCH].map(([arch, column]) => [arch, new Map(CALLS.map((call) => [call[column], call[0]]))]),
)
/** What the multiplexer of 32-bit x86 was asked for (linux/net.h). */
const SOCKET_CALLS: ReadonlyMap<string, string> = new Map([
  ['2', 'bind'],
  ['3', 'connect'],
  ['5', 'accept'],
  ['b', 'sendto'],
  ['10', 'sendmsg'],
  ['12', 'accept4'],
])

/**
 * The call's name, or null where it says nothing here or the architecture is not known.
 * `written` is what an enriched or interpreted record calls it.
 */
export function syscallName(
  arch: string | undefined,
  number: string | undefined,
  a0: string | undefined,
  written: string | undefined,
): string | null {
  const name = named(written) ?? named(number) ?? BY_ARCH.get(arch ?? '')?.get(Number(number)) ?? null
  if (name === 'socketcall') return SOCKET_CALLS.get(a0 ?? '') ?? null
  return name
}

function named(written: string | undefined): string | null {
  return written !== undefined && NAMES.has(written) ? written : null
}
