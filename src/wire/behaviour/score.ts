import type { Feature, FlowFeatures } from './features.ts'
import type { FlowModel } from './model.ts'

type Node = FlowModel['trees'][number][number]

export interface Score {
  /** Log-odds of mining, before calibration. */
  readonly score: number
  /** What each feature added to it on the way down the trees (Saabas 2014). */
  readonly contributions: ReadonlyMap<Feature, number>
}

export function scoreFlow(
  { features, bias, trees }: Pick<FlowModel, 'features' | 'bias' | 'trees'>,
  flow: FlowFeatures,
): Score {
  const contributions = new Map<Feature, number>()
  let score = bias
  for (const tree of trees) {
    let node = tree[0]
    while (node !== undefined && node[0] !== -1) {
      const feature = features[node[0]]
      if (feature === undefined) break
      const next: Node | undefined = tree[flow[feature] < node[1] ? node[2] : node[3]]
      if (next === undefined) break
      contributions.set(feature, (contributions.get(feature) ?? 0) + next[4] - node[4])
      node = next
    }
    score += node?.[4] ?? 0
  }
  return { score, contributions }
}
