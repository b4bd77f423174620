import { LineSplitter } from '../../inputs/lines.ts'
import { entryOf, type JournalEntry, parseEntry } from './entry.ts'
import { ExportReader } from './export.ts'
import { bare, ObjectFinder } from './objects.ts'

const MAX_OBJECTS = 40
const EXPORT_START = /^(?:__CURSOR|__REALTIME_TIMESTAMP|__MONOTONIC_TIMESTAMP|_BOOT_ID)=/u

/** Share of the first entries that carry a journal's time and one more of its own fields. */
export function recogniseJournald(head: Uint8Array): number {
  const entries = firstEntries(head)
  const fitting = entries.filter((entry) => entry !== null && (entry.cursor !== null || entry.host !== null))
  return entries.length === 0 ? 0 : fitting.length / entries.length
}

/** Epoch ms of the first entry. */
export function firstJournalTime(head: Uint8Array): number | null {
  return firstEntries(head).find((entry) => entry !== null)?.time ?? null
}

/** `journalctl -o export` instead of one of the JSON forms. */
export function isExport(head: Uint8Array): boolean {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 256)).toString('latin1')
  return EXPORT_START.test(start)
}

function firstEntries(head: Uint8Array): (JournalEntry | null)[] {
  if (isExport(head))
    return new ExportReader()
      .push(head)
      .slice(0, MAX_OBJECTS)
      .map(({ fields }) => entryOf(fields))
  const splitter = new LineSplitter()
  const batches = [splitter.push(head), splitter.end()]
  const first = batches.find((batch) => batch !== null)?.texts[0] ?? ''
  if (!bare(first).startsWith('{')) return []
  const finder = new ObjectFinder()
  const objects = batches.flatMap((batch) => (batch === null ? [] : finder.find(batch)))
  // The last one may have been cut by the end of the head.
  const whole = objects.length > 1 ? objects.slice(0, -1) : objects
  return whole.slice(0, MAX_OBJECTS).map(({ text }) => parseEntry(text))
}
