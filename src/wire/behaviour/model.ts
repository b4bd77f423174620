import { z } from 'zod'
import { FEATURES, type Feature, type FlowFeatures } from './features.ts'

/**
 * A node of a tree: the feature asked for (index, -1 at a leaf), the threshold, the node for what is below it and
 * the node for the rest, and what the flows that come here add to the score.
 */
const Node = z.tuple([z.int(), z.number(), z.int(), z.int(), z.number()])
type Node = z.infer<typeof Node>

/** Boosted trees as `npm run flow-model` writes them. The score is a log-odds; the probability is 0.5 at `threshold`. */
export const FlowModel = z
  .object({
    features: z.array(z.enum(FEATURES)),
    bias: z.number(),
    threshold: z.number(),
    slope: z.number().positive().describe('how fast the probability rises with the score'),
    trees: z.array(z.array(Node).min(1)).max(100),
  })
  .refine(
    ({ trees, features }) =>
      trees.every((tree) => tree.every((node, at) => isSound(node, at, tree.length, features.length))),
    'a tree leads nowhere',
  )
export type FlowModel = z.infer<typeof FlowModel>

/** Children come behind their parent, so that every walk ends. */
function isSound([feature, , below, above]: Node, at: number, nodes: number, features: number): boolean {
  if (feature === -1) return true
  return feature >= 0 && feature < features && Math.min(below, above) > at && Math.max(below, above) < nodes
}

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
