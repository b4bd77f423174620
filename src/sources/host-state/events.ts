import type { Actor } from '../../event/actor.ts'
import type { TimeQuality } from '../../event/base.ts'
import type { Event } from '../../event/event.ts'
import type { Identifier } from '../../event/identifier.ts'
import type { Origin } from '../../event/origin.ts'
import { countAt, type Fields, listAt, numberAt, portAt, textAt } from '../json/fields.ts'
import { runningOf } from './running.ts'

export interface Seen {
  readonly time: number
  readonly timeQuality: TimeQuality
  readonly observer: Identifier
  readonly subjects: Identifier[]
  readonly origin: Origin
}

/** What one fact says: the events of its kind, and the thing itself for the inventory. None for a fact that makes no sense. */
export function eventsOf(type: string, fields: Fields, attributes: Fields, seen: Seen): Event[] {
  switch (type) {
    case 'process':
      return listed(processEvent(fields, attributes, seen))
    case 'connection':
      return listed(connectionEvent(attributes, seen))
    case 'mount':
      return listed(mountEvent(attributes, seen))
    case 'module':
      return listed(moduleEvent(attributes, seen))
    case 'cpu-accounting':
      return [...listed(cpuEvent(attributes, seen)), ...listed(resourceEvent(type, fields, attributes, seen))]
    default:
      return listed(resourceEvent(type, fields, attributes, seen))
  }
}

function listed(event: Event | null): Event[] {
  return event === null ? [] : [event]
}

function resourceEvent(type: string, fields: Fields, attributes: Fields, seen: Seen): Event | null {
  const id = textAt(fields, 'id')
  if (id === null) return null
  return {
    kind: 'resource',
    ...seen,
    provider: 'host',
    resourceType: type,
    resourceId: id,
    name: textAt(fields, 'name'),
    account: null,
    region: null,
    state: 'observed',
    attributes,
    unknownAttributes: [],
  }
}

function processEvent(fields: Fields, attributes: Fields, seen: Seen): Event | null {
  const pid = countAt(attributes, 'pid')
  if (pid === null) return null
  const args = textsAt(attributes, 'args')
  const exe = textAt(attributes, 'exe')
  return {
    kind: 'process',
    ...seen,
    action: 'running',
    actor: actorOf(attributes, textAt(fields, 'name')),
    args,
    commandLine: args.join(' '),
    cwd: textAt(attributes, 'cwd'),
    paths: exe === null ? [] : [exe],
    isSuccess: true,
    targetPid: null,
    key: null,
    running: runningOf(attributes),
  }
}

function actorOf(attributes: Fields, name: string | null): Actor {
  return {
    pid: countAt(attributes, 'pid'),
    ppid: countAt(attributes, 'ppid'),
    exe: textAt(attributes, 'exe'),
    name,
    uid: countAt(attributes, 'uid'),
    loginUid: null,
    session: null,
    tty: null,
  }
}

/** Of a connection to a port that this machine listens on, somebody else was the one to open it. */
function connectionEvent(attributes: Fields, seen: Seen): Event | null {
  const [ip, port] = [textAt(attributes, 'remoteIp'), portAt(attributes, 'remotePort')]
  if (ip === null || port === null) return null
  return {
    kind: 'socket',
    ...seen,
    action: attributes['isIncoming'] === true ? 'accept' : 'connect',
    actor: actorOf(attributes, textAt(attributes, 'process')),
    ip,
    port,
    path: null,
    isSuccess: true,
    key: null,
  }
}

function mountEvent(attributes: Fields, seen: Seen): Event | null {
  const target = textAt(attributes, 'target')
  if (target === null) return null
  return {
    kind: 'mount',
    ...seen,
    target,
    source: textAt(attributes, 'source') ?? '',
    root: textAt(attributes, 'root') ?? '/',
    fsType: textAt(attributes, 'fsType') ?? '',
    options: textsAt(attributes, 'options'),
  }
}

function moduleEvent(attributes: Fields, seen: Seen): Event | null {
  const name = textAt(attributes, 'name')
  if (name === null) return null
  return {
    kind: 'module',
    ...seen,
    name,
    sizeBytes: countAt(attributes, 'sizeBytes'),
    usedBy: textsAt(attributes, 'usedBy'),
    taints: textAt(attributes, 'taints'),
    isListed: attributes['isListed'] !== false,
  }
}

function cpuEvent(attributes: Fields, seen: Seen): Event | null {
  const intervalMs = numberAt(attributes, 'intervalMs')
  const busyCores = numberAt(attributes, 'busyCores')
  const cores = countAt(attributes, 'cores')
  if (intervalMs === null || busyCores === null || cores === null || cores === 0) return null
  return {
    kind: 'cpu',
    ...seen,
    scope: 'machine',
    start: seen.time - intervalMs,
    busyShare: Math.min(1, Math.max(0, busyCores / cores)),
    userShare: numberAt(attributes, 'userShare'),
    systemShare: numberAt(attributes, 'systemShare'),
    ioWaitShare: numberAt(attributes, 'waitShare'),
    stealShare: numberAt(attributes, 'stealShare'),
    busyCores: Math.max(0, busyCores),
    cores,
    pid: null,
    user: null,
    name: null,
    isLifetime: false,
  }
}

function textsAt(fields: Fields, name: string): string[] {
  return listAt(fields, name).filter((one) => typeof one === 'string')
}
