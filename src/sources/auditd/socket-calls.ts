import type { SocketEvent } from '../../event/socket.ts'
import type { Call } from './call.ts'
import { readSocketAddress } from './sockaddr.ts'

const ACTIONS: ReadonlyMap<string, SocketEvent['action']> = new Map([
  ['accept', 'accept'],
  ['accept4', 'accept'],
  ['bind', 'bind'],
  ['connect', 'connect'],
  ['sendmmsg', 'send'],
  ['sendmsg', 'send'],
  ['sendto', 'send'],
])

/** A connect that does not wait: the handshake goes on behind it (errno 115). */
const IN_PROGRESS = ['-115', 'EINPROGRESS']

/** What the call did to a socket; null for other calls, and where no address is told. */
export function socketEventOf(call: Call): SocketEvent | null {
  const action = ACTIONS.get(call.name)
  if (action === undefined) return null
  const record = call.records.find((record) => record.type === 'SOCKADDR')
  const at = record?.identity.indexOf('saddr=', record.fieldsAt) ?? -1
  if (record === undefined || at < 0) return null
  const address = readSocketAddress(valueAt(record.identity, at + 6, record.isInterpreted))
  if (address === null || address.family === 'netlink') return null
  const exit = call.fields.get('exit') ?? ''
  return {
    kind: 'socket',
    ...call.at(record),
    action,
    actor: call.actor,
    ip: address.ip,
    port: address.port,
    path: address.path,
    isSuccess: call.isSuccess || (action === 'connect' && IN_PROGRESS.some((code) => exit.startsWith(code))),
    key: call.key,
  }
}

function valueAt(text: string, from: number, isInterpreted: boolean): string {
  if (isInterpreted) return text.slice(from).trimEnd()
  const end = text.slice(from).search(/[ \u001d]/u)
  return text.slice(from, end < 0 ? undefined : from + end)
}
