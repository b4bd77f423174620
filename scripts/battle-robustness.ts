/**
 * Battles whose evidence is laid out otherwise, or of which a part is lost: the first must change nothing, the second may
 * make the story shorter but not wrong. Prints a line for each battle and case; exits with 1 where one fails.
 *
 *   node scripts/battle-robustness.ts [--seeds 5] [--base N] [--hours 6] [--machines 4] [--gangs 3] [--pack both]
 *     [--only WORDS]   only the cases whose name has these words in it
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { EVIDENCE_KINDS, PACKS } from '../src/range/battle/options.ts'
import { Random } from '../src/range/random.ts'
import type { SceneFile } from '../src/range/scene.ts'
import { Investigation } from '../src/story/document.ts'
import { davylamp } from '../test/cli/run.ts'
import { stageBattle } from '../test/scene/battle-evidence.ts'
import { losePackets, loseLines, truncate } from '../test/scene/battle-losses.ts'
import { gistOf, rightnessOf } from '../test/scene/battle-story.ts'
import { LAYOUTS } from '../test/scene/battle-layouts.ts'
import { writeEvidence } from '../test/scene/files.ts'

const LOST = 0.2
const RIGHT_SHARE = 0.9

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    base: { type: 'string', default: '1' },
    hours: { type: 'string', default: '6' },
    machines: { type: 'string', default: '4' },
    gangs: { type: 'string', default: '3' },
    pack: { type: 'string', default: 'both' },
    only: { type: 'string', default: '' },
  },
})
const pack = PACKS.find((one) => one === values.pack)
if (pack === undefined) throw new Error(`--pack ${values.pack}: one of ${PACKS.join(', ')}`)

const random = new Random(`battle robustness ${values.base}`)
let failures = 0
for (let count = 0; count < Number(values.seeds); count++) {
  const seed = random.integer(1, 2 ** 31)
  const options = {
    seed,
    pack,
    hours: Number(values.hours),
    machines: Number(values.machines),
    gangs: Number(values.gangs),
  }
  const battle = stageBattle(options)
  const whole = await read(battle.files, battle.inventory)
  const gist = gistOf(whole)
  tell(seed, 'everything', whole, battle.truth)
  for (const [name, layOut] of Object.entries(LAYOUTS)) {
    if (!name.includes(values.only)) continue
    const story = await read(await layOut(battle.files), battle.inventory)
    if (isDeepStrictEqual(gistOf(story), gist)) continue
    failures++
    console.log(`${seed}  ${name}: another story`)
  }
  const lossy: Readonly<Record<string, readonly SceneFile[]>> = {
    'lines lost': loseLines(battle.files, LOST, `${seed}`),
    'packets lost': losePackets(battle.files, LOST, `${seed}`),
    'cut in the middle': truncate(battle.files, 0.5),
  }
  for (const [name, files] of Object.entries(lossy))
    if (name.includes(values.only)) tell(seed, name, await read(files, battle.inventory), battle.truth)
  for (const kind of EVIDENCE_KINDS) {
    if (!`without ${kind}`.includes(values.only)) continue
    const less = stageBattle({ ...options, without: [kind] })
    tell(seed, `without ${kind}`, await read(less.files, less.inventory), less.truth)
  }
}
process.exitCode = failures === 0 ? 0 : 1

function tell(
  seed: number,
  name: string,
  story: Investigation,
  truth: Parameters<typeof rightnessOf>[1],
): void {
  const { claims, right, falseIncidents, score } = rightnessOf(story, truth)
  const isWrong = claims * RIGHT_SHARE > right || falseIncidents > 0
  if (isWrong) failures++
  console.log(
    `${seed}  ${name}: ${right} of ${claims} claims right, IoU ${figure(score.tenureIoU)}, ` +
      `hands ${figure(score.handsF1)}, purity ${figure(score.occupantPurity)}, way in ${figure(score.wayIn)}, ` +
      `${falseIncidents} false${isWrong ? '  <-- wrong' : ''}`,
  )
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(2)
}

async function read(files: readonly SceneFile[], inventory: string): Promise<Investigation> {
  const folder = mkdtempSync(join(tmpdir(), 'davylamp-robust-'))
  try {
    writeFileSync(join(folder, 'inventory.yaml'), inventory)
    const evidence = writeEvidence(join(folder, 'evidence'), files)
    const args = ['investigate', evidence, '--inventory', join(folder, 'inventory.yaml'), '--no-case']
    const { stdout, stderr, exitCode } = await davylamp([...args, '--format', 'json'])
    if (exitCode !== 0 && exitCode !== 10) throw new Error(`exit code ${exitCode}: ${stderr}`)
    return Investigation.parse(JSON.parse(stdout))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
