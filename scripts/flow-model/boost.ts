import { type Feature, FEATURES, type FlowFeatures } from '../../src/wire/behaviour/features.ts'
import type { FlowModel } from '../../src/wire/behaviour/model.ts'

/** A flow to learn from. */
export interface Example {
  readonly features: FlowFeatures
  readonly isMiner: boolean
  readonly weight: number
}

export interface Settings {
  readonly trees: number
  readonly depth: number
  readonly rate: number
  /** Pulls the value of small leaves to zero. */
  readonly ridge: number
  /** A leaf holds at least this much weight, in flows. */
  readonly minLeaf: number
  readonly bins: number
  /** Features of which more may only speak for mining (1), or only against it (-1): what is known keeps a small sample honest. */
  readonly directions: Partial<Readonly<Record<Feature, 1 | -1>>>
}

const MIN_GAIN = 1e-6

type TreeNode = FlowModel['trees'][number][number]
export type Forest = Pick<FlowModel, 'features' | 'bias' | 'trees'>

/**
 * Gradient boosting with logistic loss (Friedman 2001) on shallow trees over binned features, Newton steps in
 * the leaves. Deterministic: nothing is drawn at random.
 */
export function boost(examples: readonly Example[], settings: Settings): Forest {
  const table = new Table(examples, settings.bins)
  const labels = Float64Array.from(examples, ({ isMiner }) => (isMiner ? 1 : 0))
  const weights = Float64Array.from(examples, ({ weight }) => weight)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const positive = weights.reduce((sum, weight, at) => sum + weight * (labels[at] ?? 0), 0)
  const bias = Math.log(positive / (total - positive))
  const scores = new Float64Array(examples.length).fill(bias)
  const gradients = new Float64Array(examples.length)
  const curvatures = new Float64Array(examples.length)
  const trees: TreeNode[][] = []
  for (let round = 0; round < settings.trees; round++) {
    for (let i = 0; i < scores.length; i++) {
      const probability = 1 / (1 + Math.exp(-(scores[i] ?? 0)))
      gradients[i] = (weights[i] ?? 0) * ((labels[i] ?? 0) - probability)
      curvatures[i] = (weights[i] ?? 0) * probability * (1 - probability)
    }
    const grower = new TreeGrower(table, { gradients, curvatures, weights, scores }, settings)
    trees.push(grower.grow())
  }
  return { features: [...FEATURES], bias: rounded(bias), trees }
}

/** Features cut into bins at quantiles; a bin's edge is a value that occurs. */
class Table {
  readonly size: number
  readonly edges: number[][]
  readonly bins: Uint8Array[]

  constructor(examples: readonly Example[], bins: number) {
    this.size = examples.length
    this.edges = FEATURES.map((feature) =>
      edgesOf(
        examples.map((example) => example.features[feature]),
        bins,
      ),
    )
    this.bins = FEATURES.map((feature, at) => {
      const edges = this.edges[at] ?? []
      return Uint8Array.from(examples, ({ features }) => {
        const value = features[feature]
        let bin = 0
        while (bin < edges.length && value >= (edges[bin] ?? 0)) bin++
        return bin
      })
    })
  }
}

function edgesOf(values: readonly number[], bins: number): number[] {
  const sorted = values.toSorted((a, b) => a - b)
  const edges = new Set<number>()
  for (let bin = 1; bin < bins; bin++) {
    const at = Math.floor((bin / bins) * sorted.length)
    const [below, above] = [sorted[at - 1] ?? 0, sorted[at] ?? 0]
    // Half way, so that a value measured a little differently stays on its side.
    if (above > (sorted[0] ?? 0)) edges.add(rounded(above === below ? above : (above + below) / 2))
  }
  return [...edges].toSorted((a, b) => a - b)
}

interface Sums {
  readonly gradients: Float64Array
  readonly curvatures: Float64Array
  readonly weights: Float64Array
  /** Of all trees so far; a leaf adds to it. */
  readonly scores: Float64Array
}

interface Split {
  readonly feature: number
  readonly bin: number
  readonly gain: number
  /** Steps of the two halves, and which of them has to be the higher one. */
  readonly below: number
  readonly above: number
  readonly direction: 1 | -1 | 0
}

/** What a step below a node may be, so that a later split cannot undo the order of an earlier one. */
interface Bounds {
  readonly low: number
  readonly high: number
}

class TreeGrower {
  readonly #nodes: TreeNode[] = []
  readonly #table: Table
  readonly #sums: Sums
  readonly #settings: Settings

  constructor(table: Table, sums: Sums, settings: Settings) {
    this.#table = table
    this.#sums = sums
    this.#settings = settings
  }

  grow(): TreeNode[] {
    const rows = Int32Array.from({ length: this.#table.size }, (_, at) => at)
    this.#node(rows, 0, { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY })
    return this.#nodes
  }

  #node(rows: Int32Array, depth: number, bounds: Bounds): number {
    const { gradients, curvatures, scores } = this.#sums
    const at = this.#nodes.length
    const step = newton(sumOf(gradients, rows), sumOf(curvatures, rows), this.#settings.ridge)
    const value = rounded(this.#settings.rate * within(step, bounds))
    this.#nodes.push([-1, 0, 0, 0, value])
    const split = depth < this.#settings.depth ? this.#bestSplit(rows, bounds) : null
    if (split === null) {
      for (const row of rows) scores[row] = (scores[row] ?? 0) + value
      return at
    }
    const bins = this.#table.bins[split.feature] ?? new Uint8Array()
    const [lower, upper] = halves(bounds, split)
    const below = this.#node(
      rows.filter((row) => (bins[row] ?? 0) <= split.bin),
      depth + 1,
      lower,
    )
    const above = this.#node(
      rows.filter((row) => (bins[row] ?? 0) > split.bin),
      depth + 1,
      upper,
    )
    this.#nodes[at] = [split.feature, this.#table.edges[split.feature]?.[split.bin] ?? 0, below, above, value]
    return at
  }

  #bestSplit(rows: Int32Array, bounds: Bounds): Split | null {
    let best: Split | null = null
    for (let feature = 0; feature < this.#table.bins.length; feature++) {
      const split = this.#splitOn(feature, rows, bounds)
      if (split !== null && (best === null || split.gain > best.gain)) best = split
    }
    return best
  }

  #splitOn(feature: number, rows: Int32Array, bounds: Bounds): Split | null {
    const { gradients, curvatures, weights } = this.#sums
    const { ridge, minLeaf, directions } = this.#settings
    const direction = directionOf(FEATURES[feature], directions)
    const bins = this.#table.bins[feature] ?? new Uint8Array()
    const edges = (this.#table.edges[feature] ?? []).length
    const [g, h, w] = [new Float64Array(edges + 1), new Float64Array(edges + 1), new Float64Array(edges + 1)]
    let [totalG, totalH, totalW] = [0, 0, 0]
    for (const row of rows) {
      const bin = bins[row] ?? 0
      const [gradient, curvature, weight] = [gradients[row] ?? 0, curvatures[row] ?? 0, weights[row] ?? 0]
      g[bin] = (g[bin] ?? 0) + gradient
      h[bin] = (h[bin] ?? 0) + curvature
      w[bin] = (w[bin] ?? 0) + weight
      totalG += gradient
      totalH += curvature
      totalW += weight
    }
    let best: Split | null = null
    let [belowG, belowH, belowW] = [0, 0, 0]
    for (let bin = 0; bin < edges; bin++) {
      belowG += g[bin] ?? 0
      belowH += h[bin] ?? 0
      belowW += w[bin] ?? 0
      if (belowW < minLeaf || totalW - belowW < minLeaf) continue
      const gain =
        purity(belowG, belowH, ridge) +
        purity(totalG - belowG, totalH - belowH, ridge) -
        purity(totalG, totalH, ridge)
      if (gain <= MIN_GAIN || (best !== null && gain <= best.gain)) continue
      const below = within(newton(belowG, belowH, ridge), bounds)
      const above = within(newton(totalG - belowG, totalH - belowH, ridge), bounds)
      if ((above - below) * direction >= 0) best = { feature, bin, gain, below, above, direction }
    }
    return best
  }
}

function directionOf(feature: Feature | undefined, directions: Settings['directions']): 1 | -1 | 0 {
  return feature === undefined ? 0 : (directions[feature] ?? 0)
}

function within(step: number, { low, high }: Bounds): number {
  return Math.min(high, Math.max(low, step))
}

/** For the two sides of a split. */
function halves(bounds: Bounds, { below, above, direction }: Split): [Bounds, Bounds] {
  if (direction === 0) return [bounds, bounds]
  const middle = (below + above) / 2
  const [low, high] = [
    { ...bounds, high: middle },
    { ...bounds, low: middle },
  ]
  return direction === 1 ? [low, high] : [high, low]
}

function newton(gradient: number, curvature: number, ridge: number): number {
  return gradient / (curvature + ridge)
}

function purity(gradient: number, curvature: number, ridge: number): number {
  return (gradient * gradient) / (curvature + ridge)
}

function sumOf(values: Float64Array, rows: Int32Array): number {
  let sum = 0
  for (const row of rows) sum += values[row] ?? 0
  return sum
}

/** What goes into the file is what was trained with: five digits say enough. */
function rounded(value: number): number {
  return Number(value.toPrecision(5))
}
