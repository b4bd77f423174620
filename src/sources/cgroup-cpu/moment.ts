import { isoTime } from '../iso-time.ts'

/** The time that people print before a reading: `date +%s`, `date +%s.%N`, `date -Is`. Epoch ms; null for anything else. */
export function readMoment(line: string): number | null {
  const text = line.trim()
  if (/^\d{9,10}(?:\.\d{1,9})?$/u.test(text)) return Number(text) * 1000
  if (/^\d{13}$/u.test(text)) return Number(text)
  return text.length > 40 ? null : isoTime(text.replace(' ', 'T'), 'Z')
}
