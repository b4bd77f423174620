import type { Range } from '../surface/document.ts'
import type { Control, Effect, MeasureDraft, Scene } from './control.ts'
import type { Budget, Overhead } from './overhead.ts'
import type { PlanProblem, ProblemEffect, ProblemMeasure, ProblemSink, ProblemWay } from './solver/problem.ts'

/** A control on one target, ready to be chosen. */
export interface Measure {
  readonly id: string
  readonly control: Control
  readonly draft: MeasureDraft
  readonly overhead: Overhead
}

type Estimate = keyof Range

/**
 * Every measure that controls see here, in the order of controls, then of targets. Those with an obstacle included; two
 * for the same target (a port open over IPv4 and IPv6) are one.
 */
export function measuresOf(controls: readonly Control[], scene: Scene): Measure[] {
  return controls.flatMap((control) => {
    const drafts = new Map<string, MeasureDraft>()
    for (const draft of control.measures(scene)) {
      const known = drafts.get(draft.target)
      drafts.set(draft.target, known === undefined ? draft : merged(known, draft))
    }
    return [...drafts.values()]
      .toSorted((a, b) => (a.target < b.target ? -1 : Number(a.target > b.target)))
      .map((draft) => ({
        id: `${control.id} ${draft.target}`,
        control,
        draft,
        overhead: { ...control.overhead, ...draft.overhead, friction: control.overhead.friction },
      }))
  })
}

function merged(a: MeasureDraft, b: MeasureDraft): MeasureDraft {
  const told = new Set(a.changes.map(({ what }) => what))
  return {
    ...a,
    targets: [...new Set([...a.targets, ...b.targets])],
    effects: [...a.effects, ...b.effects],
    changes: [...a.changes, ...b.changes.filter(({ what }) => !told.has(what))],
    closes: [...new Set([...a.closes, ...b.closes])],
  }
}

/** The scene in numbers. One way for each exposure and sink it leads to, so that a measure can cut off one of them. */
export function buildProblem(measures: readonly Measure[], scene: Scene, budget: Budget): PlanProblem {
  const world = new World(scene, 'mid')
  const kinds = [...new Set(measures.map(({ control }) => control))]
  const assets = new Map<string, number>()
  return {
    sinks: world.sinks,
    ways: world.ways,
    kinds: kinds.map(({ id, overhead }) => ({ id, friction: overhead.friction })),
    measures: measures.map((measure): ProblemMeasure => ({
      id: measure.id,
      kind: kinds.indexOf(measure.control),
      usdPerMonth: Math.max(0, measure.overhead.usdPerMonth),
      effects: measure.draft.effects.flatMap((effect) => world.effect(effect, measure.control.layer)),
      loads: measure.draft.carriers.map((carrier) => {
        const asset = assets.get(carrier) ?? assets.size
        assets.set(carrier, asset)
        return {
          asset,
          cpuPercent: measure.overhead.cpuPercent,
          downtimeSeconds: measure.overhead.downtimeSeconds,
        }
      }),
    })),
    budget,
  }
}

/** The same with other likelihoods and sums: what stands where does not depend on the estimate. */
export function withEstimate(problem: PlanProblem, scene: Scene, estimate: Estimate): PlanProblem {
  const { sinks, ways } = new World(scene, estimate)
  return { ...problem, sinks, ways }
}

class World {
  readonly sinks: ProblemSink[] = []
  readonly ways: ProblemWay[] = []
  private readonly sinkIndex = new Map<string, number>()
  private readonly waysOf = new Map<string, { index: number; sinkKind: string }[]>()

  constructor(scene: Scene, estimate: Estimate) {
    for (const exposure of scene.exposures)
      for (const sink of exposure.sinks)
        this.addWay(exposure.id, exposure.likelihood[estimate], sink.id, sink.usdPerDay[estimate])
    for (const incident of scene.incidents) {
      // Somebody is in: whatever else is open, this machine burns, and it burns once.
      const sink = scene.assets.has(incident.asset) ? `machine:${incident.asset}` : `incident:${incident.id}`
      this.addWay(incident.id, 1, sink, incident.usdPerDay)
    }
  }

  private addWay(id: string, likelihood: number, sink: string, value: number): void {
    let k = this.sinkIndex.get(sink)
    if (k === undefined) {
      k = this.sinks.length
      this.sinkIndex.set(sink, k)
      this.sinks.push({ id: sink, value })
    } else if (value > (this.sinks[k]?.value ?? 0)) {
      this.sinks[k] = { id: sink, value }
    }
    const list = this.waysOf.get(id) ?? []
    list.push({ index: this.ways.length, sinkKind: sink.slice(0, sink.indexOf(':')) })
    this.waysOf.set(id, list)
    this.ways.push({ id: `${id} ${sink}`, likelihood, sinks: [k] })
  }

  effect(effect: Effect, layer: string): ProblemEffect[] {
    const share = Math.min(Math.max(effect.share, 0), 1)
    if (effect.on === 'sink') {
      const index = this.sinkIndex.get(effect.sink)
      return index === undefined ? [] : [{ on: 'sink', index, layer, share }]
    }
    return (this.waysOf.get(effect.exposure) ?? [])
      .filter(({ sinkKind }) => effect.sinkKind === null || effect.sinkKind === sinkKind)
      .map(({ index }) => ({ on: 'way', index, layer, share }))
  }
}
