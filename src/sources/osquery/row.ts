import type { Actor } from '../../event/actor.ts'
import { countAt, type Fields, textAt } from '../json/fields.ts'

/** Whether a row became true, stopped being true, or is true at the moment. */
export type Change = 'added' | 'removed' | 'seen'

/** A row of a table of osquery. All its values are texts, save where the logger was told to write numbers. */
export interface Row {
  readonly columns: Fields
  readonly change: Change
  /** It was not there at the last answer. The first answer to a query says all that is there as added. */
  readonly isNew: boolean
}

/** A text that only one kind of table has, by its columns: queries are called as their writer likes. */
export function has(columns: Fields, ...names: readonly string[]): boolean {
  return names.every((name) => name in columns)
}

/** Tables of events; which of these they give depends on the query: `eid` is hidden from `select *`. */
export function isHappening(columns: Fields): boolean {
  return ['eid', 'uptime', 'ntime', 'syscall', 'target_path'].some((name) => name in columns)
}

/** -1 and 4294967295 say that there is none. */
export function idAt(columns: Fields, name: string): number | null {
  const id = countAt(columns, name)
  return id === null || id === 4_294_967_295 ? null : id
}

/** The process of a row. `name` is what the kernel calls it: fifteen letters. */
export function actorOf(columns: Fields): Actor {
  const exe = pathAt(columns, 'path')
  const name = textAt(columns, 'name') ?? (exe === null ? null : exe.slice(exe.lastIndexOf('/') + 1))
  return {
    pid: idAt(columns, 'pid'),
    ppid: idAt(columns, 'parent'),
    exe,
    name,
    uid: idAt(columns, 'euid') ?? idAt(columns, 'uid'),
    loginUid: idAt(columns, 'auid'),
    session: null,
    tty: textAt(columns, 'tty'),
  }
}

export function pathAt(columns: Fields, name: string): string | null {
  const path = textAt(columns, name)
  return path !== null && path.startsWith('/') ? path : null
}
