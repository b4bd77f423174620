import type { Event } from '../../event/event.ts'
import { actorOf } from './actor.ts'
import { type Call, placed } from './call.ts'
import { argument, decoded, type Fields, fieldsOf, isSuccessful } from './fields.ts'
import { fileEventOf } from './file-calls.ts'
import type { AuditGroup } from './join.ts'
import type { Logins } from './logins.ts'
import { messageEventOf } from './messages.ts'
import { pathItemsOf, workingDirectoryOf } from './paths.ts'
import { processEventOf } from './process-calls.ts'
import type { AuditRecord } from './record.ts'
import { socketEventOf } from './socket-calls.ts'
import { syscallName } from './syscalls.ts'

/** The events of one joined group; null = nothing in it says anything here. */
export function eventsOf(group: AuditGroup, logins: Logins): readonly Event[] | null {
  const syscall = group.records.find((record) => record.type === 'SYSCALL')
  const events: Event[] = []
  let isUsed = false
  for (const record of group.records) {
    if (PARTS.has(record.type)) continue
    const fields = fieldsOf(record)
    const found = logins.eventsOf(record, fields) ?? listed(messageEventOf(record, fields))
    if (found === null) continue
    isUsed = true
    events.push(...found)
  }
  const event = syscall === undefined ? null : callEventOf(group, syscall)
  if (event !== null) events.push(event)
  return isUsed || event !== null ? events : null
}

/** Records that only describe a system call. */
const PARTS: ReadonlySet<string> = new Set([
  'SYSCALL',
  'EXECVE',
  'CWD',
  'PATH',
  'SOCKADDR',
  'PROCTITLE',
  'OBJ_PID',
  'OPENAT2',
  'AVC',
  'EOE',
])

function listed(event: Event | null): readonly Event[] | null {
  return event === null ? null : [event]
}

function callEventOf(group: AuditGroup, syscall: AuditRecord): Event | null {
  const fields = fieldsOf(syscall)
  const name = syscallName(fields.get('arch'), fields.get('syscall'), fields.get('a0'), fields.get('SYSCALL'))
  if (name === null) return null
  const { records } = group
  const cwd = workingDirectoryOf(records)
  const call: Call = {
    name,
    fields,
    actor: actorOf(fields, syscall.isInterpreted),
    isSuccess: isSuccessful(fields),
    key: keyOf(fields, syscall.isInterpreted),
    cwd,
    items: pathItemsOf(records, cwd, isBelowCwd(name, fields)),
    records,
    syscall,
    at: placed,
  }
  return processEventOf(call) ?? fileEventOf(call) ?? socketEventOf(call)
}

/** Several keys are one value with 0x01 between them. */
function keyOf(fields: Fields, isInterpreted: boolean): string | null {
  return decoded(fields.get('key'), isInterpreted)?.replaceAll('\u0001', ',') ?? null
}

const AT_FDCWD = 0xffff_ff9cn

/** Whether relative paths start from the working directory: always, unless an `…at` call names another folder. */
function isBelowCwd(name: string, fields: Fields): boolean {
  const folder = name.endsWith('at') || name.endsWith('at2') ? fields.get('a0') : undefined
  if (folder === undefined || folder === 'AT_FDCWD') return true
  const number = argument(folder)
  return number === null || (number & 0xffff_ffffn) === AT_FDCWD
}
