import { readFile } from 'node:fs/promises'
import type { WireComposition } from './cli/composition.ts'
import { openInputs } from './inputs/open.ts'
import { loadIntel } from './intel/load.ts'
import type { FlowModel } from './wire/behaviour/model.ts'

/** What `davylamp wire` needs and no more: it reads whole captures in the time that loading everything takes. */
export function wireComposition(): WireComposition {
  return {
    intel: loadIntel(),
    flowModel,
    openInputs: (paths, isHashed, stdin) => openInputs(paths, { hashesWhileReading: isHashed, stdin }),
  }
}

/** As it was built: its test has held it against its schema, which would take as much memory as ten thousand flows. */
export async function flowModel(): Promise<FlowModel> {
  return JSON.parse(await readFile(new URL('./intel/data/flow-model.json', import.meta.url), 'utf8'))
}
