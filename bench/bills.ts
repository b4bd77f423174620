/**
 * `node bench/bills.ts [--rows N] [--keep]`: how fast `davylamp cost` adds up one large bill (FOCUS 1.0 as AWS exports it,
 * made here), its memory, and whether its total is that of the file to the last place. Takes 650 bytes of disk a row.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CostDocument } from '../src/cost/document.ts'
import { addDecimals, decimalText, parseDecimal, ZERO } from '../src/text/decimal.ts'
import { writeFocus } from './bills/write-focus.ts'
import { canMeasure, measure } from './measure.ts'

const ROOT = resolve(import.meta.dirname, '..')
const OUT = join(ROOT, 'bench/out')
/** What is promised for ten million rows. */
const MAX_SECONDS = 60
const MAX_BYTES = 1e9
const PROMISED_ROWS = 10_000_000

const { values } = parseArgs({
  options: { rows: { type: 'string', default: String(PROMISED_ROWS) }, keep: { type: 'boolean' } },
})
const rows = Number(values.rows)
if (!canMeasure()) {
  console.error('bench: needs GNU time as /usr/bin/time')
  process.exit(1)
}
mkdirSync(OUT, { recursive: true })
const file = join(OUT, `focus-${rows}.csv`)
const sum = decimalText({ units: writeFocus(file, rows), scale: 8 })
console.log(
  `davylamp cost, ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? '?'}, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}`,
)
console.log(`${rows.toLocaleString('en')} rows, ${(statSync(file).size / 1e6).toFixed(0)} MB`)
try {
  const command = {
    program: process.execPath,
    args: [join(ROOT, 'bin/davylamp.mjs'), 'cost', file, '--format', 'json'],
    exitCodes: [0, 10],
  }
  const { median, output } = measure(command, 1, OUT, true)
  const { bills } = CostDocument.parse(JSON.parse(output))
  const total = bills.totals.map((one) => parseDecimal(one.total) ?? ZERO).reduce(addDecimals, ZERO)
  const { wallSeconds, cpuSeconds, peakBytes } = median
  console.log(
    `${wallSeconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of CPU), ${Math.round(rows / wallSeconds).toLocaleString('en')} rows/s, ${(peakBytes / 1e6).toFixed(0)} MB at most`,
  )
  console.log(
    `total ${decimalText(total)}, written ${sum}: ${decimalText(total) === sum ? 'equal' : 'NOT EQUAL'}`,
  )
  const isKept =
    decimalText(total) === sum && cpuSeconds < MAX_SECONDS * (rows / PROMISED_ROWS) && peakBytes < MAX_BYTES
  if (!isKept) process.exitCode = 1
} finally {
  if (values.keep !== true) rmSync(file)
}
