import { spawnSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteShell } from './shell.ts'
import { visible } from './visible.ts'

function has(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0
}

const TRICKS = [
  'plain-1.2_3/x',
  '',
  "it's",
  '$(touch /tmp/x) `id` "$HOME" ; rm -rf / # \\',
  'line\nbreak',
  '\nfirst',
  'tab\tand\x1b[31m\x07',
  '\u202eabc\u200b',
  'Grüße 漢字',
  "\x01'\\0033\\n%s%b",
  '!!',
  '~root',
  'A=b',
]

describe.each(['sh', 'dash', 'bash', 'ksh', 'zsh'])('quoteShell in %s', (shell) => {
  it.skipIf(!has(shell)).each(TRICKS)('%j arrives as it is', (text) => {
    const { stdout } = spawnSync(shell, ['-c', `printf %s ${quoteShell(text)}`], { encoding: 'utf8' })
    expect(stdout).toBe(text)
  })
})

it('names nothing rather than something else where an argument cannot be written', () => {
  for (const text of ['a\0b', 'a\n', '\ud800']) {
    const { stdout } = spawnSync('sh', ['-c', `printf %s ${quoteShell(text)}`], { encoding: 'utf8' })
    expect(stdout).toContain('\ufffd')
  }
})

it('stays on one printable line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const quoted = quoteShell(text)
      expect(visible(quoted)).toBe(quoted)
      expect(quoted).not.toBe('')
    }),
    { seed: 7 },
  )
})
