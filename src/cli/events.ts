import { once } from 'node:events'
import { DavylampError } from '../errors.ts'
import { Event } from '../event/event.ts'
import { readEvents } from '../pipeline/read-events.ts'
import { maskDeep } from '../text/secrets.ts'
import { formatTime } from '../text/time.ts'
import { visibleDeep } from '../text/visible.ts'
import type { Composition } from './composition.ts'
import { openEvidence, type ReadingOptions, tellProblems, tellSkipped } from './reading.ts'

export interface EventsOptions extends ReadingOptions {
  readonly kind?: readonly string[]
  readonly asset?: string
}

const KINDS: readonly string[] = Event.options.map((option) => option.shape.kind.value)

/** `davylamp events PATH…`: one normalised event per line, in time order. */
export async function events(
  paths: readonly string[],
  options: EventsOptions,
  composition: Composition,
): Promise<void> {
  const kinds = kindsOf(options.kind)
  const evidence = await openEvidence(paths, options, composition, Date.now())
  try {
    tellSkipped(evidence.skipped)
    for await (const batch of readEvents(evidence.reading)) {
      const lines = batch.events
        .filter((event) => event.time >= evidence.since && event.time <= evidence.until)
        .filter((event) => kinds === null || kinds.has(event.kind))
        .filter((event) => options.asset === undefined || isAbout(event, options.asset))
        .map((event) => JSON.stringify(printable(event, options.showSecrets === true)))
      if (lines.length > 0 && !process.stdout.write(`${lines.join('\n')}\n`))
        await once(process.stdout, 'drain')
    }
    tellProblems(evidence.reading.reports)
  } finally {
    evidence.opened.close()
  }
}

/** null = all. */
function kindsOf(kinds: readonly string[] | undefined): Set<string> | null {
  if (kinds === undefined) return null
  const unknown = kinds.find((kind) => !KINDS.includes(kind))
  if (unknown !== undefined)
    throw new DavylampError('usage', `--kind ${unknown}: no such kind of event`, {
      hint: `there are ${KINDS.join(', ')}`,
    })
  return new Set(kinds)
}

function isAbout(event: Event, name: string): boolean {
  return [event.observer, ...event.subjects].some(
    (id) => id === name || id.slice(id.indexOf(':') + 1) === name,
  )
}

function printable(event: Event, showSecrets: boolean): unknown {
  const masked = showSecrets ? event : maskDeep(event)
  const { kind, time, ...rest } = masked
  const shown = { kind, time: formatTime(time), ...visibleDeep(rest) }
  return { ...shown, ...otherTimes(masked) }
}

/** Every time of an event is epoch ms inside and RFC 3339 outside. */
function otherTimes(event: Event): object {
  if (event.kind === 'tls' && event.certificate !== null) {
    const { notBefore, notAfter } = event.certificate
    const validity = { notBefore: formatTime(notBefore), notAfter: formatTime(notAfter) }
    return { certificate: { ...visibleDeep(event.certificate), ...validity } }
  }
  if (event.kind === 'cost') return { end: formatTime(event.end) }
  return 'start' in event && event.start !== undefined ? { start: formatTime(event.start) } : {}
}
