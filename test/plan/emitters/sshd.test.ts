import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { sshd } from '../../../src/plan/emitters/sshd.ts'
import { HOSTILE, has, planned, text } from './hostile.ts'

const folder = mkdtempSync(join(tmpdir(), 'davylamp-emitters-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const changeFor = (name: string) =>
  planned(name, {
    sshd: {
      host: name,
      settings: [
        ['PasswordAuthentication', 'no'],
        ['PermitRootLogin', 'prohibit-password'],
        [name, 'x'],
        ['MaxAuthTries', name],
      ],
    },
  })

describe('sshd', () => {
  it('writes the keywords it knows and nothing else', () => {
    fc.assert(
      fc.property(text, (name) => {
        const { files } = sshd.emit([changeFor(name)], [])
        const config = files.find(({ path }) => path.endsWith('.conf'))?.text ?? ''
        for (const line of config.trimEnd().split('\n').slice(1))
          expect(line).toMatch(
            /^(?:PasswordAuthentication no|PermitRootLogin prohibit-password|MaxAuthTries [1-9]\d?)$/u,
          )
        for (const { text: script, isExecutable } of files)
          if (isExecutable) expect(spawnSync('sh', ['-n'], { input: script }).status).toBe(0)
      }),
      { seed: 26, numRuns: 40 },
    )
  })

  const key = join(folder, 'host-key')
  const canCheck =
    has('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key) &&
    ((): boolean => {
      writeFileSync(join(folder, 'probe.conf'), `HostKey ${key}\n`)
      return (
        has('/usr/sbin/sshd', '-t', '-f', join(folder, 'probe.conf')) ||
        has('sshd', '-t', '-f', join(folder, 'probe.conf'))
      )
    })()
  it.skipIf(!canCheck)('is taken by sshd -t (skipped where there is no sshd that runs)', () => {
    const program = existsSync('/usr/sbin/sshd') ? '/usr/sbin/sshd' : 'sshd'
    for (const name of HOSTILE) {
      const config =
        sshd.emit([changeFor(name)], []).files.find(({ path }) => path.endsWith('.conf'))?.text ?? ''
      const file = join(folder, 'sshd.conf')
      writeFileSync(file, `HostKey ${key}\n${config}`)
      const run = spawnSync(program, ['-t', '-f', file], { encoding: 'utf8' })
      expect(run.stderr).toBe('')
      expect(run.status).toBe(0)
    }
  })
})
