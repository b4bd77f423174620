import { type AttentionEntry, type Investigation } from '../story/document.ts'

/** What everybody should read; the rest is for whoever asks for all. */
const GRAVE: ReadonlySet<AttentionEntry['severity']> = new Set(['medium', 'high', 'critical'])

/** What is worth a look and in no incident: all of it, or what is more than a hint. */
export function attentionIn({ attention }: Investigation, isAll: boolean): AttentionEntry[] {
  return isAll ? [...attention] : attention.filter(({ severity }) => GRAVE.has(severity))
}

/** `medium · 12 times` */
export function weightPhrase({ severity, count }: AttentionEntry): string {
  return count === 1 ? severity : `${severity}, ${count.toLocaleString('en-US')} times`
}
