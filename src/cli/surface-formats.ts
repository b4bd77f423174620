import type { Surface } from '../surface/document.ts'
import { csvRow } from '../text/csv.ts'
import { surfaceMarkdown } from './surface-markdown.ts'
import { jsonPieces } from './surface-output.ts'
import { surfaceTerminal } from './surface-terminal.ts'

export const SURFACE_FORMATS = ['terminal', 'json', 'markdown', 'csv'] as const
export type SurfaceFormat = (typeof SURFACE_FORMATS)[number]

/** How and where it is shown. */
export interface SurfaceLook {
  readonly width: number
  readonly color: boolean
  readonly unicode: boolean
  readonly full: boolean
  readonly quiet: boolean
  /** The case can open what is named. */
  readonly canShow: boolean
}

/** In pieces, to be written one after the other. */
type Renderer = (surface: Surface, look: SurfaceLook) => Iterable<string>

const BY_ENDING: readonly (readonly [string, SurfaceFormat])[] = [
  ['.json', 'json'],
  ['.md', 'markdown'],
  ['.csv', 'csv'],
]

/** The form asked for: by its name, else by how the file to write is called, else for the terminal. */
export function surfaceRenderer({ format, out }: { format?: SurfaceFormat; out?: string }): Renderer {
  const wanted =
    format ?? BY_ENDING.find(([ending]) => out?.toLowerCase().endsWith(ending))?.[1] ?? 'terminal'
  switch (wanted) {
    case 'json':
      return jsonPieces
    case 'markdown':
      return (surface) => [surfaceMarkdown(surface)]
    case 'csv':
      return (surface) => [surfaceCsv(surface)]
    default:
      return (surface, look) => [surfaceTerminal(surface, look)]
  }
}

const COLUMNS = [
  'id',
  'kind',
  'check',
  'severity',
  'asset',
  'names',
  'title',
  'address',
  'protocol',
  'portFrom',
  'portTo',
  'sources',
  'door',
  'listening',
  'chance',
  'usdPerDayLow',
  'usdPerDayMid',
  'usdPerDayHigh',
  'cut',
  'fix',
  'usedIn',
]

function surfaceCsv({ exposures, hygiene, assets }: Surface): string {
  const names = new Map(assets.map((asset) => [asset.id, asset.names.join(' ')]))
  const rows = [...exposures, ...hygiene].map((one) =>
    csvRow([
      one.id,
      one.kind,
      one.check,
      one.severity,
      one.asset,
      names.get(one.asset) ?? '',
      one.title,
      one.address,
      one.protocol,
      one.portFrom,
      one.portTo,
      one.sources.map((source) => ('cidr' in source ? source.cidr : source.asset)).join(' '),
      one.door,
      String(one.listening),
      one.likelihood.mid,
      one.usdPerDay.low,
      one.usdPerDay.mid,
      one.usdPerDay.high,
      one.cutEdge === null ? null : `${one.cutEdge.id} ${one.cutEdge.ruleId ?? ''}`.trim(),
      one.fix,
      one.usedIn.join(' '),
    ]),
  )
  return csvRow(COLUMNS) + rows.join('')
}
