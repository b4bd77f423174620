import { contentId } from '../event/content-id.ts'
import type { SurfaceContext } from './context.ts'
import type { AttackPath, Range, Sink } from './document.ts'
import type { WayIn } from './exposure.ts'
import { nameOf } from './losses.ts'
import { multiply, rounded } from './risk/range.ts'

const MAX_PATHS = 100
/** So many are kept before the cheaper ones are let go. */
const MAX_KEPT = 2_000

interface Leg {
  readonly way: WayIn
  readonly sink: Sink
  readonly usdPerDay: Range
}

/** From the internet to compute that can be burned, dearest first. */
export function attackPaths(ways: readonly WayIn[], context: SurfaceContext): AttackPath[] {
  let legs: Leg[] = []
  let least = -1
  for (const way of ways)
    for (const sink of way.sinks) {
      // Rounding to four digits moves it by less than a thousandth.
      if (way.likelihood.mid * sink.usdPerDay.mid < least * 0.999) continue
      const usdPerDay = rounded(multiply(way.likelihood, sink.usdPerDay))
      if (usdPerDay.mid < least) continue
      legs.push({ way, sink, usdPerDay })
      if (legs.length < MAX_KEPT) continue
      legs = first(legs)
      least = legs.at(-1)?.usdPerDay.mid ?? 0
    }
  return first(legs).map((leg) => pathOf(leg, context))
}

function first(legs: readonly Leg[]): Leg[] {
  return legs
    .toSorted(
      (a, b) => b.usdPerDay.mid - a.usdPerDay.mid || order(a.way.id, b.way.id) || order(a.sink.id, b.sink.id),
    )
    .slice(0, MAX_PATHS)
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function pathOf({ way, sink, usdPerDay }: Leg, { assets }: SurfaceContext): AttackPath {
  const asset = assets.get(way.asset)
  const name = asset === undefined ? way.asset : nameOf(asset)
  const steps: AttackPath['steps'] = [{ from: 'internet', to: way.asset, how: way.title, exposure: way.id }]
  if (sink.id.startsWith('account:') && asset?.kind === 'instance')
    steps.push({
      from: way.asset,
      to: sink.id,
      how: `with the role of ${name}: ${asset.role?.actions.slice(0, 2).join(', ') ?? 'its rights'}`,
      exposure: null,
    })
  steps.push({ from: steps.at(-1)?.to ?? way.asset, to: sink.id, how: `burns ${sink.title}`, exposure: null })
  return {
    id: contentId('path', way.id, sink.id),
    title: `internet → ${name} → ${sink.title}`,
    steps: steps.filter(({ from, to }) => from !== to),
    sink: sink.id,
    likelihood: way.likelihood,
    usdPerDay,
  }
}
