import { observableId, ownId, type StixId } from './id.ts'
import type { FoundArtefact } from '../artefacts.ts'
import { isTelling, type Shape, shapeOf } from '../shape.ts'

export interface StixObject {
  readonly type: string
  readonly id: StixId
  readonly [property: string]: unknown
}

/** Observables that an artefact comes to, the artefact itself last; none where STIX has no object for it. */
export function observablesOf(shape: Shape): StixObject[] {
  switch (shape.kind) {
    case 'ip':
      return [observable(`ipv${shape.version}-addr`, { value: shape.ip })]
    case 'domain':
      return [observable('domain-name', { value: shape.domain })]
    case 'url':
      return [observable('url', { value: shape.url })]
    case 'endpoint': {
      const hosts = observablesOf(shape.host)
      const protocols = shape.host.kind === 'ip' ? [`ipv${shape.host.version}`, 'tcp'] : ['tcp']
      const traffic = { dst_ref: hosts.at(-1)?.id, dst_port: shape.port, protocols }
      return [...hosts, observable('network-traffic', traffic)]
    }
    case 'file':
      return fileObjects(shape)
    case 'hash':
      return [observable('file', { hashes: { [shape.algorithm]: shape.hash } })]
    // STIX has no object for wallets. To a pool, the wallet is the name that the miner logs in with.
    case 'wallet':
      return [observable('user-account', { account_login: shape.wallet, account_type: 'mining-pool' })]
    // A process has no properties that an id could be made of.
    default:
      return []
  }
}

function fileObjects({ folder, name }: Shape & { kind: 'file' }): StixObject[] {
  if (folder === null) return [observable('file', { name })]
  const directory = observable('directory', { path: folder })
  return [directory, observable('file', { name, parent_directory_ref: directory.id })]
}

/** All properties given are those that STIX 2.1 makes the id of. */
function observable(type: string, properties: Readonly<Record<string, unknown>>): StixObject {
  return { type, spec_version: '2.1', id: observableId(type, properties), ...properties }
}

/** The pattern that finds an artefact elsewhere; null where finding it would say nothing. */
export function patternOf(shape: Shape): string | null {
  if (!isTelling(shape)) return null
  switch (shape.kind) {
    case 'ip':
      return `[ipv${shape.version}-addr:value = ${quoted(shape.ip)}]`
    case 'domain':
      return `[domain-name:value = ${quoted(shape.domain)}]`
    case 'url':
      return `[url:value = ${quoted(shape.url)}]`
    case 'endpoint': {
      const host = shape.host.kind === 'ip' ? shape.host.ip : shape.host.domain
      return `[network-traffic:dst_ref.value = ${quoted(host)} AND network-traffic:dst_port = ${shape.port}]`
    }
    case 'file':
      return shape.folder === null
        ? null
        : `[file:name = ${quoted(shape.name)} AND file:parent_directory_ref.path = ${quoted(shape.folder)}]`
    case 'hash':
      return `[file:hashes.'${shape.algorithm}' = ${quoted(shape.hash)}]`
    case 'wallet':
      return `[user-account:account_login = ${quoted(shape.wallet)}] OR [process:command_line LIKE ${quoted(`%${shape.wallet}%`)}]`
    case 'command':
      return `[process:command_line = ${quoted(shape.commandLine)}]`
    default:
      return null
  }
}

/** A string constant of the STIX pattern language (section 9.3): backslash and apostrophe are escaped. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** Milliseconds are what STIX and its tools keep; a document has microseconds. */
export function stixTime(time: string): string {
  return `${time.slice(0, 23)}Z`
}

export const IDENTITY: StixObject = {
  type: 'identity',
  spec_version: '2.1',
  id: ownId('identity', 'davylamp'),
  created: '2026-01-01T00:00:00.000Z',
  modified: '2026-01-01T00:00:00.000Z',
  name: 'Davylamp',
  description: 'Reads captures and logs, and tells who mines on which machine.',
  identity_class: 'system',
}

/** An ATT&CK technique by its number: the same object in every bundle. */
export function attackPattern(technique: { readonly id: string; readonly name: string }): StixObject {
  return {
    type: 'attack-pattern',
    spec_version: '2.1',
    id: ownId('attack-pattern', technique.id),
    created_by_ref: IDENTITY.id,
    created: IDENTITY['created'],
    modified: IDENTITY['modified'],
    name: technique.name === '' ? technique.id : technique.name,
    external_references: [
      {
        source_name: 'mitre-attack',
        external_id: technique.id,
        url: `https://attack.mitre.org/techniques/${technique.id.replace('.', '/')}/`,
      },
    ],
  }
}

export interface Sighted {
  readonly artefact: FoundArtefact
  readonly shape: Shape
}

export function sightedOf(artefact: FoundArtefact): Sighted {
  return { artefact, shape: shapeOf(artefact.type, artefact.value) }
}
