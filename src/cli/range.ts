import { DavylampError } from '../errors.ts'
import { stageScene } from '../range/scene.ts'
import { writeScene } from '../range/write.ts'
import { reasonOf } from './investigate.ts'

export interface RangeOptions {
  readonly out: string
  readonly seed: string
  readonly quietDay?: boolean
  readonly failedGuessing?: boolean
}

/** `davylamp range`: a staged battle, its evidence and its truth. */
export function range(options: RangeOptions): void {
  const seed = Number(options.seed)
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new DavylampError('usage', `--seed ${options.seed}: not a whole number`)
  const scene = stageScene({
    seed,
    quiet: options.quietDay === true,
    failedGuessing: options.failedGuessing === true,
  })
  try {
    writeScene(options.out, scene)
  } catch (cause) {
    throw new DavylampError(
      'output-unwritable',
      `cannot write the scene to ${options.out}: ${reasonOf(cause)}`,
      { cause },
    )
  }
  process.stderr.write(`evidence: ${options.out}/evidence\ntruth:    ${options.out}/truth.json\n`)
}
