/**
 * How well investigations tell the truth, on battles nobody has seen: draws fresh seeds, stages a battle for each, lets
 * the real command read it, and scores what it says. Each pack of gangs is reported apart; the second is never tuned
 * to. `--write FILE` puts the table into a Markdown file.
 *
 *   node scripts/range-trials.ts [--seeds 30] [--base N] [--pack third] [--write docs/range.md] [--quick]
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { availableParallelism } from 'node:os'
import { Random } from '../src/range/random.ts'
import { CELLS, type Cell, TRIED_PACKS } from './range-trials/grid.ts'
import { type Figures, summarise } from './range-trials/figures.ts'
import { markdown, table } from './range-trials/report.ts'
import { tryOne } from './range-trials/trial.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '30' },
    base: { type: 'string' },
    write: { type: 'string' },
    pack: { type: 'string' },
    quick: { type: 'boolean', default: false },
    jobs: { type: 'string' },
  },
})

const count = wholeNumber('--seeds', values.seeds)
const base = values.base === undefined ? Date.now() % 1_000_000_000 : wholeNumber('--base', values.base)
const jobs =
  values.jobs === undefined ? Math.min(2, availableParallelism()) : wholeNumber('--jobs', values.jobs)
if (values.pack !== undefined && !TRIED_PACKS.some((pack) => pack === values.pack))
  throw new Error(`--pack ${values.pack}: one of ${TRIED_PACKS.join(', ')}`)
const cells = CELLS.filter(
  (cell) =>
    (values.pack === undefined || cell.pack === values.pack) &&
    (!values.quick || (cell.without.length === 0 && cell.skill === null)),
)
const random = new Random(`range trials ${base}`)
const seeds = Array.from({ length: count }, () => random.integer(1, 2 ** 31))

console.error(`base ${base}: ${count} seeds, ${cells.length} cells; again with --base ${base}`)
const rows: { cell: Cell; figures: Figures }[] = []
for (const cell of cells) {
  const scores = await side(seeds, (seed) => tryOne(seed, cell))
  const figures = summarise(scores)
  rows.push({ cell, figures })
  console.log(table([{ cell, figures }], rows.length === 1))
}
if (values.write !== undefined) writeFileSync(values.write, markdown(rows, { base, count }))

/** A few at a time; results in the order of the seeds. */
async function side<T>(list: readonly number[], work: (seed: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  const waiting = list.entries()
  const worker = async (): Promise<void> => {
    for (const [i, seed] of waiting) results[i] = await work(seed)
  }
  await Promise.all(Array.from({ length: jobs }, worker))
  return results
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,12}$/u.test(text)) throw new Error(`${option} ${text}: not a whole number`)
  return Number(text)
}
