import type { Exposure, Surface } from '../surface/document.ts'
import type { Scene } from './control.ts'

/** What controls look at, from a surface and what the case and the operator know. */
export function sceneOf(
  surface: Surface,
  known: Pick<Scene, 'operators' | 'incidents' | 'egress' | 'poolNames'>,
): Scene {
  const exposures = [...surface.exposures, ...surface.hygiene]
  const byAsset = new Map<string, Exposure[]>()
  for (const exposure of exposures) {
    const list = byAsset.get(exposure.asset)
    if (list === undefined) byAsset.set(exposure.asset, [exposure])
    else list.push(exposure)
  }
  return {
    exposures,
    byAsset,
    assets: new Map(surface.assets.map((asset) => [asset.id, asset])),
    operators: known.operators,
    incidents: known.incidents,
    egress: known.egress,
    poolNames: known.poolNames,
  }
}
