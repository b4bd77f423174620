/**
 * Trains the flow model and validates it: `npm run flow-model -- <design.csv>`. Writes `src/intel/data/flow-model.json`
 * and the marked parts of `docs/flow-model.md`. The same file gives the same bytes.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { FlowModel } from '../../src/wire/behaviour/model.ts'
import { chart } from './chart.ts'
import { ALL_LONG, LENGTH_CLASSES, OPERATING_POINT } from './curve.ts'
import { readDesign } from './design-flows.ts'
import { learn, SEED } from './learning.ts'
import { pooled, tables } from './page.ts'
import { slopeAt, thresholdAt, tryPortsLeftOut, tryServicesLeftOut } from './validate.ts'

const COLOURS = ['#000', '#c60', '#06c', '#393']

const root = new URL('../../', import.meta.url)
const path = process.argv[2] ?? new URL('../shared/corpus/flows/cesnet-miner22/design.csv', root).pathname
if (!existsSync(path)) {
  console.error(`no such file: ${path}\nusage: npm run flow-model -- <design.csv of CESNET-MINER22>`)
  process.exit(2)
}

const flows = await readDesign(path)
console.error(`${flows.length} flows; validating (about a minute)`)
const servicesLeftOut = tryServicesLeftOut(flows)
const portsLeftOut = tryPortsLeftOut(flows)
const threshold = Number(thresholdAt(servicesLeftOut, OPERATING_POINT).toFixed(4))
const model = FlowModel.parse({ ...learn(flows), threshold, slope: slopeAt(servicesLeftOut, threshold) })
writeFileSync(new URL('src/intel/data/flow-model.json', root), text(model))
writeFileSync(
  new URL('docs/flow-model.svg', root),
  chart(
    [ALL_LONG, ...LENGTH_CLASSES].map((group, at) => ({
      name: group.name,
      colour: COLOURS[at] ?? '#999',
      points: pooled(portsLeftOut, group),
    })),
  ),
)
writePage(tables({ portsLeftOut, servicesLeftOut }))

/** One tree a line: a change shows in a diff. */
function text({ trees, ...rest }: FlowModel): string {
  const source = {
    source:
      'FETA-Project/DatasetCatalog-Example design.csv, a sample of CESNET-MINER22 (doi:10.5281/zenodo.7189293)',
    licence: 'Apache-2.0',
    date: '2022-02-10',
    how: `boosted trees trained by npm run flow-model (seed ${SEED}) on the ${flows.length} flows of the sample; holds no flow, port or address`,
  }
  const head = JSON.stringify({ sources: [source], ...rest }, null, 1).slice(0, -2)
  return `${head},\n "trees": [\n${trees.map((tree) => JSON.stringify(tree)).join(',\n')}\n]\n}\n`
}

function writePage(parts: ReadonlyMap<string, string>): void {
  const file = new URL('docs/flow-model.md', root)
  let page = readFileSync(file, 'utf8')
  for (const [name, part] of parts) {
    const place = new RegExp(`(<!-- made by npm run flow-model: ${name} -->\\n)[^]*?(<!-- /${name} -->)`, 'u')
    if (!place.test(page)) throw new Error(`docs/flow-model.md has no place for ${name}`)
    page = page.replace(place, (_all, begin: string, end: string) => `${begin}\n${part}\n\n${end}`)
  }
  writeFileSync(file, page)
}
