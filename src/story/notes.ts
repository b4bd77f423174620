import type { ClockSkew } from '../assets/clock-skew.ts'
import { formatDuration, formatNumber } from '../text/units.ts'

/** `auth.log is 43 s behind eth0.pcap (the same SSH connection, seen 7 times)`. */
export function skewNote(skew: ClockSkew): string {
  const direction = skew.deltaMs < 0 ? 'behind' : 'ahead of'
  const times = skew.sightings === 1 ? 'once' : `${formatNumber(skew.sightings)} times`
  return `The clock of ${skew.fileA} is ${formatDuration(Math.abs(skew.deltaMs) / 1000)} ${direction} that of ${skew.fileB} (${skew.what}, seen ${times}).`
}

export function droppedNote(detector: string, dropped: number): string {
  return `${detector} had to forget ${formatNumber(dropped)} of what it was watching, to keep its memory bounded: it may have missed slow things.`
}

export function surplusNote(surplus: number): string {
  return `${formatNumber(surplus)} further guessing addresses are counted but not listed.`
}

export function lateNote(file: string, late: number): string {
  return `${formatNumber(late)} records of ${file} came with a time earlier than those before them.`
}
