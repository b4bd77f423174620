import type { IncidentEntry, Investigation } from '../../story/document.ts'
import { type Markup, markup } from './markup.ts'

/**
 * How occupants look on the battlefield: colours that people with any colour vision tell apart (Okabe and
 * Ito, 2008, darkened for contrast), each with a pattern of its own so that a black and white print works too.
 */
const COLORS = 6
const PATTERNS: readonly Markup[] = [
  markup``,
  markup`<path d="M-3 3 3-3M-3 9 9-3M-3 15 15-3M3 15 15 3M9 15 15 9" class="ink"/>`,
  markup`<circle cx="3" cy="3" r="1.6" class="dot"/><circle cx="9" cy="9" r="1.6" class="dot"/>`,
  markup`<path d="M3 0V12M9 0V12" class="ink"/>`,
  markup`<path d="M-3 9 9-3M3 15 15 3M-3 3 9 15M3-3 15 9" class="ink fine"/>`,
  markup`<path d="M0 3H12M0 9H12" class="ink"/>`,
]

/** Which look an occupant has; one that is named by its wallet or family looks the same on every machine. */
export class Looks {
  private readonly indexes = new Map<string, number>()

  constructor(investigation: Investigation) {
    for (const incident of investigation.incidents) {
      for (const { id } of incident.occupants) this.add(incident, id)
      for (const { occupant } of incident.tenures) this.add(incident, occupant)
    }
  }

  private add(incident: IncidentEntry, id: string): void {
    const key = keyOf(incident, id)
    if (!this.indexes.has(key)) this.indexes.set(key, this.indexes.size)
  }

  /** Number of the look, from 0; colours repeat after six, with other patterns. */
  of(incident: IncidentEntry, id: string): number {
    return (this.indexes.get(keyOf(incident, id)) ?? 0) % (COLORS * PATTERNS.length)
  }

  get count(): number {
    return Math.min(this.indexes.size, COLORS * PATTERNS.length)
  }

  /** The patterns used, to be placed once on the page. */
  definitions(): Markup {
    const looks = Array.from({ length: this.count }, (_, look) => look)
    return markup`<svg class="definitions" aria-hidden="true" focusable="false"><defs>${looks.map(
      (look) =>
        markup`<pattern id="look-${look}" width="12" height="12" patternUnits="userSpaceOnUse"><rect width="12" height="12" class="c${look % COLORS}"/>${patternOf(look)}</pattern>`,
    )}</defs></svg>`
  }

  swatch(incident: IncidentEntry, id: string): Markup {
    return markup`<svg class="swatch" width="28" height="14" aria-hidden="true" focusable="false"><rect width="28" height="14" rx="3" fill="url(#look-${this.of(incident, id)})"/></svg>`
  }
}

function patternOf(look: number): Markup {
  return PATTERNS[(look + Math.floor(look / COLORS)) % PATTERNS.length] ?? markup``
}

/** `unknown-1` is somebody else on every machine. */
function keyOf(incident: IncidentEntry, id: string): string {
  return id.startsWith('unknown') ? JSON.stringify([incident.id, id]) : id
}
