import { readdirSync } from 'node:fs'
import { endianness } from 'node:os'
import ipaddr from 'ipaddr.js'
import type { Budget } from '../budget.ts'
import type { Fact } from '../fact.ts'
import type { Gaps } from '../gaps.ts'
import { plural } from '../../text/plural.ts'
import { asOthers } from './processes.ts'
import { linkOf, textOf } from './proc.ts'

const MAX_TABLE_BYTES = 32 * 2 ** 20
const MAX_SOCKETS = 50_000
const MAX_NAMESPACES = 256

export interface SocketRow {
  readonly protocol: 'tcp' | 'udp'
  readonly localIp: string
  readonly localPort: number
  readonly remoteIp: string
  readonly remotePort: number
  /** As include/net/tcp_states.h counts: 1 established, 10 listening, 7 an unconnected UDP socket. */
  readonly state: number
  readonly uid: number
  readonly inode: string
}

const ESTABLISHED = 1
const SYN_SENT = 2
const UDP_OPEN = 7
const LISTENING = 10

/** Lines of /proc/net/tcp, tcp6, udp, udp6 (proc_pid_net(5)). */
export function readSocketTable(text: string, protocol: 'tcp' | 'udp'): SocketRow[] {
  const rows: SocketRow[] = []
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/ +/u)
    const local = endpoint(fields[1])
    const remote = endpoint(fields[2])
    if (local === null || remote === null || rows.length >= MAX_SOCKETS) continue
    rows.push({
      protocol,
      localIp: local.ip,
      localPort: local.port,
      remoteIp: remote.ip,
      remotePort: remote.port,
      state: Number.parseInt(fields[3] ?? '', 16),
      uid: Number(fields[7]),
      inode: fields[9] ?? '0',
    })
  }
  return rows
}

/** Addresses stand as 32-bit numbers of this machine's byte order, ports in network order. */
function endpoint(field: string | undefined): { ip: string; port: number } | null {
  const match = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/u.exec(field ?? '')
  if (match === null) return null
  const [, address = '', port = ''] = match
  const bytes = Buffer.from(address, 'hex')
  if (endianness() === 'LE') bytes.swap32()
  return { ip: addressText(bytes), port: Number.parseInt(port, 16) }
}

/** RFC 5952; IPv4-mapped addresses as IPv4. */
function addressText(bytes: Buffer): string {
  const address = ipaddr.fromByteArray([...bytes])
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()
    ? address.toIPv4Address().toString()
    : address.toString()
}

/** Connections and listening sockets of every network namespace that a visible process is in, with who holds them. */
export function* socketFacts(
  processes: readonly Fact[],
  userOf: (uid: number) => string | null,
  budget: Budget,
  gaps: Gaps,
): Generator<Fact> {
  const { owners, namespaces, isPartial, left } = lookAtDescriptors(processes, budget)
  let ownerless = 0
  for (const [namespace, pid] of namespaces) {
    const rows = [...rowsOf(pid)]
    const served = new Set(rows.filter((row) => typeOf(row) === 'listening-socket').map(portKey))
    for (const row of rows) {
      const owner = owners.get(row.inode) ?? null
      if (owner === null && row.inode !== '0') ownerless++
      const fact = socketFact(row, served.has(portKey(row)), namespace, owner, userOf, isPartial)
      if (fact !== null) yield fact
    }
  }
  if (left > 0)
    gaps.add(
      `the sockets of ${plural(left, 'process', 'processes')} that worked least`,
      'there was no time left for them',
      'davylamp collect --max-time 60s',
    )
  if (isPartial && ownerless > 0) gaps.add(`who holds ${plural(ownerless, 'socket')}`, ...asOthers())
}

/** Of all that is to be collected, this is not the last. */
const LEAST_LEFT_MS = 2000

function coresOf({ attributes }: Fact): number {
  return Number(attributes['cpuCores'] ?? 0)
}

function* rowsOf(pid: number): Generator<SocketRow> {
  for (const protocol of ['tcp', 'udp'] as const) {
    for (const version of ['', '6']) {
      const text = textOf(`/proc/${pid}/net/${protocol}${version}`, MAX_TABLE_BYTES)
      if (text !== null) yield* readSocketTable(text, protocol)
    }
  }
}

function lookAtDescriptors(processes: readonly Fact[], budget: Budget) {
  const owners = new Map<string, Fact>()
  const namespaces = new Map<string, number>()
  let isPartial = false
  let left = 0
  // Who works most first: a miner has a pool.
  const byWork = processes.toSorted((a, b) => coresOf(b) - coresOf(a))
  for (const running of byWork) {
    const pid = Number(running.attributes['pid'])
    if (running.attributes['isKernelThread'] === true) continue
    if (budget.isSpent(LEAST_LEFT_MS)) {
      left++
      continue
    }
    const { target: namespace, why } = linkOf(`/proc/${pid}/ns/net`)
    if (why === 'denied') isPartial = true
    else if (namespace !== null && namespaces.size < MAX_NAMESPACES && !namespaces.has(namespace))
      namespaces.set(namespace, pid)
    for (const inode of socketInodes(pid)) if (!owners.has(inode)) owners.set(inode, running)
  }
  if (namespaces.size === 0) namespaces.set('net', process.pid)
  return { owners, namespaces, isPartial, left }
}

function* socketInodes(pid: number): Generator<string> {
  let names: string[]
  try {
    names = readdirSync(`/proc/${pid}/fd`)
  } catch {
    return
  }
  for (const name of names.slice(0, MAX_SOCKETS)) {
    const link = linkOf(`/proc/${pid}/fd/${name}`).target ?? ''
    if (link.startsWith('socket:[')) yield link.slice(8, -1)
  }
}

function socketFact(
  row: SocketRow,
  isIncoming: boolean,
  namespace: string,
  owner: Fact | null,
  userOf: (uid: number) => string | null,
  isPartial: boolean,
): Fact | null {
  const type = typeOf(row)
  if (type === null) return null
  const at = owner?.attributes ?? {}
  const whose = {
    pid: at['pid'] ?? null,
    process: owner?.name ?? null,
    exe: at['exe'] ?? null,
    uid: at['uid'] ?? row.uid,
    user: at['user'] ?? userOf(row.uid),
    unit: at['unit'] ?? null,
    container: at['container'] ?? null,
    // Nobody who was seen holds it, although everybody's descriptors could be read.
    isOwnerless: owner === null && row.inode !== '0' && !isPartial,
    namespace,
  }
  const { protocol, localIp, localPort, remoteIp, remotePort } = row
  if (type === 'listening-socket')
    return {
      type,
      id: `${protocol}/${joined(localIp, localPort)}/${namespace}/${row.inode}`,
      name: owner?.name ?? null,
      attributes: { protocol, address: localIp, port: localPort, ...whose },
    }
  return {
    type,
    id: `${protocol}/${joined(localIp, localPort)}/${joined(remoteIp, remotePort)}/${namespace}`,
    name: owner?.name ?? null,
    attributes: { protocol, localIp, localPort, remoteIp, remotePort, isIncoming, ...whose },
  }
}

function portKey({ protocol, localPort }: SocketRow): string {
  return `${protocol}/${localPort}`
}

function typeOf({ protocol, state, remotePort }: SocketRow): 'listening-socket' | 'connection' | null {
  if (protocol === 'tcp' && state === LISTENING) return 'listening-socket'
  if (protocol === 'udp' && state === UDP_OPEN && remotePort === 0) return 'listening-socket'
  return (state === ESTABLISHED || state === SYN_SENT) && remotePort !== 0 ? 'connection' : null
}

function joined(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}
