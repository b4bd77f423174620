import type { Composition, WireComposition } from './cli/composition.ts'
import { DavylampError } from './errors.ts'
import { visible } from './text/visible.ts'

/** The way in. Commands load what they need when they run, so that `--help` answers at once. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that went away (`| head`) is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
      if (stream === process.stdout)
        process.stderr.write(`davylamp: cannot write the output: ${visible(error.message)}\n`)
      process.exit(1)
    })
  }
  try {
    const { program } = await import('./cli/program.ts')
    await program(compose, argv, composeWire).parseAsync([...argv], { from: 'user' })
  } catch (error) {
    process.exitCode = report(error)
  }
}

async function compose(): Promise<Composition> {
  const { composition } = await import('./compose.ts')
  return composition()
}

async function composeWire(): Promise<WireComposition> {
  const { wireComposition } = await import('./compose-wire.ts')
  return wireComposition()
}

/** Tells an error on standard error and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof DavylampError) {
    tell(error.message)
    if (error.hint !== null) process.stderr.write(`${INDENT}${visible(error.hint)}\n`)
    return error.exitCode
  }
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 2
  tell(`this should not happen: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return 1
}

const INDENT = ' '.repeat('davylamp: '.length)

/** Further lines of a message (several problems in one file, a stack) stand under the first. */
function tell(message: string): void {
  for (const [i, line] of message.split('\n').entries())
    process.stderr.write(`${i === 0 ? 'davylamp: ' : INDENT}${visible(line)}\n`)
}

function isCommanderError(error: unknown): error is { code: string; exitCode: number } {
  return (
    error instanceof Error &&
    'code' in error &&
    'exitCode' in error &&
    String(error.code).startsWith('commander.')
  )
}
