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

/** Its schema is loaded with it: captures do without both. */
async function flowModel(): Promise<FlowModel> {
  const [{ FlowModel }, text] = await Promise.all([
    import('./wire/behaviour/model.ts'),
    readFile(new URL('./intel/data/flow-model.json', import.meta.url), 'utf8'),
  ])
  return FlowModel.parse(JSON.parse(text))
}
