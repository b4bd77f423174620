import { quoteShell } from '../../text/shell.ts'
import type { Json, KubernetesChange } from '../change.ts'
import { asciiJson } from './ascii-json.ts'
import { comment } from './aws-cli.ts'
import type { EmittedFile, Emitter } from './emitter.ts'
import { fileName } from './file-name.ts'

/** RFC 1123 subdomain, and what RBAC names may hold on top (`system:anonymous`). */
const NAME = /^[a-z0-9](?:[a-z0-9.:-]{0,251}[a-z0-9])?$/u
const KIND = /^[A-Z][A-Za-z]{1,60}$/u
const API = /^(?:[a-z0-9.-]{1,120}\/)?v\d[a-z0-9]{0,10}$/u

/** Merge patches and new objects as JSON (which is YAML too), with scripts that apply and revert them through kubectl. */
export const kubernetes: Emitter = {
  id: 'kubernetes',
  title: 'Kubernetes: patches and objects as JSON, with apply.sh and revert.sh',
  emit(changes) {
    const refused: string[] = []
    const files: EmittedFile[] = []
    const apply: string[] = []
    const revert: string[] = []
    for (const planned of changes) {
      const change = planned.change.kubernetes
      if (change === undefined) continue
      if (!isNamed(change)) {
        refused.push(`${comment(planned.title)}: ${comment(change.name)} is no name of a Kubernetes object`)
        continue
      }
      const path = fileName(
        `${change.kind.toLowerCase()}-${change.namespace ?? 'cluster'}-${change.name}-${files.length + 1}`,
      )
      files.push(...filesOf(path, change))
      apply.push(`# ${comment(planned.title)}`, applyLine(path, change))
      revert.unshift(`# ${comment(planned.title)}`, revertLine(path, change))
    }
    if (files.length > 0) files.push(script('apply.sh', apply), script('revert.sh', revert))
    return { files, refused }
  },
}

function isNamed({ apiVersion, kind, namespace, name }: KubernetesChange): boolean {
  return (
    API.test(apiVersion) && KIND.test(kind) && NAME.test(name) && (namespace === null || NAME.test(namespace))
  )
}

function filesOf(path: string, change: KubernetesChange): EmittedFile[] {
  if (change.action === 'patch') {
    const back = change.revert === null ? [] : [file(`${path}-revert.json`, change.revert)]
    return [file(`${path}.json`, change.body), ...back]
  }
  const { apiVersion, kind, namespace, name, body } = change
  const metadata = { name, ...(namespace === null ? {} : { namespace }) }
  return [file(`${path}.json`, { apiVersion, kind, metadata, ...body })]
}

function file(path: string, body: Json): EmittedFile {
  return { path, text: `${asciiJson(body, 2)}\n`, isExecutable: false }
}

function target({ kind, namespace, name }: KubernetesChange): string[] {
  return [`${kind.toLowerCase()}/${name}`, ...(namespace === null ? [] : ['--namespace', namespace])]
}

function command(words: readonly string[]): string {
  return ['kubectl', ...words].map(quoteShell).join(' ')
}

function applyLine(path: string, change: KubernetesChange): string {
  if (change.action === 'create') return command(['apply', '--filename', `${path}.json`])
  return command(['patch', ...target(change), '--type', 'merge', '--patch-file', `${path}.json`])
}

function revertLine(path: string, change: KubernetesChange): string {
  if (change.action === 'create') return command(['delete', '--filename', `${path}.json`])
  if (change.revert === null) return '# what it was is not known: put it back by hand'
  return command(['patch', ...target(change), '--type', 'merge', '--patch-file', `${path}-revert.json`])
}

function script(path: string, lines: readonly string[]): EmittedFile {
  const text = [
    '#!/bin/sh',
    '# Read it before you run it.',
    'set -eu',
    'cd "$(dirname "$0")"',
    ...lines,
    '',
  ].join('\n')
  return { path, text, isExecutable: true }
}
