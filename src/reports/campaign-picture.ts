import type { CampaignEntry, IncidentEntry, Investigation, Tenure } from '../story/document.ts'
import { parseTime } from '../text/time.ts'
import { type Range, rangeOf } from './time-axis.ts'

/** A time that a machine was held by who is in the campaign. */
export interface CampaignTenure {
  readonly incident: IncidentEntry
  /** Of the incident in the document. */
  readonly index: number
  readonly tenure: Tenure
}

export interface CampaignRow {
  readonly asset: string
  /** In order of time; none where somebody only went on to it. */
  readonly tenures: readonly CampaignTenure[]
}

export type SpreadStep = CampaignEntry['spread'][number]

/** A campaign over time: a row for each machine, the first that was held at the top. */
export interface CampaignPicture {
  readonly range: Range
  readonly rows: readonly CampaignRow[]
}

/** Null where nobody is known to have held anything. */
export function pictureOf({ incidents }: Investigation, campaign: CampaignEntry): CampaignPicture | null {
  const places = new Map(incidents.map((incident, index) => [incident.id, { incident, index }]))
  const byAsset = new Map<string, CampaignTenure[]>()
  for (const { incident: id, asset, occupant } of campaign.occupants) {
    const place = places.get(id)
    const held = (place?.incident.tenures ?? []).filter((tenure) => tenure.occupant === occupant)
    const row = byAsset.get(asset) ?? []
    if (place !== undefined) for (const tenure of held) row.push({ ...place, tenure })
    byAsset.set(asset, row)
  }
  for (const { from, to } of campaign.spread)
    for (const asset of [from, to]) if (!byAsset.has(asset)) byAsset.set(asset, [])
  const rows = [...byAsset]
    .map(([asset, tenures]) => ({ asset, tenures: tenures.toSorted(byStart) }))
    .toSorted((a, b) => beginOf(a, campaign) - beginOf(b, campaign) || (a.asset < b.asset ? -1 : 1))
  const held = rows.flatMap(({ tenures }) => tenures.flatMap(({ tenure }) => [tenure.start, tenure.end]))
  if (held.length === 0) return null
  return { range: rangeOf([...held, ...campaign.spread.map(({ time }) => time)].map(parseTime)), rows }
}

/** Epoch ms at which a machine was first held, or somebody went on to it. */
function beginOf({ asset, tenures }: CampaignRow, { spread }: CampaignEntry): number {
  const steps = spread.filter(({ to }) => to === asset).map(({ time }) => time)
  return Math.min(...[...tenures.map(({ tenure }) => tenure.start), ...steps].map(parseTime))
}

function byStart(a: CampaignTenure, b: CampaignTenure): number {
  return parseTime(a.tenure.start) - parseTime(b.tenure.start)
}
