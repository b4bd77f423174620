/** Writes the pages of `docs/` that are made from definitions; with `--check` only compares. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { program } from '../src/cli/program.ts'
import { CostDocument } from '../src/cost/document.ts'
import { ConversationDocument } from '../src/conversations/schema.ts'
import { DETECTORS } from '../src/detectors/index.ts'
import { ERRORS } from '../src/errors.ts'
import { Event } from '../src/event/event.ts'
import { Finding } from '../src/event/finding.ts'
import { dataSources, loadIntel } from '../src/intel/load.ts'
import { Plan } from '../src/plan/document.ts'
import { Truth } from '../src/range/truth.ts'
import { REPORTS } from '../src/reports/index.ts'
import { Score } from '../src/score/document.ts'
import { SOURCES } from '../src/sources/index.ts'
import { Investigation } from '../src/story/document.ts'
import { Surface } from '../src/surface/document.ts'

const docs = resolve(import.meta.dirname, '..', 'docs')
const GENERATED = '<!-- made by `npm run docs`: change the definitions, not this page -->'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function page(title: string, ...parts: readonly string[]): string {
  return [GENERATED, `# ${title}`, ...parts].join('\n\n') + '\n'
}

function commands(): string {
  const davylamp = program(() => Promise.reject(new Error('no command runs here')), [])
  davylamp.configureHelp({ helpWidth: 100 })
  const parts = davylamp.commands.flatMap((command) =>
    [command, ...command.commands].map((part) => {
      part.configureHelp({ helpWidth: 100 })
      const name = part === command ? part.name() : `${command.name()} ${part.name()}`
      return `## davylamp ${name}\n\n\`\`\`\n${part.helpInformation().trimEnd()}\n\`\`\``
    }),
  )
  return page('Commands', `\`\`\`\n${davylamp.helpInformation().trimEnd()}\n\`\`\``, ...parts)
}

function sources(): string {
  const rows = SOURCES.map((source) => [
    `\`${source.id}\``,
    source.title,
    source.kinds.join(', '),
    source.hint,
  ])
  return page(
    'Sources',
    'What Davylamp reads. Formats are recognised from content, never from names.',
    table(['id', 'reads', 'gives events', 'where it is found, how to switch it on'], rows),
  )
}

function detectors(): string {
  const intel = loadIntel()
  const attack = (ids: readonly string[]): string =>
    ids
      .map((id) => {
        const technique = intel.technique(id)
        if (technique === null) return id
        return `${id} ${technique.name}${technique.v18 === null ? '' : ` (v18: ${technique.v18})`}`
      })
      .join('; ')
  const rows = DETECTORS.map((detector) => [
    `[\`${detector.id}\`](../../src/detectors/${detector.id}/README.md)`,
    detector.title,
    detector.kinds.join(', '),
    attack(detector.attack),
  ])
  return page(
    'Detectors',
    'ATT&CK v19 ids; the older id where it was renumbered.',
    table(['id', 'finds', 'from events', 'ATT&CK'], rows),
  )
}

function errors(): string {
  const rows = Object.entries(ERRORS).map(([code, { exitCode, meaning }]) => [
    `\`${code}\``,
    String(exitCode),
    meaning,
  ])
  return page(
    'Errors and exit codes',
    table(
      ['exit code', 'meaning'],
      [
        ['0', 'done, nothing found'],
        ['10', 'done, incidents found'],
        ['2', 'wrong usage or wrong configuration'],
        ['1', 'nothing could be done'],
      ],
    ),
    'Damaged, unknown or skipped input never changes the exit code; it is told on standard error and in the output.',
    table(['error', 'exit code', 'meaning'], rows),
  )
}

function reports(): string {
  return page(
    'Output formats',
    table(
      ['--format', 'what it is', 'media type'],
      REPORTS.map((report) => [`\`${report.id}\``, report.title, report.mediaType]),
    ),
  )
}

function dataSourcesPage(): string {
  const rows = dataSources().map((source) => [
    source.table,
    source.source,
    source.licence,
    source.date,
    String(source.entries),
    source.how,
  ])
  return page(
    'Data sources',
    'Facts that ship with Davylamp (`src/intel/data/`), where they come from and when they were taken.',
    table(['table', 'source', 'licence', 'date', 'entries', 'how it was made'], rows),
  )
}

function schema(name: string, type: z.ZodType): [string, string] {
  return [
    `reference/schemas/${name}.json`,
    `${JSON.stringify(z.toJSONSchema(type, { reused: 'ref' }), null, 2)}\n`,
  ]
}

/** README shows so many steps of what to do, and leaves the rest of the example's output to the reader. */
const EXAMPLE_STEPS = 3

/** README with what its first command prints, as it is printed. */
function readme(): string {
  const root = resolve(docs, '..')
  const text = readFileSync(join(root, 'README.md'), 'utf8')
  const command = ['investigate', 'examples/battle/evidence', '--inventory', 'examples/battle/inventory.yaml']
  const run = spawnSync(process.execPath, ['bin/davylamp.mjs', ...command, '--no-case'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  const all = run.stdout.trimEnd().split('\n')
  const rest = all.findIndex((line) => line.trimStart().startsWith(`${EXAMPLE_STEPS + 1}. `))
  const lines = all.slice(0, rest === -1 ? undefined : rest)
  const block = ['```', `$ npx davylamp ${command.join(' ')}`, ...lines, '  …', '```'].join('\n')
  return text.replace(
    /(<!-- example-output -->\n)[^]*(<!-- \/example-output -->)/u,
    (_all, begin: string, end: string) => `${begin}${block}\n${end}`,
  )
}

const pages = new Map<string, string>([
  ['../README.md', readme()],
  ['reference/commands.md', commands()],
  ['reference/sources.md', sources()],
  ['reference/detectors.md', detectors()],
  ['reference/errors.md', errors()],
  ['reference/formats.md', reports()],
  ['data-sources.md', dataSourcesPage()],
  schema('investigation', Investigation),
  schema('conversation', ConversationDocument),
  schema('event', Event),
  schema('finding', Finding),
  schema('truth', Truth),
  schema('score', Score),
  schema('surface', Surface),
  schema('plan', Plan),
  schema('cost', CostDocument),
])

let stale = 0
for (const [name, text] of pages) {
  const file = join(docs, name)
  if (process.argv.includes('--check')) {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
    console.error(`docs/${name} is not what the definitions say: run npm run docs`)
    stale++
  } else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
process.exitCode = stale > 0 ? 1 : 0
