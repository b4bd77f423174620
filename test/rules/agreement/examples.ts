import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const Fields = z.record(z.string(), z.unknown())
type Fields = z.infer<typeof Fields>

const Example = z.object({ Name: z.string(), ExpectedResult: z.boolean(), Log: Fields })
const ExampleFile = z.object({ Tests: z.array(Example).default([]) })

/** A record with what a rule of somebody else is expected to say of it. */
export interface OthersExample {
  readonly name: string
  readonly isExpected: boolean
  readonly log: Fields
}

/** Where the examples of others lie beside the repository; may be absent. */
export const EXAMPLES: string = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  '..',
  'shared',
  'corpus',
  'logs',
  'panther',
)
export const areExamplesThere: boolean = existsSync(EXAMPLES)

/** Rules of one folder with their examples, by the name of the file without its ending. */
export function examplesOf(folder: string): ReadonlyMap<string, readonly OthersExample[]> {
  const files = globSync('*.yml', { cwd: join(EXAMPLES, folder) }).toSorted()
  return new Map(files.map((file) => [basename(file, '.yml'), examplesIn(join(EXAMPLES, folder, file))]))
}

function examplesIn(file: string): OthersExample[] {
  const { Tests } = ExampleFile.parse(parse(readFileSync(file, 'utf8')))
  return Tests.map(({ Name, ExpectedResult, Log }) => ({
    name: Name,
    isExpected: ExpectedResult,
    log: Log,
  }))
}
