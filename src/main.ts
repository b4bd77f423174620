import type { Composition } from './cli/composition.ts'
import { DavylampError } from './errors.ts'
import { visible } from './text/visible.ts'

/** The way in. Commands load what they need when they run, so that `--help` answers at once. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that went away (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
    throw error
  })
  try {
    const { program } = await import('./cli/program.ts')
    await program(compose, argv).parseAsync([...argv], { from: 'user' })
  } catch (error) {
    process.exitCode = report(error)
  }
}

async function compose(): Promise<Composition> {
  const { composition } = await import('./compose.ts')
  return composition()
}

/** Tells an error on standard error and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof DavylampError) {
    process.stderr.write(`davylamp: ${visible(error.message)}\n`)
    if (error.hint !== null) process.stderr.write(`          ${visible(error.hint)}\n`)
    return error.exitCode
  }
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 2
  process.stderr.write(
    `davylamp: this should not happen: ${visible(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
  )
  return 1
}

function isCommanderError(error: unknown): error is { code: string; exitCode: number } {
  return (
    error instanceof Error &&
    'code' in error &&
    'exitCode' in error &&
    String(error.code).startsWith('commander.')
  )
}
