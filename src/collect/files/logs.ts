import { closeSync, readSync } from 'node:fs'
import { openHeld } from '../tree.ts'
import type { Image } from './image.ts'

/** Logs that the sources read, by how they are called; rotated ones too. */
const LOG =
  /^(?:auth\.log|secure|syslog|messages|kern\.log|cron(?:\.log)?|daemon\.log|user\.log|audit\.log|dnsmasq\.log|access\.log|access_log|eve\.json|falco(?:_events)?\.(?:log|json)|fail2ban\.log)(?:[.-][\w.-]{1,40})?$/u
const FOLDERS = [
  '/var/log',
  '/var/log/audit',
  '/var/log/nginx',
  '/var/log/apache2',
  '/var/log/httpd',
  '/var/log/suricata',
  '/var/log/falco',
]
/** Who got in and what was started come before what else is told. */
const FIRST = /^(?:auth\.log|secure|audit\.log)/u
const PACKED = /\.(?:gz|zst|xz|bz2)$/u
const MAX_LOG_BYTES = 64 * 2 ** 20
const MAX_ALL_BYTES = 256 * 2 ** 20
const CHUNK_BYTES = 256 * 1024

export interface LogFile {
  readonly path: string
  readonly bytes: number
  readonly modifiedAt: number
  /** Bytes at its start that are left out. */
  readonly leftOut: number
}

/** Logs written to since `since` (epoch ms), those of logins and of the audit trail first, then the newest, as much as there is room for: of a long one its end. */
export function findLogs(image: Image, since: number): LogFile[] {
  const found: { path: string; size: number; modifiedAt: number }[] = []
  for (const folder of FOLDERS)
    image.each(folder, ({ path, stats }) => {
      const name = path.slice(path.lastIndexOf('/') + 1)
      if (stats.isFile() && stats.size > 0 && stats.mtimeMs >= since && LOG.test(name))
        found.push({ path, size: stats.size, modifiedAt: stats.mtimeMs })
    })
  let room = MAX_ALL_BYTES
  const logs: LogFile[] = []
  const byWorth = found.toSorted((a, b) => worth(b.path) - worth(a.path) || b.modifiedAt - a.modifiedAt)
  for (const { path, size, modifiedAt } of byWorth) {
    const isPacked = PACKED.test(path)
    const bytes = Math.min(size, MAX_LOG_BYTES, room)
    if (bytes === 0 || (isPacked && bytes < size)) {
      image.gaps.add(path, 'the logs together are larger than what is collected', null)
      continue
    }
    if (bytes < size)
      image.gaps.add(path, `it is long: only its last ${Math.floor(bytes / 2 ** 20)} MiB were taken`, null)
    room -= bytes
    logs.push({ path, bytes, modifiedAt, leftOut: size - bytes })
  }
  if (
    image.with('/var/log/journal', () => true) === true ||
    image.with('/run/log/journal', () => true) === true
  )
    image.gaps.add(
      'the journal',
      'it stands in files that only journalctl reads',
      'journalctl -o export --since -7d > journal.export',
    )
  return logs
}

function worth(path: string): number {
  return FIRST.test(path.slice(path.lastIndexOf('/') + 1)) ? 1 : 0
}

/** What reading, hashing and packing come to with a processor of its own; a crowded machine gives a share of one. */
const BYTES_PER_MS = 50_000
const LEAST_BYTES = 64 * 1024

/** The end of a log that there is time for before less than `reserveMs` are left; null where there is none. `share`: of a processor, 0–1. */
export function inTime(image: Image, log: LogFile, reserveMs: number, share: number): LogFile | null {
  const room = Math.max(0, image.budget.leftMs - reserveMs) * BYTES_PER_MS * share
  const bytes = Math.floor(Math.min(log.bytes, room))
  if (bytes === log.bytes) return log
  const isPacked = PACKED.test(log.path)
  if (isPacked || bytes < LEAST_BYTES) {
    image.gaps.add(log.path, 'there was no time left for it', 'davylamp collect --max-time 60s')
    return null
  }
  const part = `there was time for its last ${(bytes / 2 ** 20).toFixed(1)} MiB only`
  image.gaps.add(log.path, part, 'davylamp collect --max-time 60s')
  return { ...log, bytes, leftOut: log.leftOut + (log.bytes - bytes) }
}

/** The last `log.bytes` of a log in pieces. Each piece is the reader's for good. */
export function* logChunks(image: Image, log: LogFile): Generator<Uint8Array> {
  // A generator must not hold the tree while nobody reads: the handle is opened once, and closed here.
  const fd = image.with(log.path, (held) => (held.stats.isFile() ? openHeld(held) : null))
  if (fd === null) return
  try {
    for (let at = log.leftOut, end = log.leftOut + log.bytes; at < end;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at))
      const count = readSync(fd, chunk, 0, chunk.length, at)
      if (count === 0) return
      at += count
      yield chunk.subarray(0, count)
    }
  } finally {
    closeSync(fd)
  }
}
