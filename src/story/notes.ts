import type { ClockSkew } from '../assets/clock-skew.ts'
import { plural } from '../text/plural.ts'
import { formatDuration, formatNumber } from '../text/units.ts'

const QUARTER_MS = 15 * 60_000
/** As far as clocks drift, zones apart. */
const DRIFT_MS = 2 * 60_000

/** One note per file whose clock differs from others': the pair that was seen most often speaks for all. */
export function skewNotes(skews: readonly ClockSkew[]): string[] {
  const byFile = Map.groupBy(skews, (skew) => skew.fileA)
  return [...byFile.values()].flatMap((group) => {
    const [most] = group.toSorted((a, b) => b.sightings - a.sightings)
    return most === undefined ? [] : [skewNote(most)]
  })
}

/** `The clock of auth.log is 43 s behind that of eth0.pcap (the same SSH connection, seen 7 times).` */
function skewNote(skew: ClockSkew): string {
  const direction = skew.deltaMs < 0 ? 'behind' : 'ahead of'
  const times = skew.sightings === 1 ? 'once' : `${formatNumber(skew.sightings)} times`
  const size = Math.abs(skew.deltaMs)
  const offQuarter = Math.abs(size - Math.round(size / QUARTER_MS) * QUARTER_MS)
  const isZone = size > QUARTER_MS - DRIFT_MS && offQuarter <= DRIFT_MS
  const zone = isZone
    ? ' One of them seems to be in another time zone than was taken for it (--timezone).'
    : ''
  return `The clock of ${skew.fileA} is ${formatDuration(size / 1000)} ${direction} that of ${skew.fileB} (${skew.what}, seen ${times}).${zone}`
}

export function droppedNote(detector: string, dropped: number): string {
  return `${detector} had too much to watch at once and let go of ${plural(dropped, 'thing')}: it may have missed what goes slowly.`
}

export function surplusNote(surplus: number): string {
  return `${plural(surplus, 'more guessing address is', 'more guessing addresses are')} counted but not listed.`
}

/** One note for all files: clocks step back now and then, and the reader only has to know that it was seen. */
export function lateNote(files: readonly { readonly file: string; readonly late: number }[]): string {
  const [worst] = files.toSorted((a, b) => b.late - a.late)
  const count = files.reduce((sum, { late }) => sum + late, 0)
  const where =
    files.length === 1
      ? (worst?.file ?? '')
      : `${formatNumber(files.length)} files (most in ${worst?.file ?? ''})`
  return `${plural(count, 'record')} of ${where} ${count === 1 ? 'has' : 'have'} an earlier time than the one before, by more than clocks differ: the order there is not sure.`
}
