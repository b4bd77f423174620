import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { caseStoreContract } from '../case-store.contract.ts'
import { SqliteCase } from './sqlite-case.ts'

const folder = mkdtempSync(join(tmpdir(), 'davylamp-case-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

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
