import { quoteShell } from '../../text/shell.ts'
import type { SystemdChange } from '../change.ts'
import { comment } from './aws-cli.ts'
import type { EmittedFile, Emitter, PlannedChange } from './emitter.ts'
import { fileName } from './file-name.ts'

/** systemd.unit(5): what a unit may be called; `@` for instances. */
const UNIT = /^[A-Za-z0-9:_.@-]{1,200}\.(?:service|socket|timer)$/u
const KEY = /^[A-Z][A-Za-z]{1,60}$/u

/** Drop-ins and stopped units per host, with a script that applies and one that reverts. */
export const systemd: Emitter = {
  id: 'systemd',
  title: 'systemd: drop-ins per host, with apply.sh and revert.sh',
  emit(changes) {
    const refused: string[] = []
    const hosts = new Map<string, { planned: PlannedChange; change: SystemdChange }[]>()
    for (const planned of changes) {
      const change = planned.change.systemd
      if (change === undefined) continue
      if (
        !UNIT.test(change.unit) ||
        change.unit.startsWith('-') ||
        change.settings?.some(([key]) => !KEY.test(key)) === true
      ) {
        refused.push(`${comment(planned.title)}: ${comment(change.unit)} is no name of a unit`)
        continue
      }
      hosts.set(change.host, [...(hosts.get(change.host) ?? []), { planned, change }])
    }
    return { files: [...hosts].flatMap(([host, list]) => filesOf(host, list)), refused }
  },
}

function filesOf(
  host: string,
  list: readonly { planned: PlannedChange; change: SystemdChange }[],
): EmittedFile[] {
  const folder = fileName(host)
  const dropIns = list.filter(({ change }) => change.action === 'drop-in')
  const files = dropIns.map(({ planned, change }): EmittedFile => ({
    path: `${folder}/${change.unit}.d/50-davylamp.conf`,
    text: `# ${comment(planned.title)}\n[${change.section ?? 'Service'}]\n${(change.settings ?? []).map(settingLine).join('\n')}\n`,
    isExecutable: false,
  }))
  const apply = list.flatMap(({ planned, change }) => [`# ${comment(planned.title)}`, ...applyLines(change)])
  const revert = list.flatMap(({ planned, change }) => [
    `# ${comment(planned.title)}`,
    ...revertLines(change),
  ])
  return [
    ...files,
    { path: `${folder}/apply.sh`, text: script(apply, list), isExecutable: true },
    { path: `${folder}/revert.sh`, text: script(revert, list), isExecutable: true },
  ]
}

function script(lines: readonly string[], list: readonly { change: SystemdChange }[]): string {
  const units = [
    ...new Set(list.filter(({ change }) => change.action === 'drop-in').map(({ change }) => change.unit)),
  ]
  const restart =
    units.length === 0
      ? []
      : ['systemctl daemon-reload', `systemctl try-restart -- ${units.map(quoteShell).join(' ')}`]
  return [
    '#!/bin/sh',
    '# Run it on the host, as root.',
    'set -eu',
    'cd "$(dirname "$0")"',
    ...lines,
    ...restart,
    '',
  ].join('\n')
}

function dropInOf(unit: string): string {
  return `/etc/systemd/system/${unit}.d/50-davylamp.conf`
}

function applyLines({ action, unit }: SystemdChange): string[] {
  if (action === 'stop') return [`systemctl disable --now -- ${quoteShell(unit)}`]
  return [`install -D -m 644 -- ${quoteShell(`${unit}.d/50-davylamp.conf`)} ${quoteShell(dropInOf(unit))}`]
}

function revertLines({ action, unit }: SystemdChange): string[] {
  if (action === 'stop') return [`systemctl enable --now -- ${quoteShell(unit)}`]
  return [`rm -f -- ${quoteShell(dropInOf(unit))}`]
}

/**
 * systemd.syntax(7): one line; `%` begins a specifier and `$` a variable, both doubled; a line that ends in a backslash
 * would go on. Control characters have no place in a value that we set.
 */
export function settingLine([key, value]: readonly [string, string]): string {
  const safe = comment(value).replaceAll('%', '%%').replaceAll('$', '$$$$')
  return `${key}=${safe.replace(/\\+$/u, '')}`
}
