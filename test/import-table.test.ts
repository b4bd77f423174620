import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseSync } from 'oxc-parser'
import { describe, expect, it } from 'vitest'

const src = resolve(import.meta.dirname, '..', 'src')

/** Who may import whom, besides `errors.ts`, `recent-map.ts`, `extremes.ts` and `text/`, which everybody may. The same table is in ARCHITECTURE.md. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  text: [],
  event: [],
  wire: ['event', 'inputs'],
  intel: ['event'],
  inputs: [],
  sources: ['event', 'wire', 'inputs'],
  engine: ['event'],
  mining: ['event'],
  sigma: ['event', 'engine'],
  detectors: ['event', 'engine', 'intel', 'mining', 'cost'],
  conversations: ['event', 'inputs', 'wire', 'intel', 'sources', 'detectors', 'mining'],
  live: ['inputs'],
  collect: [],
  assets: ['event'],
  cost: ['event', 'assets', 'intel'],
  policy: ['event', 'assets', 'cost'],
  config: ['assets', 'policy'],
  incidents: ['event', 'assets', 'intel', 'cost'],
  story: ['event', 'assets', 'intel', 'cost', 'incidents', 'policy'],
  surface: ['event', 'assets', 'intel', 'cost'],
  plan: ['event', 'surface', 'policy'],
  reports: ['story'],
  store: ['event', 'assets', 'incidents', 'story', 'surface', 'plan'],
  range: ['event', 'wire'],
  score: ['event', 'range', 'story'],
  pipeline: [
    'event',
    'inputs',
    'sources',
    'engine',
    'sigma',
    'detectors',
    'intel',
    'assets',
    'cost',
    'incidents',
    'policy',
    'story',
    'store',
  ],
}

/** The composition root and the faces may import everything. */
const OUTER = new Set([
  'main.ts',
  'compose.ts',
  'compose-wire.ts',
  'errors.ts',
  'recent-map.ts',
  'extremes.ts',
  'cli',
])
/** Rooms without I/O, clock and chance. */
const PURE = [
  'text',
  'event',
  'wire',
  'engine',
  'sigma',
  'mining',
  'detectors',
  'assets',
  'cost',
  'surface',
  'plan',
  'policy',
  'incidents',
  'story',
  'reports',
  'range',
  'score',
]
/** Shelves: their folders are plugins, which never import each other. */
const SHELVES = ['sources', 'detectors', 'reports']
/** Files of pure rooms that do what the room must not, each with its reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'range/write.ts': 'writes the staged scene to disk',
  'reports/html/script.ts': "text that runs in the reader's browser, not here",
}

interface Import {
  readonly file: string
  readonly from: string
  readonly isTypeOnly: boolean
  readonly names: readonly string[]
}

/** What `node:net` computes with addresses alone. */
const ADDRESS_ARITHMETIC = new Set(['BlockList', 'isIP', 'isIPv4', 'isIPv6'])

function importsOf(file: string): Import[] {
  const parsed = parseSync(file, readFileSync(file, 'utf8'))
  const found: Import[] = []
  for (const one of parsed.module.staticImports) {
    const isTypeOnly = one.entries.length > 0 && one.entries.every((entry) => entry.isType)
    found.push({
      file,
      from: one.moduleRequest.value,
      isTypeOnly,
      names: one.entries.map((entry) => entry.importName.name ?? '*'),
    })
  }
  for (const one of parsed.module.staticExports) {
    for (const entry of one.entries) {
      if (entry.moduleRequest !== null)
        found.push({ file, from: entry.moduleRequest.value, isTypeOnly: entry.isType, names: [] })
    }
  }
  return found
}

const files = globSync('**/*.ts', { cwd: src }).filter(
  (file) => !/\.(?:test|contract)\.ts$|\/samples\//u.test(file),
)
const imports = files.flatMap((file) => importsOf(join(src, file)))

function roomOf(path: string): string {
  return relative(src, path).split('/')[0] ?? ''
}

function target(one: Import): string | null {
  return one.from.startsWith('.') ? resolve(dirname(one.file), one.from) : null
}

describe('import table', () => {
  it('names every room there is, and no other', () => {
    const rooms = new Set(files.map((file) => file.split('/')[0] ?? '').filter((room) => !OUTER.has(room)))
    expect([...rooms].toSorted()).toEqual(Object.keys(ALLOWED).toSorted())
  })

  it.each(Object.keys(ALLOWED))('%s imports only what it may', (room) => {
    const may = new Set([room, 'errors.ts', 'recent-map.ts', 'extremes.ts', 'text', ...(ALLOWED[room] ?? [])])
    const offences = imports
      .filter((one) => roomOf(one.file) === room)
      .map((one) => ({ one, path: target(one) }))
      .filter(({ path }) => path !== null && path.startsWith(src) && !may.has(roomOf(path)))
      .map(({ one }) => `${relative(src, one.file)} imports ${one.from}`)
    expect(offences).toEqual([])
  })

  it.each(SHELVES)('plugins on the shelf %s do not know each other', (shelf) => {
    const plugin = (path: string): string | null => {
      const parts = relative(join(src, shelf), path).split('/')
      return parts.length > 1 && parts[0] !== '..' ? (parts[0] ?? null) : null
    }
    const shared = new Set(['programs', 'json', 'model', 'parquet', 'measured'])
    const offences = imports
      .filter((one) => roomOf(one.file) === shelf && plugin(one.file) !== null)
      .map((one) => ({
        one,
        mine: plugin(one.file),
        theirs: target(one) === null ? null : plugin(target(one) ?? ''),
      }))
      .filter(({ mine, theirs }) => theirs !== null && mine !== theirs && !shared.has(theirs))
      .map(({ one }) => `${relative(src, one.file)} imports ${one.from}`)
    expect(offences).toEqual([])
  })

  it.each(PURE)('%s has no I/O, no clock, no chance', (room) => {
    const banned =
      /\b(?:Date\.now|new Date\(\)|Math\.random|performance\.now|process\.(?:env|argv|exit|std|cwd|hrtime|on\b|memory|platform)|setTimeout|setInterval)/u
    const io = /^node:(?:fs|net|http|https|child_process|dns|dgram|tls|worker_threads|os)/u
    const offences: string[] = []
    for (const file of files.filter((one) => one.startsWith(`${room}/`) && !(one in EXCEPTIONS))) {
      const match = banned.exec(
        readFileSync(join(src, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/gu, ''),
      )
      if (match !== null) offences.push(`${file} uses ${match[0]}`)
    }
    for (const one of imports.filter((candidate) => roomOf(candidate.file) === room)) {
      const name = relative(src, one.file)
      if (one.from === 'node:net' && one.names.every((item) => ADDRESS_ARITHMETIC.has(item))) continue
      if (io.test(one.from) && !(name in EXCEPTIONS)) offences.push(`${name} imports ${one.from}`)
    }
    expect(offences).toEqual([])
  })

  it('has no cycle between rooms', () => {
    const edges = new Map<string, Set<string>>()
    for (const one of imports) {
      const path = target(one)
      if (path === null || one.isTypeOnly) continue
      const [from, to] = [roomOf(one.file), roomOf(path)]
      if (from !== to && !OUTER.has(from)) edges.set(from, (edges.get(from) ?? new Set()).add(to))
    }
    const visiting: string[] = []
    const done = new Set<string>()
    const walk = (room: string): void => {
      if (done.has(room)) return
      expect(visiting, [...visiting, room].join(' → ')).not.toContain(room)
      visiting.push(room)
      for (const next of edges.get(room) ?? []) walk(next)
      visiting.pop()
      done.add(room)
    }
    for (const room of edges.keys()) walk(room)
  })
})
