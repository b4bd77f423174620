import type { PressureEntry } from '../story/document.ts'
import { plural } from '../text/plural.ts'
import { formatNumber } from '../text/units.ts'

/** All pressure on one machine; `entries` busiest first. */
export interface Pressed {
  readonly asset: string
  readonly count: number
  readonly sources: number
  readonly sourceIps: readonly string[]
  readonly firstSeen: string
  readonly lastSeen: string
  readonly entries: readonly PressureEntry[]
}

/** The machines under pressure, the busiest first: one entry each, however many kinds of guessing there are. */
export function pressedMachines(pressure: readonly PressureEntry[]): Pressed[] {
  const machines = [...Map.groupBy(pressure, (entry) => entry.asset)].map(([asset, group]) => {
    const entries = group.toSorted((a, b) => b.count - a.count)
    const sourceIps = [...new Set(entries.flatMap((entry) => entry.sourceIps))]
    return {
      asset,
      entries,
      sourceIps,
      count: entries.reduce((sum, entry) => sum + entry.count, 0),
      sources: Math.max(sourceIps.length, ...entries.map((entry) => entry.sources)),
      firstSeen: entries.map((entry) => entry.firstSeen).toSorted()[0] ?? '',
      lastSeen:
        entries
          .map((entry) => entry.lastSeen)
          .toSorted()
          .at(-1) ?? '',
    }
  })
  return machines.toSorted((a, b) => b.count - a.count)
}

/** `4,112 tries from 12 addresses: SSH password guessing`, with their shares where there are several kinds. */
export function pressurePhrase({ count, sources, entries }: Pressed): string {
  const tries = `${plural(count, 'try', 'tries')} from ${plural(sources, 'address', 'addresses')}`
  const [only] = entries
  if (only !== undefined && entries.length === 1) return `${tries}: ${only.kind}`
  const [service = ''] = (only?.kind ?? '').split(' ')
  const kinds = entries.map(({ count, kind }, i) => {
    const isSame = i > 0 && kind.startsWith(`${service} `)
    return `${formatNumber(count)} ${isSame ? kind.slice(service.length + 1) : kind}`
  })
  return `${tries}: ${kinds.join(', ')}`
}
