import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { DavylampError } from '../errors.ts'
import { Truth } from '../range/truth.ts'
import { range, type RangeOptions } from './range.ts'

const dir = mkdtempSync(join(tmpdir(), 'davylamp-range-command-'))
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
})

describe('refuses', () => {
  it.each<[Partial<RangeOptions>, RegExp]>([
    [{ hours: '0' }, /--hours 0: must be from 1 to/u],
    [{ hours: '1e3' }, /--hours 1e3: not a whole number/u],
    [{ hours: '745' }, /--hours 745: must be from 1 to 744$/u],
    [{ hours: '9'.repeat(400) }, /--hours 9+: must be from 1 to 744$/u],
    [{ machines: '0' }, /--machines 0: must be from 1 to 200/u],
    [{ gangs: '21' }, /--gangs 21: must be from 0 to 20/u],
    [{ gangs: '' }, /--gangs : not a whole number/u],
    [{ noise: '' }, /--noise : must be/u],
    [{ seed: '99999999999999999999' }, /--seed 9+: must be from 0 to 9007199254740991/u],
    [{ machines: '201' }, /--machines 201: must be from 1 to 200/u],
    [{ gangs: '-1' }, /--gangs -1: not a whole number/u],
    [{ noise: '4' }, /--noise 4: must be 0 to 3, or asleep, calm, busy, hectic/u],
    [{ noise: 'loud' }, /--noise loud: must be/u],
    [{ without: ['auditd', 'pcap'] }, /--without pcap: no such kind of evidence/u],
    [{ quietDay: true, machines: '3' }, /--machines is for battles/u],
    [{ failedGuessing: true, pack: 'both' }, /--pack is for battles/u],
  ])('%j', (options, message) => {
    const out = join(dir, 'refused')
    const attempt = (): void => {
      range({ seed: '1', out, ...options })
    }
    expect(attempt).toThrow(DavylampError)
    expect(attempt).toThrow(message)
    expect(existsSync(out)).toBe(false)
  })
})

it('stages what the options say, and tells how to read it', () => {
  const out = join(dir, 'drill')
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    range({
      seed: '4',
      out,
      hours: '4',
      machines: '2',
      gangs: '1',
      noise: 'asleep',
      without: ['auditd'],
      wear: 'none',
    })
    expect(said.mock.calls.join('')).toContain(
      `to read it: davylamp investigate ${out}/evidence --inventory ${out}/inventory.yaml`,
    )
  } finally {
    said.mockRestore()
  }
  const truth = Truth.parse(JSON.parse(readFileSync(join(out, 'truth.json'), 'utf8')))
  expect(truth.machines).toHaveLength(2)
  const files = readdirSync(join(out, 'evidence', truth.machines[0]?.name ?? ''))
  expect(files).toContain('auth.log')
  expect(files).not.toContain('audit.log')
})
