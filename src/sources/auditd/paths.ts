import { posix } from 'node:path'
import { decoded, fieldsOf, plain } from './fields.ts'
import type { AuditRecord } from './record.ts'

export interface PathItem {
  /** Absolute where the event tells the folder it is relative to. */
  readonly path: string
  readonly nameType: string
  readonly mode: string | null
  readonly record: AuditRecord
}

/** The folder the process was in. */
export function workingDirectoryOf(records: readonly AuditRecord[]): string | null {
  const record = records.find((record) => record.type === 'CWD')
  return record === undefined ? null : decoded(fieldsOf(record).get('cwd'), record.isInterpreted)
}

/**
 * The named PATH records by item number. `isBelowCwd` is false where the call gave a folder of its own
 * (`dirfd`), which the records do not name: such a path stays relative.
 */
export function pathItemsOf(
  records: readonly AuditRecord[],
  cwd: string | null,
  isBelowCwd: boolean,
): PathItem[] {
  const items: (PathItem & { readonly number: number })[] = []
  for (const record of records) {
    if (record.type !== 'PATH') continue
    const fields = fieldsOf(record)
    const name = decoded(fields.get('name'), record.isInterpreted)
    if (name === null || name === '') continue
    items.push({
      path: absolute(name, isBelowCwd ? cwd : null),
      nameType: fields.get('nametype') ?? 'UNKNOWN',
      mode: plain(fields.get('mode')),
      record,
      number: Number(fields.get('item') ?? 0),
    })
  }
  return items.toSorted((a, b) => a.number - b.number)
}

export function absolute(name: string, cwd: string | null): string {
  if (name.startsWith('/')) return tidy(name)
  return cwd === null ? name : tidy(`${cwd}/${name}`)
}

/** Most paths are tidy already; normalising them costs more than looking. */
function tidy(path: string): string {
  return path.includes('//') || path.includes('/.') ? posix.normalize(path) : path
}
