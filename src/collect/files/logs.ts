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

/** Logs written to since `since` (epoch ms), the newest first, as much as there is room for: of a long one its end. */
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
  for (const { path, size, modifiedAt } of found.toSorted((a, b) => b.modifiedAt - a.modifiedAt)) {
    const isPacked = /\.(?:gz|zst|xz|bz2)$/u.test(path)
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
