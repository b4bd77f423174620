import { readFileSync } from 'node:fs'
import { pathInWords } from '../config/problem.ts'
import { DavylampError } from '../errors.ts'
import { systemReason } from '../inputs/system-error.ts'
import { safeJson } from '../reports/safe-json.ts'
import { type Flaw, type Read, readClaim, readTruth } from '../score/read.ts'
import { score } from '../score/score.ts'
import { scoreTable } from './range-score-table.ts'

export interface RangeScoreOptions {
  readonly format: 'json' | 'terminal'
}

const MAX_FLAWS = 10

/** `davylamp range score GOT TRUTH`: how well an investigation tells the truth. */
export function rangeScore(gotFile: string, truthFile: string, options: RangeScoreOptions): void {
  const claim = valueOf(readClaim(textOf(gotFile)), gotFile, 'the JSON of davylamp investigate')
  const truth = valueOf(readTruth(textOf(truthFile)), truthFile, 'a truth.json')
  const result = score(claim, truth)
  process.stdout.write(options.format === 'json' ? safeJson(result) : scoreTable(result))
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (cause) {
    throw new DavylampError('document-invalid', `cannot read ${file}: ${systemReason(cause)}`, { cause })
  }
}

function valueOf<T>(read: Read<T>, file: string, wanted: string): T {
  if (read.flaws === null) return read.value
  const lines = read.flaws.slice(0, MAX_FLAWS).map((flaw) => `${file}: ${inWords(flaw)}`)
  if (read.flaws.length > MAX_FLAWS) lines.push(`… and ${read.flaws.length - MAX_FLAWS} more`)
  throw new DavylampError('document-invalid', lines.join('\n'), {
    hint: `this should be ${wanted}: davylamp range score GOT.json TRUTH.json`,
  })
}

function inWords({ path, message }: Flaw): string {
  return path.length === 0 ? message : `${pathInWords(path)}: ${message}`
}
