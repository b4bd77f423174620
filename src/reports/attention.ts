import { type AttentionEntry, type Investigation } from '../story/document.ts'

/** What everybody should read; the rest is for whoever asks for all. */
const GRAVE: ReadonlySet<AttentionEntry['severity']> = new Set(['medium', 'high', 'critical'])
/** Where nothing else is told, a lookup of a pool is: somebody may mine there. */
const HINTS: ReadonlySet<string> = new Set(['pool-contact'])

/** What is worth a look and in no incident: all of it, or what is more than a hint; hints, where there is nothing else. */
export function attentionIn({ attention, incidents }: Investigation, isAll: boolean): AttentionEntry[] {
  const grave = attention.filter(({ severity }) => GRAVE.has(severity))
  const hints =
    incidents.length + grave.length > 0 ? [] : attention.filter(({ detector }) => HINTS.has(detector))
  return isAll ? [...attention] : [...grave, ...hints]
}

/** `medium · 12 times` */
export function weightPhrase({ severity, count }: AttentionEntry): string {
  return count === 1 ? severity : `${severity}, ${count.toLocaleString('en-US')} times`
}
