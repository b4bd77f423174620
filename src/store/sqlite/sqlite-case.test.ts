import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { type Surface, SURFACE_SCHEMA } from '../../surface/document.ts'
import type { Manifest } from '../case-store.ts'
import { caseStoreContract } from '../case-store.contract.ts'
import { SqliteCase } from './sqlite-case.ts'

const folder = mkdtempSync(join(tmpdir(), 'davylamp-case-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const manifest: Manifest = {
  id: 'm1',
  createdAt: '2026-05-12T08:00:00Z',
  toolVersion: '0',
  folder: '/',
  commandLine: [],
  inputs: [],
}
const nothing = { low: 0, mid: 0, high: 0 }
const EMPTY_SURFACE: Surface = {
  schema: SURFACE_SCHEMA,
  generatedAt: '2026-05-12T03:14:07.000000Z',
  tool: { name: 'davylamp', version: '0' },
  from: 'internet',
  usdPerDay: nothing,
  totals: { waysIn: 0, machines: 0, machinesReached: 0 },
  inputs: [],
  skipped: [],
  assets: [],
  exposures: [],
  hygiene: [],
  blocked: [],
  attackPaths: [],
  coverage: [],
  notes: [],
}

let number = 0
const fresh = (): string => join(folder, `case-${number++}`, 'case.sqlite')

describe('sqlite case', () => {
  caseStoreContract(() => new SqliteCase(fresh()))

  it('keeps what was added after it is closed, for its owner alone', async () => {
    const file = fresh()
    const first = new SqliteCase(file)
    await first.close()
    expect(statSync(join(file, '..')).mode & 0o077).toBe(0)
    const again = new SqliteCase(file)
    expect(await again.size()).toMatchObject({ incidents: 0 })
    await again.close()
  })

  it('is opened to read without a trace', async () => {
    const file = fresh()
    await new SqliteCase(file).close()
    const before = readFileSync(file)
    const reader = new SqliteCase(file, 'read')
    expect(await reader.incidents()).toEqual([])
    expect(readdirSync(join(file, '..'))).toEqual(['case.sqlite'])
    await reader.close()
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(() => new SqliteCase(fresh(), 'read')).toThrow()
  })

  it('gives the surface of a case whose exposures have no list of their own yet', async () => {
    const file = fresh()
    const first = new SqliteCase(file)
    await first.addSurface({ manifest, surface: EMPTY_SURFACE })
    await first.close()
    const db = new DatabaseSync(file)
    db.exec('PRAGMA journal_mode = DELETE; DROP TABLE surface_exposures; PRAGMA user_version = 3')
    db.close()
    for (const access of ['read', 'write'] as const) {
      const store = new SqliteCase(file, access)
      expect(await store.surface()).toEqual(EMPTY_SURFACE)
      await store.close()
    }
  })

  it('refuses a case of a newer Davylamp, and a file that is no case', async () => {
    const file = fresh()
    await new SqliteCase(file).close()
    const db = new DatabaseSync(file)
    db.exec('PRAGMA user_version = 99')
    db.close()
    expect(() => new SqliteCase(file)).toThrow(/newer/u)
    const other = join(folder, 'text')
    writeFileSync(other, 'this is not a database, however long it may be. '.repeat(100))
    expect(() => new SqliteCase(other)).toThrow()
  })
})
