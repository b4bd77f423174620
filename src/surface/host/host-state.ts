import { valueOf, typeOf } from '../../event/identifier.ts'
import type { ResourceEvent } from '../../event/resource.ts'
import type { SurfaceProof } from '../document.ts'
import {
  type Attributes,
  booleanAt,
  isAttributes,
  listAt,
  numberAt,
  objectsAt,
  textAt,
  textsAt,
  timeAt,
  valueAt,
} from '../attributes.ts'
import { type Inventory, proofOf } from '../inventory.ts'

/** A socket that waits for somebody, as the host itself says. */
export interface Socket {
  /** `0.0.0.0`, `::` and `*` are every address. */
  readonly address: string
  readonly port: number
  readonly protocol: string
  readonly process: string | null
  readonly user: string | null
  readonly proof: SurfaceProof
}

export interface ContainerState {
  readonly name: string | null
  readonly image: string | null
  readonly isPrivileged: boolean
  readonly mountsDockerSocket: boolean
  readonly usesHostNetwork: boolean
  /** Ports of the host that lead into it. */
  readonly ports: readonly { readonly port: number; readonly protocol: string; readonly address: string }[]
  readonly proof: SurfaceProof
}

export interface ServiceState {
  readonly name: string
  readonly isRunning: boolean | null
  readonly isEnabled: boolean | null
  readonly proof: SurfaceProof
}

export interface UserState {
  readonly name: string
  readonly uid: number | null
  readonly hasPassword: boolean | null
  /** Epoch ms; null = never, or nobody said. */
  readonly lastLogin: number | null
  readonly proof: SurfaceProof
}

/** Everything one host tells of itself. */
export interface HostState {
  /** Raw identifier of the host: `host:web-1`. */
  readonly id: string
  /** Every name and address it goes by, without the type. */
  readonly names: ReadonlySet<string>
  /** Null = nobody asked it what listens. */
  readonly sockets: readonly Socket[] | null
  readonly containers: readonly ContainerState[]
  readonly services: readonly ServiceState[]
  readonly users: readonly UserState[]
  /** Effective settings, lower case; null = nobody asked. */
  readonly sshd: { readonly settings: ReadonlyMap<string, string>; readonly proof: SurfaceProof } | null
  /** Epoch ms of the last login that the host itself remembers. */
  readonly lastLogin: number | null
  readonly firewalls: readonly { readonly attributes: Attributes; readonly proof: SurfaceProof }[]
}

/** The hosts that told something of themselves, by their raw identifier. */
export function hostStates(inventory: Inventory): HostState[] {
  const byHost = new Map<string, ResourceEvent[]>()
  for (const event of inventory.all) {
    if (event.provider !== 'host') continue
    const list = byHost.get(event.observer)
    if (list === undefined) byHost.set(event.observer, [event])
    else list.push(event)
  }
  return [...byHost].map(([id, events]) => hostState(id, events)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function hostState(id: string, events: readonly ResourceEvent[]): HostState {
  const of = (type: string): ResourceEvent[] => events.filter((event) => event.resourceType === type)
  const names = new Set(events.flatMap((event) => [event.observer, ...event.subjects]).flatMap(nameOf))
  for (const host of of('host')) {
    for (const key of ['hostname', 'fqdn', 'instanceId', 'machineId']) {
      const name = textAt(host.attributes, key)
      if (name !== null) names.add(name)
    }
    for (const address of textsAt(host.attributes, 'addresses')) names.add(address)
  }
  const asked = of('listening-socket')
  const [sshd] = of('sshd-config')
  const logins = of('last-login').flatMap(({ attributes }) => timeAt(attributes, 'time') ?? [])
  return {
    id,
    names,
    sockets: asked.length > 0 ? inHostNamespace(asked).flatMap(socketOf) : null,
    containers: of('container').map(containerOf),
    services: of('service').flatMap(serviceOf),
    users: of('user').flatMap(userOf),
    sshd: sshd === undefined ? null : { settings: settingsOf(sshd.attributes), proof: proofOf(sshd) },
    lastLogin: logins.length === 0 ? null : logins.reduce((a, b) => Math.max(a, b)),
    firewalls: of('firewall').map((event) => ({ attributes: event.attributes, proof: proofOf(event) })),
  }
}

/** Sockets inside a container are reached through the host's own, where a port of it leads in. */
function inHostNamespace(sockets: readonly ResourceEvent[]): readonly ResourceEvent[] {
  const own = sockets.find(
    ({ attributes }) => textAt(attributes, 'container') === null && textAt(attributes, 'namespace') !== null,
  )
  if (own === undefined) return sockets
  const namespace = textAt(own.attributes, 'namespace')
  return sockets.filter(({ attributes }) => textAt(attributes, 'namespace') === namespace)
}

function nameOf(identifier: string): string[] {
  const type = typeOf(identifier)
  return type === 'ip' || type === 'host' || type === 'instance' ? [valueOf(identifier)] : []
}

function socketOf(event: ResourceEvent): Socket[] {
  const { attributes } = event
  const port = numberAt(attributes, 'port', 'localPort', 'local_port')
  if (port === null || !Number.isInteger(port) || port < 1 || port > 65_535) return []
  const protocol = (textAt(attributes, 'protocol', 'netid') ?? 'tcp').toLowerCase().replace(/6$/u, '')
  return [
    {
      address: textAt(attributes, 'address', 'localAddress', 'local_address') ?? '*',
      port,
      protocol,
      process: textAt(attributes, 'process', 'processName', 'program', 'comm'),
      user: textAt(attributes, 'user', 'uid'),
      proof: proofOf(event),
    },
  ]
}

const DOCKER_SOCKET = /(?:^|\/)(?:docker|containerd|crio|podman)\.sock$/u

function containerOf(event: ResourceEvent): ContainerState {
  const { attributes } = event
  const mounts = [
    ...textsAt(attributes, 'mounts', 'Mounts'),
    ...objectsAt(attributes, 'mounts', 'Mounts').flatMap((mount) => textAt(mount, 'source', 'Source') ?? []),
    ...textsAt(attributes, 'binds', 'Binds'),
    ...(textAt(attributes, 'Mounts', 'mounts') ?? '').split(','),
  ]
  return {
    name: event.name ?? textAt(attributes, 'name', 'Names'),
    image: textAt(attributes, 'image', 'Image'),
    isPrivileged: booleanAt(attributes, 'isPrivileged', 'privileged', 'Privileged') === true,
    mountsDockerSocket: mounts.some((mount) => DOCKER_SOCKET.test(mount.split(':')[0] ?? '')),
    usesHostNetwork: textAt(attributes, 'networkMode', 'NetworkMode', 'Networks') === 'host',
    ports: containerPorts(attributes),
    proof: proofOf(event),
  }
}

/** `0.0.0.0:8080->80/tcp, :::8080->80/tcp`, or objects with the host's port. */
function containerPorts(attributes: Attributes): ContainerState['ports'] {
  const text = textAt(attributes, 'Ports', 'ports')
  const bindings = valueAt(attributes, 'ports')
  if (isAttributes(bindings)) return portBindings(bindings)
  if (text === null) {
    return objectsAt(attributes, 'ports', 'Ports').flatMap((one) => {
      const port = numberAt(one, 'hostPort', 'PublicPort', 'host_port')
      if (port === null) return []
      return [
        {
          port,
          protocol: textAt(one, 'protocol', 'Type') ?? 'tcp',
          address: textAt(one, 'hostIp', 'IP') ?? '*',
        },
      ]
    })
  }
  const ports: { port: number; protocol: string; address: string }[] = []
  for (const part of text.slice(0, 4096).split(',')) {
    const arrow = part.indexOf('->')
    if (arrow < 0) continue
    const outside = part.slice(0, arrow).trim()
    const protocol = part.slice(part.lastIndexOf('/') + 1).trim()
    const colon = outside.lastIndexOf(':')
    const address = outside.slice(0, colon).replaceAll(/[[\]]/gu, '') || '*'
    const [from, to] = outside.slice(colon + 1).split('-')
    for (let port = Number(from); port <= Number(to ?? from) && ports.length < 256; port++)
      ports.push({ port, protocol: protocol === 'udp' ? 'udp' : 'tcp', address })
  }
  return ports
}

/** Docker's own form: `{ "80/tcp": [{ "HostIp": "", "HostPort": "8080" }] }`. */
function portBindings(bindings: Attributes): ContainerState['ports'] {
  return Object.keys(bindings).flatMap((inside) =>
    objectsAt(bindings, inside).flatMap((one) => {
      const port = numberAt(one, 'HostPort')
      if (port === null) return []
      return [
        { port, protocol: inside.endsWith('/udp') ? 'udp' : 'tcp', address: textAt(one, 'HostIp') ?? '*' },
      ]
    }),
  )
}

function serviceOf(event: ResourceEvent): ServiceState[] {
  const { attributes } = event
  const name = event.name ?? textAt(attributes, 'name', 'unit')
  if (name === null) return []
  const active = textAt(attributes, 'active', 'activeState', 'state', 'sub')
  const enabled = textAt(attributes, 'enabled', 'unitFileState', 'startMode')
  return [
    {
      name,
      isRunning:
        booleanAt(attributes, 'running', 'isRunning') ??
        (active === null ? null : /^(?:active|running)$/u.test(active)),
      isEnabled:
        booleanAt(attributes, 'enabled', 'isEnabled') ?? (enabled === null ? null : enabled === 'enabled'),
      proof: proofOf(event),
    },
  ]
}

function userOf(event: ResourceEvent): UserState[] {
  const { attributes } = event
  const name = event.name ?? textAt(attributes, 'name', 'user')
  if (name === null) return []
  return [
    {
      name,
      uid: numberAt(attributes, 'uid'),
      hasPassword: booleanAt(attributes, 'hasPassword', 'passwordSet'),
      lastLogin: timeAt(attributes, 'lastLogin'),
      proof: proofOf(event),
    },
  ]
}

/** Directives in lower case; of several the first counts, as for sshd. */
function settingsOf(attributes: Attributes): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  const nested = valueAt(attributes, 'values', 'settings', 'effective')
  const source: Attributes =
    typeof nested === 'object' && nested !== null && !Array.isArray(nested) ? { ...nested } : attributes
  for (const [name, value] of Object.entries(source)) {
    const first: unknown = Array.isArray(value) ? value[0] : value
    const text =
      typeof first === 'boolean' ? (first ? 'yes' : 'no') : typeof first === 'number' ? String(first) : first
    if (typeof text === 'string' && !settings.has(name.toLowerCase())) settings.set(name.toLowerCase(), text)
  }
  for (const line of listAt(attributes, 'lines').slice(0, 1000)) {
    if (typeof line !== 'string') continue
    const space = line.indexOf(' ')
    const name = line.slice(0, space).toLowerCase()
    if (space > 0 && !settings.has(name)) settings.set(name, line.slice(space + 1).trim())
  }
  return settings
}

/**
 * Whether sshd takes passwords: what its settings say, what it does where they say nothing (sshd_config(5): it does),
 * or null where nobody asked.
 */
export function allowsPasswords(host: HostState | null): boolean | null {
  const settings = host?.sshd?.settings
  if (settings === undefined) return null
  const password = settings.get('passwordauthentication') ?? 'yes'
  const keyboard =
    settings.get('kbdinteractiveauthentication') ?? settings.get('challengeresponseauthentication') ?? 'no'
  return password.toLowerCase() === 'yes' || keyboard.toLowerCase() === 'yes'
}

/** sshd_config(5): without a word, root may log in with a key only. */
export function allowsRootWithPassword(host: HostState | null): boolean | null {
  const settings = host?.sshd?.settings
  if (settings === undefined) return null
  return settings.get('permitrootlogin')?.toLowerCase() === 'yes' && allowsPasswords(host) === true
}

const EVERYWHERE = new Set(['*', '0.0.0.0', '::', '[::]', ''])

/** Whether a socket answers at an address of its host; loopback sockets answer nobody from outside. */
export function listensOutside({ address }: Pick<Socket, 'address'>, asked: readonly string[]): boolean {
  const plain = address.replaceAll(/^\[|\]$|%.*$/gu, '')
  if (EVERYWHERE.has(plain)) return true
  if (plain === '::1' || plain.startsWith('127.') || plain.startsWith('::ffff:127.')) return false
  return asked.length === 0 || asked.includes(plain)
}
