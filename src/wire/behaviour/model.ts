import { z } from 'zod'
import { FEATURES } from './features.ts'

/**
 * A node of a tree: the feature asked for (index, -1 at a leaf), the threshold, the node for what is below it and
 * the node for the rest, and what the flows that come here add to the score.
 */
const Node = z.tuple([z.int(), z.number(), z.int(), z.int(), z.number()])
type Node = z.infer<typeof Node>

/** Boosted trees as `npm run flow-model` writes them; `score.ts` works with them and does without this schema. The score is a log-odds; the probability is 0.5 at `threshold`. */
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
