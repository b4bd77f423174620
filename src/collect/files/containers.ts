import { maskArguments } from '../../text/secrets.ts'
import type { Fact } from '../fact.ts'
import { environmentNames } from '../proc/process-files.ts'
import type { Image } from './image.ts'

const DOCKER = '/var/lib/docker/containers'
const MAX_BYTES = 2 * 2 ** 20

/** Containers as Docker keeps them on disk. Its socket is not asked: whoever answers there may be anybody. */
export function* containerFacts(image: Image): Generator<Fact> {
  for (const folder of image.folders(DOCKER)) {
    const config = object(image.text(`${folder}/config.v2.json`, MAX_BYTES))
    const host = object(image.text(`${folder}/hostconfig.json`, MAX_BYTES))
    if (config === null) continue
    const inner = child(config, 'Config')
    const state = child(config, 'State')
    const id = text(config['ID']) ?? folder.slice(folder.lastIndexOf('/') + 1)
    yield {
      type: 'container',
      id,
      name: text(config['Name'])?.replace(/^\//u, '') ?? null,
      attributes: {
        runtime: 'docker',
        image: text(inner['Image']),
        imageId: text(config['Image']),
        isRunning: state['Running'] === true,
        pid: typeof state['Pid'] === 'number' && state['Pid'] > 0 ? state['Pid'] : null,
        startedAt: text(state['StartedAt']),
        command: maskArguments([...texts(inner['Entrypoint']), ...texts(inner['Cmd'])]),
        environmentNames: environmentNames(Buffer.from(texts(inner['Env']).join('\0'))),
        user: text(inner['User']),
        isPrivileged: host?.['Privileged'] === true,
        networkMode: text(host?.['NetworkMode']),
        pidMode: text(host?.['PidMode']),
        binds: texts(host?.['Binds']),
        addedCapabilities: texts(host?.['CapAdd']),
        ports: host?.['PortBindings'] ?? {},
        restart: text(child(host ?? {}, 'RestartPolicy')['Name']),
      },
    }
  }
}

type JsonObject = Readonly<Record<string, unknown>>

function object(source: string | null): JsonObject | null {
  try {
    const value: unknown = source === null ? null : JSON.parse(source)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function child(parent: JsonObject, name: string): JsonObject {
  const value = parent[name]
  return isObject(value) ? value : {}
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
