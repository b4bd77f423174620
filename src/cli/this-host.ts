import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collectInto } from './collect.ts'

/** This machine as evidence. Whoever gets it removes it. */
export interface ThisHost {
  readonly file: string
  remove(): void
}

/** Looks at this machine into a folder for this run alone; removed also when the run is interrupted. */
export async function collectThisHost(since: string | undefined): Promise<ThisHost> {
  const folder = mkdtempSync(join(tmpdir(), 'davylamp-'))
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', remove)
  const file = join(folder, 'this-host.tar.zst')
  try {
    await collectInto(file, { root: '/', since: since ?? '7d', watch: '4s', maxTime: '11s' }, Date.now())
  } catch (error) {
    remove()
    throw error
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(EXIT_BY_SIGNAL))
  return {
    file,
    remove: () => {
      process.removeListener('exit', remove)
      remove()
    },
  }
}

const EXIT_BY_SIGNAL = 130
