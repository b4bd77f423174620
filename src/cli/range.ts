import { existsSync, readdirSync } from 'node:fs'
import { DavylampError } from '../errors.ts'
import { stageScene } from '../range/scene.ts'
import { writeScene } from '../range/write.ts'
import { quoteShell } from '../text/shell.ts'
import { visible } from '../text/visible.ts'
import { writingReason } from './reason.ts'

export interface RangeOptions {
  readonly out?: string
  readonly seed: string
  readonly quietDay?: boolean
  readonly failedGuessing?: boolean
}

/** `davylamp range`: a staged battle, its evidence and its truth. */
export function range({ out, ...options }: RangeOptions): void {
  if (out === undefined) throw new DavylampError('usage', "required option '--out <dir>' not specified")
  const seed = Number(options.seed)
  if (!/^\d+$/u.test(options.seed) || !Number.isSafeInteger(seed))
    throw new DavylampError('usage', `--seed ${options.seed}: not a whole number`)
  try {
    refuseUsed(out)
    const scene = stageScene({
      seed,
      quiet: options.quietDay === true,
      failedGuessing: options.failedGuessing === true,
    })
    writeScene(out, scene)
  } catch (cause) {
    if (cause instanceof DavylampError) throw cause
    throw new DavylampError(
      'output-unwritable',
      `cannot write the scene to ${out}: ${writingReason(cause)}`,
      { cause },
    )
  }
  const evidence = visible(`${out}/evidence`)
  process.stderr.write(
    `evidence: ${evidence}\ntruth:    ${visible(out)}/truth.json\nto read it: davylamp investigate ${quoteShell(`${out}/evidence`)}\n`,
  )
}

/** A scene is never mixed with what is there already: evidence of two battles would tell of neither. */
function refuseUsed(dir: string): void {
  if (!existsSync(dir) || readdirSync(dir).length === 0) return
  throw new DavylampError('usage', `--out ${dir}: is not empty`, { hint: 'name a new or an empty folder' })
}
