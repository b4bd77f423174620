import type { Figure, Figures, Measure } from './figures.ts'
import { MEASURES } from './figures.ts'
import { type Cell, TRIED_PACKS, type TriedPack } from './grid.ts'

interface Row {
  readonly cell: Cell
  readonly figures: Figures
}

const TITLES: Readonly<Record<Measure, string>> = {
  tenureIoU: 'tenures IoU',
  handsF1: 'hands F1',
  occupantPurity: 'purity',
  wayIn: 'ways in',
  costError: 'cost error',
  falseIncidents: 'false incidents',
}

/** For a terminal: median / mean of each measure. */
export function table(rows: readonly Row[], hasHeader: boolean): string {
  const head = [
    'pack  ',
    'skill ',
    'evidence'.padEnd(26),
    ...MEASURES.map((one) => TITLES[one].padEnd(15)),
  ].join('  ')
  const lines = rows.map(({ cell, figures }) =>
    [
      cell.pack.padEnd(6),
      (cell.skill ?? 'mixed').padEnd(6),
      cell.name.padEnd(26),
      ...MEASURES.map((one) => pair(figures[one]).padEnd(15)),
    ].join('  '),
  )
  return [...(hasHeader ? [head] : []), ...lines].join('\n')
}

/** `docs/range.md`: what the range is, and how well investigations did on it. */
export function markdown(rows: readonly Row[], { base, count }: { base: number; count: number }): string {
  const packs = TRIED_PACKS.map((pack) => packTable(pack, rows)).filter((text) => text !== '')
  return `# The range, and how well it is read

\`davylamp range\` stages battles: machines with everyday work on them, administrators who do things that look alike,
and gangs who come in, fight, hide, spread and sell. It writes the evidence such machines leave behind and, beside it, the truth.
Nothing runs, nothing is contacted; commands are text in logs.

The table is made by \`npm run range-trials -- --base ${base} --seeds ${count}\`: ${count} fresh seeds for each line, each battle staged,
read by \`davylamp investigate\` and scored by \`davylamp range score\`. Each figure is median / mean over the battles that had
something to measure. The second pack of gangs was written from public descriptions alone; it is run to report, never to tune.
One exception: that accounts of a cloud have a way in was built after three of its battles showed that there was none at all; its share of
ways in has been no untouched measure since. The third pack was written from public descriptions too, by somebody who has not read the
detectors; unlike the second it is the practice ground, and what is learnt from it may be built.

- **tenures IoU**: intersection over union of the times each occupant held each machine, told and true
- **hands F1**: changes of hands, right within two minutes and by the right two
- **purity**: share of the time told that was told of the right occupant
- **ways in**: share with kind, source and time right
- **cost error**: of the money told, relative
- **false incidents**: medium or higher, on machines nobody got into, for each battle

${packs.join('\n')}`
}

const HEADINGS: Readonly<Record<TriedPack, string>> = {
  first: 'First pack',
  second: 'Second pack',
  third: 'Third pack',
}

function packTable(pack: TriedPack, rows: readonly Row[]): string {
  const own = rows.filter(({ cell }) => cell.pack === pack)
  if (own.length === 0) return ''
  const head = `| skill | evidence | ${MEASURES.map((one) => TITLES[one]).join(' | ')} |`
  const rule = `|---|---|${MEASURES.map(() => '---|').join('')}`
  const lines = own.map(
    ({ cell, figures }) =>
      `| ${cell.skill ?? 'mixed'} | ${cell.name} | ${MEASURES.map((one) => pair(figures[one])).join(' | ')} |`,
  )
  return `## ${HEADINGS[pack]}\n\n${[head, rule, ...lines].join('\n')}\n`
}

function pair(figure: Figure | null): string {
  return figure === null ? '-' : `${figure.median.toFixed(3)} / ${figure.mean.toFixed(3)}`
}
