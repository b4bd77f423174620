import { isIP } from 'node:net'
import type { Event } from '../../event/event.ts'
import type { SocketEvent } from '../../event/socket.ts'
import { type Fields, numberAt, portAt, textAt } from '../json/fields.ts'
import { resource } from './resource-row.ts'
import { actorOf, has, isHappening, type Row } from './row.ts'
import type { Seen } from './seen.ts'

/** IANA numbers of what has ports. */
const PROTOCOLS: Readonly<Record<string, string>> = { 6: 'tcp', 17: 'udp' }
const ACTIONS: Readonly<Record<string, SocketEvent['action']>> = {
  connect: 'connect',
  bind: 'bind',
  accept: 'accept',
  accept4: 'accept',
}
const EINPROGRESS = 115
/** As osquery names the states of TCP in which both ends speak. */
const OPEN: ReadonlySet<string> = new Set(['ESTABLISHED', 'SYN_SENT', 'CLOSE_WAIT'])

/** socket_events, bpf_socket_events, process_open_sockets, listening_ports. */
export function socketRow(row: Row, seen: Seen): Event[] | null {
  const { columns, change } = row
  if (has(columns, 'remote_address', 'remote_port')) {
    if (change === 'removed') return []
    return isHappening(columns) ? attempted(columns, seen) : open(columns, seen)
  }
  if (!has(columns, 'pid', 'port')) return null
  return change === 'removed' ? [] : listening(columns, seen)
}

function attempted(columns: Fields, seen: Seen): Event[] {
  const action = ACTIONS[textAt(columns, 'action') ?? textAt(columns, 'syscall') ?? '']
  if (action === undefined) return []
  const end = action === 'bind' ? 'local' : 'remote'
  return socket(columns, action, end, isDone(columns), seen)
}

/** What is under way still counts as done: nobody tells how it ended. */
function isDone(columns: Fields): boolean {
  const exitCode = numberAt(columns, 'exit_code') ?? 0
  if (exitCode < 0 && exitCode !== -EINPROGRESS) return false
  const status = textAt(columns, 'status')
  return status === null ? textAt(columns, 'success') !== '0' : status !== 'failed'
}

/** Who opened it is not said: the end with the lower port is taken for the service. */
function open(columns: Fields, seen: Seen): Event[] {
  const [local, remote] = [portAt(columns, 'local_port'), portAt(columns, 'remote_port')]
  const state = textAt(columns, 'state')
  if (remote === null || remote === 0 || (state !== null && !OPEN.has(state))) return []
  return socket(columns, local !== null && local < remote ? 'accept' : 'connect', 'remote', true, seen)
}

function socket(
  columns: Fields,
  action: SocketEvent['action'],
  end: 'local' | 'remote',
  isSuccess: boolean,
  seen: Seen,
): Event[] {
  const ip = textAt(columns, `${end}_address`)
  const port = portAt(columns, `${end}_port`)
  if (ip === null || isIP(ip) === 0 || port === null) return []
  return [
    { kind: 'socket', ...seen, action, actor: actorOf(columns), ip, port, path: null, isSuccess, key: null },
  ]
}

function listening(columns: Fields, seen: Seen): Event[] {
  const port = portAt(columns, 'port')
  if (port === null || port === 0) return []
  const protocol = PROTOCOLS[textAt(columns, 'protocol') ?? '6']
  if (protocol === undefined) return []
  const address = textAt(columns, 'address') ?? '*'
  const { pid, exe, name, uid } = actorOf(columns)
  return resource('listening-socket', `${protocol}/${address}:${port}`, name, seen, {
    protocol,
    address,
    port,
    pid,
    process: name,
    exe,
    uid,
  })
}
