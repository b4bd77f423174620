import { type Gang, type GangModel, type Skill, SKILLS } from '../gangs/gang.ts'
import type { Places } from '../gangs/places.ts'
import { FIRST_PACK } from '../packs/first/index.ts'
import { SECOND_PACK } from '../packs/second/index.ts'
import { THIRD_PACK } from '../packs/third/index.ts'
import type { Random } from '../random.ts'
import type { Pack } from './options.ts'

/** Gangs of this battle: each model once before any comes twice. */
export function castGangs(
  { gangs, pack, skill }: { gangs: number; pack: Pack; skill: Skill | null },
  places: Places,
  random: Random,
): Gang[] {
  const models = shuffled(MODELS[pack], random)
  return Array.from({ length: models.length === 0 ? 0 : gangs }, (_, i) => {
    const model = models[i % models.length]
    if (model === undefined) throw new RangeError('no model')
    const own = random.fork(`gang-${i}`)
    const ownSkill = skill ?? own.pick(SKILLS)
    const form = model.form({ random: own, places, skill: ownSkill })
    return { ...form, id: `gang-${i + 1}`, model: model.name, family: model.family, skill: ownSkill }
  })
}

const MODELS: Readonly<Record<Pack, readonly GangModel[]>> = {
  first: FIRST_PACK,
  second: SECOND_PACK,
  third: THIRD_PACK,
  both: [...FIRST_PACK, ...SECOND_PACK],
}

function shuffled(models: readonly GangModel[], random: Random): GangModel[] {
  return models
    .map((model) => ({ model, order: random.fraction() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ model }) => model)
}
