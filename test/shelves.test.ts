import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DETECTORS } from '../src/detectors/index.ts'
import { loadIntel } from '../src/intel/load.ts'
import { REPORTS } from '../src/reports/index.ts'
import { SOURCES } from '../src/sources/index.ts'

const src = resolve(import.meta.dirname, '..', 'src')
/** Folders on a shelf that are no plugins: what several plugins share, and samples for tests. */
const NO_PLUGINS = new Set(['model', 'programs', 'samples'])

const shelves = [
  ['sources', SOURCES.map((source) => source.id)],
  ['detectors', DETECTORS.map((detector) => detector.id)],
  ['reports', REPORTS.map((report) => report.id)],
] as const

describe.each(shelves)('the shelf %s', (shelf, ids) => {
  it('lists every plugin folder, by id', () => {
    const folders = readdirSync(join(src, shelf), { withFileTypes: true })
      .filter(
        (entry) =>
          entry.isDirectory() &&
          !NO_PLUGINS.has(entry.name) &&
          existsSync(join(src, shelf, entry.name, 'index.ts')),
      )
      .map((entry) => entry.name)
    expect([...ids].toSorted()).toEqual(folders.toSorted())
  })
})

describe.each(DETECTORS)('detector $id', (detector) => {
  const folder = join(src, 'detectors', detector.id)

  it('says what it is, how it errs and what to do', () => {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8')
    for (const part of ['What', 'How', 'false positives', 'What to do', 'References'])
      expect(readme).toMatch(new RegExp(part, 'iu'))
  })

  it('has a test of its own', () => expect(existsSync(join(folder, `${detector.id}.test.ts`))).toBe(true))

  it('names ATT&CK techniques that exist', () => {
    const intel = loadIntel()
    expect(detector.attack.filter((id) => intel.technique(id) === null)).toEqual([])
  })

  it('bounds its state', () => {
    expect(detector.windowMs).toBeGreaterThan(0)
    expect(detector.maxKeys).toBeGreaterThan(0)
    expect(Number.isFinite(detector.windowMs) && Number.isFinite(detector.maxKeys)).toBe(true)
  })
})
