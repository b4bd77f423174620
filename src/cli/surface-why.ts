import { existsSync } from 'node:fs'
import { DavylampError } from '../errors.ts'
import { safeJson } from '../reports/safe-json.ts'
import type { Derivation, Exposure, Range } from '../surface/document.ts'
import { formatNumber, formatUsd } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import { wrap } from '../text/width.ts'
import type { Composition } from './composition.ts'
import { openCase } from './keep-case.ts'
import { CASE_FOLDER, caseFile } from './own-case.ts'
import { terminalOptions } from './terminal.ts'

export interface SurfaceWhyOptions {
  readonly case?: string
  readonly format: string
}

/** `davylamp surface why ID`: where every number of an exposure comes from. */
export async function surfaceWhy(
  id: string,
  options: SurfaceWhyOptions,
  composition: Composition,
): Promise<void> {
  const folder = options.case ?? CASE_FOLDER
  if (!existsSync(caseFile(folder)))
    throw new DavylampError('not-in-case', `there is no case in ${folder}`, {
      hint: 'davylamp surface PATH… makes one in the current folder; name another place with --case DIR',
    })
  const store = openCase(composition, folder)
  try {
    const exposure = await store.exposure(id)
    if (exposure === null)
      throw new DavylampError('not-in-case', `the case knows no exposure called ${id}`, {
        hint: 'davylamp surface PATH… lists them',
      })
    process.stdout.write(options.format === 'json' ? safeJson(exposure) : exposureInWords(exposure))
  } finally {
    await store.close()
  }
}

const MIN_WIDTH = 60
const MAX_WIDTH = 120

/** An exposure with its derivation as a tree, for reading. */
export function exposureInWords(exposure: Exposure): string {
  const { width: wanted, unicode } = terminalOptions(process.stdout, process.env)
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, wanted))
  const lines: string[] = []
  const add = (indent: string, next: string, text: string): void => {
    const [first = '', ...rest] = wrap(visible(text), Math.max(24, width - indent.length))
    lines.push(indent + first, ...rest.map((line) => next + line))
  }
  add('', '  ', exposure.title)
  add('', '  ', `${exposure.id} · ${exposure.severity} · ${exposure.asset}`)
  lines.push('')
  add('  what  ', '        ', exposure.explanation)
  add('  do    ', '        ', exposure.fix)
  for (const why of exposure.why) add('  why   ', '        ', why)
  if (exposure.chain.length > 0) {
    lines.push('', '  The way in, object by object:')
    for (const { type, id, says } of exposure.chain) add('    ', '      ', `${id} (${type}): ${says}`)
  }
  if (exposure.cutEdge !== null)
    add('  cut   ', '        ', `${exposure.cutEdge.id}: ${exposure.cutEdge.says}`)
  lines.push('', '  How the money comes about (middle, then low to high):')
  writeTree(exposure.derivation, '  ', '  ', add)
  if (exposure.evidence.length > 0) {
    lines.push('', '  Proof:')
    for (const { file, line, recordId } of exposure.evidence)
      add(
        '    ',
        '      ',
        `${file}${line === undefined ? '' : `:${line}`}${recordId === undefined ? '' : ` ${recordId}`}`,
      )
  }
  const text = `${lines.join('\n')}\n`
  return unicode
    ? text
    : text
        .replaceAll('─', '-')
        .replaceAll('├', '|')
        .replaceAll('└', '`')
        .replaceAll('│', '|')
        .replaceAll('×', 'x')
        .replaceAll('–', '-')
        .replaceAll('·', '-')
        .replaceAll('→', '->')
        .replaceAll('’', "'")
}

const SIGN: Readonly<Record<Derivation['operation'], string>> = {
  product: 'all multiplied',
  sum: 'added up',
  'any-of': 'at least one of these',
  given: '',
}

/** Depth is that of the program's own arithmetic: five at most. */
function writeTree(
  node: Derivation,
  indent: string,
  below: string,
  add: (indent: string, next: string, text: string) => void,
): void {
  const { label, value, unit, note, source, parts, operation } = node
  const how = parts.length > 1 ? ` (${SIGN[operation]})` : ''
  const notes = [
    note,
    source === null
      ? null
      : source.isJudgement
        ? `judgement, ${source.date}`
        : `${source.name}, ${source.date}`,
  ].filter((one): one is string => one !== null)
  add(
    indent,
    `${below}  `,
    `${rangeInWords(value, unit)}  ${label}${how}${notes.length === 0 ? '' : ` [${notes.join('; ')}]`}`,
  )
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1
    writeTree(part, `${below}${isLast ? '└─ ' : '├─ '}`, `${below}${isLast ? '   ' : '│  '}`, add)
  }
}

function rangeInWords({ low, mid, high }: Range, unit: Derivation['unit']): string {
  const one = (value: number): string => valueInWords(value, unit)
  return low === high ? one(mid) : `${one(mid)} (${one(low)} to ${one(high)})`
}

function valueInWords(value: number, unit: Derivation['unit']): string {
  if (unit === 'usdPerDay') return `${formatUsd(value)}/day`
  if (unit === 'usdPerHour') return `$${value.toFixed(4)}/h`
  if (unit === 'chance') return `${Number((value * 100).toPrecision(3))} %`
  if (unit === 'factor') return `× ${Number(value.toPrecision(3))}`
  return Number.isInteger(value) ? formatNumber(value) : String(Number(value.toPrecision(3)))
}
