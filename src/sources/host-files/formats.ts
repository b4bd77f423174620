import { type Fields, isFields, parseFields, textAt } from '../json/fields.ts'
import { plainTree } from '../plain-tree.ts'

/** One thing that a file says of its host. */
export interface HostFact {
  readonly type: 'listening-socket' | 'sshd-config' | 'firewall' | 'container'
  readonly id: string
  readonly name: string | null
  readonly attributes: Record<string, unknown>
  /** One-based. */
  readonly line: number
  readonly raw: string
}

export interface HostFormat {
  readonly id: string
  isIt(text: string): boolean
  read(text: string): { facts: HostFact[]; bad: number }
}

const MAX_LINES = 100_000

/** Every form, the most telling first. */
export const FORMATS: readonly HostFormat[] = [
  { id: 'nft', isIt: (text) => /^\s*\{\s*"nftables"\s*:/u.test(text), read: readNft },
  {
    id: 'iptables',
    isIt: (text) =>
      /^\*(?:filter|nat|mangle|raw|security)[ \t]*$/mu.test(text.slice(0, 4096)) &&
      /^:[A-Z]{1,32} /mu.test(text),
    read: readIptables,
  },
  { id: 'docker-ps', isIt: isDocker, read: readDocker },
  {
    id: 'sshd',
    isIt: (text) =>
      /^(?:port \d+|passwordauthentication (?:yes|no))\s*$/mu.test(text) &&
      /^permitrootlogin \S+\s*$/mu.test(text),
    read: readSshd,
  },
  {
    id: 'ss',
    isIt: (text) => /^(?:Netid\s+)?State\s+Recv-Q\s+Send-Q\s+Local/mu.test(text.slice(0, 4096)),
    read: readSs,
  },
  {
    id: 'netstat',
    isIt: (text) => /^Proto\s+Recv-Q\s+Send-Q\s+Local Address\s+Foreign Address/mu.test(text.slice(0, 4096)),
    read: readNetstat,
  },
]

function linesOf(text: string): string[] {
  return text.split(/\r?\n/u, MAX_LINES)
}

function readNft(text: string): { facts: HostFact[]; bad: number } {
  const rules = plainTree(parseFields(text))
  if (!isFields(rules)) return { facts: [], bad: 1 }
  return {
    facts: [
      {
        type: 'firewall',
        id: 'nft',
        name: 'nft',
        attributes: { format: 'nft', rules },
        line: 1,
        raw: 'nft -j list ruleset',
      },
    ],
    bad: 0,
  }
}

function readIptables(text: string): { facts: HostFact[]; bad: number } {
  return {
    facts: [
      {
        type: 'firewall',
        id: 'iptables',
        name: 'iptables',
        attributes: { format: 'iptables', rules: text.slice(0, 4_000_000) },
        line: 1,
        raw: 'iptables-save',
      },
    ],
    bad: 0,
  }
}

/** `sshd -T`: keyword and value, in lower case; of several of a kind the first counts. */
function readSshd(text: string): { facts: HostFact[]; bad: number } {
  const values: Record<string, string> = Object.create(null)
  let bad = 0
  for (const line of linesOf(text)) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const match = /^([A-Za-z0-9]{1,64}) (.{0,4096})$/u.exec(line)
    if (match === null) bad++
    else values[(match[1] ?? '').toLowerCase()] ??= (match[2] ?? '').trim()
  }
  return {
    facts: [
      {
        type: 'sshd-config',
        id: 'sshd -T',
        name: 'sshd',
        attributes: { values: { ...values } },
        line: 1,
        raw: `passwordauthentication ${values['passwordauthentication'] ?? ''}`,
      },
    ],
    bad,
  }
}

/** `ss -tulpn`, with or without the column Netid (`ss -tlpn`). */
function readSs(text: string): { facts: HostFact[]; bad: number } {
  const facts: HostFact[] = []
  let bad = 0
  let hasNetid = true
  for (const [at, line] of linesOf(text).entries()) {
    if (line.trim() === '') continue
    if (/\bRecv-Q\b/u.test(line)) {
      hasNetid = line.startsWith('Netid')
      continue
    }
    const words = line.trim().split(/\s+/u)
    const [netid = '', state = '', , , local = ''] = hasNetid ? words : ['tcp', ...words]
    if (netid !== 'tcp' && netid !== 'udp') {
      // Raw, UNIX and other sockets listen on no port.
      if (!/^(?:raw|u_\w+|nl|p_\w+|vsock|icmp6?|sctp|mptcp|\?\?\?)$/u.test(netid)) bad++
      continue
    }
    if (state !== 'LISTEN' && state !== 'UNCONN') continue
    const users = /users:\(\("([^"]{0,64})",pid=(\d{1,10})/u.exec(line)
    const socket = socketOf(
      local,
      netid,
      users?.[1] ?? null,
      users?.[2] === undefined ? null : Number(users[2]),
      at + 1,
      line,
    )
    if (socket === null) bad++
    else facts.push(socket)
  }
  return { facts, bad }
}

function readNetstat(text: string): { facts: HostFact[]; bad: number } {
  const facts: HostFact[] = []
  let bad = 0
  for (const [at, line] of linesOf(text).entries()) {
    const words = line.trim().split(/\s+/u)
    const [protocol = '', , , local = ''] = words
    if (!/^(?:tcp|udp)6?$/u.test(protocol)) continue
    if (protocol.startsWith('tcp') && !words.includes('LISTEN')) continue
    const owner = /\s(\d{1,10})\/(\S{1,64})/u.exec(line)
    const socket = socketOf(
      local,
      protocol.slice(0, 3),
      owner?.[2]?.replace(/:$/u, '') ?? null,
      owner?.[1] === undefined ? null : Number(owner[1]),
      at + 1,
      line,
    )
    if (socket === null) bad++
    else facts.push(socket)
  }
  return { facts, bad }
}

/** `0.0.0.0:22`, `[::]:22`, `*:22`, `127.0.0.53%lo:53`, `:::22` of netstat. */
function socketOf(
  local: string,
  protocol: string,
  process: string | null,
  pid: number | null,
  line: number,
  raw: string,
): HostFact | null {
  const colon = local.lastIndexOf(':')
  const port = Number(local.slice(colon + 1))
  if (colon < 0 || !Number.isInteger(port) || port < 1 || port > 65_535) return null
  const address = local.slice(0, colon).replaceAll(/^\[|\]$|%.*$/gu, '')
  return {
    type: 'listening-socket',
    id: `${protocol}/${local}`,
    name: process,
    attributes: { protocol, address: address === '' ? '*' : address, port, process, pid },
    line,
    raw,
  }
}

function isDocker(text: string): boolean {
  const first = text.trimStart().slice(0, 8192)
  return /^\[?\s*\{/u.test(first) && /"Image"\s*:/u.test(first) && /"(?:Names|HostConfig)"\s*:/u.test(first)
}

/** `docker ps --format json`, an object a line; `docker inspect`, an array. */
function readDocker(text: string): { facts: HostFact[]; bad: number } {
  const facts: HostFact[] = []
  let bad = 0
  const add = (fields: Fields | null, line: number): void => {
    const id =
      fields === null ? null : (textAt(fields, 'ID') ?? textAt(fields, 'Id') ?? textAt(fields, 'Names'))
    if (fields === null || id === null) {
      bad++
      return
    }
    const name = textAt(fields, 'Names') ?? textAt(fields, 'Name')?.replace(/^\//u, '') ?? null
    facts.push({
      type: 'container',
      id,
      name,
      attributes: { ...flat(fields) },
      line,
      raw: `${name ?? id} ${textAt(fields, 'Image') ?? ''}`,
    })
  }
  const whole = text.trimStart().startsWith('[') ? parsedList(text) : null
  if (whole !== null) {
    for (const one of whole) add(isFields(one) ? one : null, 1)
    return { facts, bad }
  }
  for (const [at, line] of linesOf(text).entries()) if (line.trim() !== '') add(parseFields(line), at + 1)
  return { facts, bad }
}

function parsedList(text: string): unknown[] | null {
  try {
    const value: unknown = plainTree(JSON.parse(text))
    return Array.isArray(value) ? (value as unknown[]) : null
  } catch {
    return null
  }
}

/** What `docker inspect` keeps further in, where `docker ps` has it. */
function flat(fields: Fields): Record<string, unknown> {
  const host = fields['HostConfig']
  const config = fields['Config']
  if (!isFields(host)) return { ...fields }
  return {
    image: isFields(config) ? config['Image'] : fields['Image'],
    isPrivileged: host['Privileged'],
    networkMode: host['NetworkMode'],
    binds: host['Binds'],
    ports: host['PortBindings'],
  }
}
