import type { AccountEvent } from '../../event/account.ts'
import type { Event } from '../../event/event.ts'
import type { ProcessEvent } from '../../event/process.ts'
import type { ServiceEvent } from '../../event/service.ts'
import { actorOf } from './actor.ts'
import { placed } from './call.ts'
import { decoded, type Fields, isSuccessful, numberedAccount, plain } from './fields.ts'
import type { AuditRecord } from './record.ts'

/** Messages of programs and of the kernel that stand on their own: accounts, services, the audit system, crashes. Null = none of these. */
export function messageEventOf(record: AuditRecord, fields: Fields): Event | null {
  switch (record.type) {
    case 'USER_CMD':
      return commandEventOf(record, fields)
    case 'SERVICE_START':
      return serviceEvent(
        record,
        'start',
        plain(fields.get('unit')),
        plain(fields.get('comm')),
        isSuccessful(fields),
      )
    case 'SERVICE_STOP':
      return serviceEvent(
        record,
        'stop',
        plain(fields.get('unit')),
        plain(fields.get('comm')),
        isSuccessful(fields),
      )
    case 'DAEMON_START':
      return serviceEvent(record, 'start', 'auditd', detailOf(record), hasNotFailed(fields))
    case 'DAEMON_END':
    case 'DAEMON_ABORT':
      return serviceEvent(record, 'stop', 'auditd', detailOf(record), hasNotFailed(fields))
    case 'CONFIG_CHANGE':
    case 'DAEMON_CONFIG':
    case 'DAEMON_ROTATE':
    case 'DAEMON_RESUME':
      return serviceEvent(record, 'configure', 'auditd', detailOf(record), hasNotFailed(fields))
    case 'KERN_MODULE':
      return serviceEvent(record, 'configure', moduleOf(record, fields), 'kernel module', true)
    case 'ANOM_PROMISCUOUS':
      return serviceEvent(record, 'configure', plain(fields.get('dev')), promiscuousDetailOf(fields), true)
    case 'ANOM_ABEND':
    case 'SECCOMP':
      return crashEventOf(record, fields)
    default:
      return accountEventOf(record, fields)
  }
}

/** sudo: the command as it ran, in hex or quoted. */
function commandEventOf(record: AuditRecord, fields: Fields): ProcessEvent {
  const commandLine = decoded(fields.get('cmd'), record.isInterpreted) ?? ''
  const args = wordsOf(commandLine)
  const program = args[0]
  return {
    kind: 'process',
    ...placed(record),
    action: 'exec',
    actor: actorOf(fields, record.isInterpreted),
    args,
    commandLine,
    cwd: decoded(fields.get('cwd'), record.isInterpreted),
    paths: program?.startsWith('/') === true ? [program] : [],
    isSuccess: isSuccessful(fields),
    targetPid: null,
    key: null,
  }
}

/** sudo joins the arguments with blanks; a script behind `-c` is taken for one argument again. */
function wordsOf(commandLine: string): string[] {
  const words = commandLine.split(' ').filter((word) => word !== '')
  const script = /^(?:\S{0,64}\/)?(?:ba|da|z|k|a)?sh(?: -[a-z]{1,8}){0,4}? -[a-z]{0,8}c /u.exec(
    commandLine,
  )?.[0]
  if (script === undefined) return words
  return [...script.trimEnd().split(' '), commandLine.slice(script.length)]
}

/** The kernel ended a process: a crash, or a system call its filter forbids. */
function crashEventOf(record: AuditRecord, fields: Fields): ProcessEvent {
  const actor = actorOf(fields, record.isInterpreted)
  return {
    kind: 'process',
    ...placed(record),
    action: 'exit',
    actor,
    args: [],
    commandLine: actor.name ?? '',
    cwd: null,
    paths: actor.exe === null ? [] : [actor.exe],
    isSuccess: false,
    targetPid: null,
    key: null,
  }
}

function serviceEvent(
  record: AuditRecord,
  action: ServiceEvent['action'],
  unit: string | null,
  detail: string | null,
  isSuccess: boolean,
): ServiceEvent {
  return { kind: 'service', ...placed(record), action, unit: unit ?? 'unknown', detail, isSuccess }
}

const MAX_DETAIL_LENGTH = 512

function detailOf(record: AuditRecord): string {
  const text = record.identity.slice(record.fieldsAt)
  return text.split('\u001d', 1)[0]?.trim().slice(0, MAX_DETAIL_LENGTH) ?? ''
}

/** Many of these carry no result where all went well. */
function hasNotFailed(fields: Fields): boolean {
  const result = fields.get('res') ?? fields.get('result')
  return result === undefined || isSuccessful(fields)
}

function moduleOf(record: AuditRecord, fields: Fields): string | null {
  return decoded(fields.get('name'), record.isInterpreted)
}

function promiscuousDetailOf(fields: Fields): string {
  const mode = fields.get('prom')
  return mode === '0' || mode === 'no' || mode === 'none'
    ? 'leaves promiscuous mode'
    : 'enters promiscuous mode'
}

const ACCOUNT_ACTIONS: ReadonlyMap<string, AccountEvent['action']> = new Map([
  ['ADD_USER', 'add-user'],
  ['DEL_USER', 'delete-user'],
  ['ADD_GROUP', 'add-group'],
  ['DEL_GROUP', 'delete-group'],
  ['USER_CHAUTHTOK', 'change-password'],
  ['USER_MGMT', 'modify-user'],
  ['GRP_MGMT', 'modify-user'],
  ['CHUSER_ID', 'modify-user'],
  ['CHGRP_ID', 'modify-user'],
  ['ACCT_LOCK', 'lock'],
  ['ACCT_UNLOCK', 'unlock'],
])

function accountEventOf(record: AuditRecord, fields: Fields): AccountEvent | null {
  const action = ACCOUNT_ACTIONS.get(record.type)
  if (action === undefined) return null
  return {
    kind: 'account',
    ...placed(record),
    action,
    actor: actorOf(fields, record.isInterpreted),
    user: accountNameOf(record, fields),
    isSuccess: isSuccessful(fields),
  }
}

/** The account changed: by name (`acct`, `grp`), or by number with the name an enriched record adds. */
function accountNameOf(record: AuditRecord, fields: Fields): string | null {
  const name = decoded(
    fields.get('acct') ?? fields.get('grp') ?? fields.get('new_group'),
    record.isInterpreted,
  )
  return name ?? numberedAccount(fields)
}
