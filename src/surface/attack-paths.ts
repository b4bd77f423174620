import { contentId } from '../event/content-id.ts'
import type { SurfaceContext } from './context.ts'
import type { AttackPath, Exposure } from './document.ts'
import { nameOf } from './losses.ts'
import { multiply, rounded } from './risk/range.ts'

const MAX_PATHS = 100

/** From the internet to compute that can be burned, dearest first. */
export function attackPaths(exposures: readonly Exposure[], { assets }: SurfaceContext): AttackPath[] {
  const paths = exposures.flatMap((exposure) =>
    exposure.sinks.map((sink): AttackPath => {
      const asset = assets.get(exposure.asset)
      const name = asset === undefined ? exposure.asset : nameOf(asset)
      const isAccount = sink.id.startsWith('account:')
      const steps: AttackPath['steps'] = [
        { from: 'internet', to: exposure.asset, how: exposure.title, exposure: exposure.id },
      ]
      if (isAccount && asset?.kind === 'instance')
        steps.push({
          from: exposure.asset,
          to: sink.id,
          how: `with the role of ${name}: ${asset.role?.actions.slice(0, 2).join(', ') ?? 'its rights'}`,
          exposure: null,
        })
      steps.push({
        from: steps.at(-1)?.to ?? exposure.asset,
        to: sink.id,
        how: `burns ${sink.title}`,
        exposure: null,
      })
      return {
        id: contentId('path', exposure.id, sink.id),
        title: `internet → ${name} → ${sink.title}`,
        steps: steps.filter(({ from, to }) => from !== to),
        sink: sink.id,
        likelihood: exposure.likelihood,
        usdPerDay: rounded(multiply(exposure.likelihood, sink.usdPerDay)),
      }
    }),
  )
  return paths
    .toSorted((a, b) => b.usdPerDay.mid - a.usdPerDay.mid || (a.id < b.id ? -1 : 1))
    .slice(0, MAX_PATHS)
}
