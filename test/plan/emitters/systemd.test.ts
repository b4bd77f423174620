import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { settingLine, systemd } from '../../../src/plan/emitters/systemd.ts'
import { HOSTILE, has, planned, text } from './hostile.ts'

const folder = mkdtempSync(join(tmpdir(), 'davylamp-emitters-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('systemd', () => {
  it('keeps a setting on one line, without specifiers or variables of its own', () => {
    fc.assert(
      fc.property(text, (value) => {
        const line = settingLine(['Environment', value])
        expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
        expect(line.replaceAll('%%', '').replaceAll('$$', '')).not.toMatch(/[%$]/u)
        expect(line).not.toMatch(/\\$/u)
      }),
      { seed: 27, numRuns: 300 },
    )
  })

  it.each(HOSTILE)('refuses a unit called %j', (unit) => {
    const { files, refused } = systemd.emit(
      [planned('x', { systemd: { host: 'h', unit, action: 'stop' } })],
      [],
    )
    expect(files).toEqual([])
    expect(refused).toHaveLength(1)
  })

  it.skipIf(!has('systemd-analyze', '--version'))(
    'is taken by systemd-analyze verify (skipped where there is none)',
    () => {
      const { files } = systemd.emit(
        HOSTILE.map((name, i) =>
          planned(name, {
            systemd: {
              host: 'h',
              unit: `davylamp-${i}.service`,
              action: 'drop-in',
              section: 'Service',
              settings: [
                ['ExecStart', ''],
                ['ExecStart', '/bin/true --bind 127.0.0.1'],
                ['Environment', 'A=1'],
              ],
            },
          }),
        ),
        [],
      )
      for (const { path, text: body } of files) {
        const file = join(folder, 'units', path.slice('h/'.length))
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, body)
      }
      const units = HOSTILE.map((_, i) => join(folder, 'units', `davylamp-${i}.service`))
      for (const unit of units) writeFileSync(unit, '[Service]\nExecStart=/bin/false\n')
      const run = spawnSync('systemd-analyze', ['verify', ...units], {
        encoding: 'utf8',
        env: { ...process.env, SYSTEMD_UNIT_PATH: `${join(folder, 'units')}:` },
      })
      expect(run.stderr.split('\n').filter((line) => line.includes(folder))).toEqual([])
      for (const { path, text: script } of files)
        if (path.endsWith('.sh')) expect(spawnSync('sh', ['-n'], { input: script }).status).toBe(0)
    },
  )
})
