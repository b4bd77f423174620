import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evidence, workFolder } from './run.ts'

const SCRIPT = '/usr/bin/script'
const isMissing = process.platform !== 'linux' || !existsSync(SCRIPT)
if (isMissing) console.warn(`skipped: progress on a terminal, because ${SCRIPT} is not installed`)

const launcher = resolve(import.meta.dirname, '..', '..', 'bin', 'davylamp.mjs')
const folder = workFolder()

/** What a terminal of so many columns is sent, lines that are drawn over left out. */
function onTerminal(columns: number, args: string, env: Record<string, string> = {}): string[] {
  const command = `stty cols ${columns} rows 40; '${process.execPath}' '${launcher}' ${args} > /dev/null`
  const run = spawnSync(SCRIPT, ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', TERM: 'xterm', ...env },
  })
  const screen: string[] = []
  for (const part of run.stdout.replaceAll('\r', '').split(/(\x1b\[\d+A)/u)) {
    const up = /^\x1b\[(\d+)A$/u.exec(part)
    if (up === null)
      screen.push(
        ...part
          .replaceAll(/\x1b\[[\d;]*[A-Za-z]/gu, '')
          .split('\n')
          .slice(0, -1),
      )
    else screen.splice(-Number(up[1]))
  }
  return screen
}

describe.skipIf(isMissing)('progress on a terminal', () => {
  it('is a row per file with bar, size, records and format, and what is left out', () => {
    const rows = onTerminal(120, `investigate '${evidence}' --no-case`)
    expect(rows[0]).toMatch(/audit\.log +█{20} +\d+ kB +\d+ records  auditd$/u)
    expect(rows[1]).toMatch(/auth\.log +█{20} +\d+ kB +\d+ lines  sshd$/u)
    expect(rows[2]).toMatch(/eth0\.pcap +█{20} +\d+ kB +[\d,]+ packets  capture$/u)
    expect(rows[3]).toMatch(/notes\.txt  skipped: not a format I know$/u)
  })

  it('tells many files by their largest and the others together', () => {
    const many = join(folder, 'many')
    mkdirSync(many)
    const line = 'May 12 03:00:00 web-1 sshd[7]: Failed password for root from 203.0.113.9 port 4000 ssh2\n'
    for (let i = 0; i < 40; i++) writeFileSync(join(many, `${i}.log`), line.repeat(i + 1))
    for (let i = 0; i < 60; i++) writeFileSync(join(many, `${i}.txt`), 'nothing known\n')
    const rows = onTerminal(100, `investigate '${many}' --no-case`)
    expect(rows.length).toBeLessThan(18)
    expect(rows).toContainEqual(expect.stringMatching(/^ {2}29 smaller files/u))
    expect(rows).toContainEqual('  60 files skipped: not a format I know')
  })

  it.each([40, 60, 80, 200])('fits %i columns', (columns) => {
    for (const row of onTerminal(columns, `investigate '${evidence}' --no-case`))
      expect(row.length, row).toBeLessThan(columns)
  })

  it('is left out where a line cannot be drawn over, and when quiet', () => {
    const said = [`davylamp: ${join(evidence, 'notes.txt')}: skipped: not a format I know`]
    expect(onTerminal(200, `investigate '${evidence}' --no-case`, { TERM: 'dumb' })).toEqual(said)
    expect(onTerminal(200, `investigate '${evidence}' --no-case --quiet`)).toEqual(said)
  })
})
