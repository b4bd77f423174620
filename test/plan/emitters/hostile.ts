import { spawnSync } from 'node:child_process'
import * as fc from 'fast-check'
import type { Change } from '../../../src/plan/change.ts'
import type { EmittedFile, PlannedChange } from '../../../src/plan/emitters/emitter.ts'

export const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  '${file("/etc/passwd")}',
  '%{ for x in y }%{ endfor }',
  'a\nrm -rf /\n',
  "it's; rm -rf /",
  '"quoted"',
  '=cmd|calc',
  '\u202egnp.exe\u2066',
  '-rf',
  '--endpoint-url=http://203.0.113.9',
  'file:///etc/passwd',
  'http://203.0.113.9/x',
  '}\n}\nresource "x" "y" {}',
  '*/ accept; }',
  '\\',
  'ends in \\',
  '\r\nPermitRootLogin yes',
  '$${x} %%{y}',
  '\u0000\u001b[2J',
  '../../etc/cron.d/x',
  '',
  '\ud800 lone',
]
export const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'$`"\'\\{}%\n;|&<>()=-# a'.split('')), maxLength: 20 }),
)
export const texts = fc.array(text, { minLength: 1, maxLength: 40 })

export function planned(title: string, change: Omit<Change, 'what'>): PlannedChange {
  return { measure: `m ${title}`, title, change: { what: title, ...change } }
}

export function has(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { encoding: 'utf8' }).status === 0
}

export function fileOf(files: readonly EmittedFile[], path: string): string {
  return files.find((file) => file.path === path)?.text ?? ''
}
