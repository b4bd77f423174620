import type { Investigation } from '../story/document.ts'

/** Traffic Light Protocol 2.0 (first.org/tlp): who may be told, everybody first. */
export const TLP_LEVELS = ['clear', 'green', 'amber', 'amber+strict', 'red'] as const
export type TlpLevel = (typeof TLP_LEVELS)[number]

export interface RenderOptions {
  /** Zone that times are shown in: an IANA name or `UTC`. */
  readonly timezone: string
  /** Columns of the terminal; at least 40 are used. */
  readonly width: number
  readonly color: boolean
  /** Whether block characters and symbols can be shown, or only ASCII. Text from evidence stays as it is. */
  readonly unicode: boolean
  /** One line per incident. */
  readonly quiet: boolean
  /** Everything, where the usual output shows the beginning and says how to see the rest. */
  readonly full: boolean
  /** Whether raw lines of evidence are folded to the width (on a terminal), or stay whole (in a pipe). */
  readonly foldsRaw: boolean
  /** Whether `davylamp show ID` can open what is reported, that is: whether there is a case. */
  readonly canShow: boolean
  /** How what is passed on is marked; null: not at all. */
  readonly tlp: TlpLevel | null
}

export const DEFAULT_OPTIONS: RenderOptions = {
  timezone: 'UTC',
  width: 80,
  color: false,
  unicode: true,
  quiet: false,
  full: false,
  foldsRaw: true,
  canShow: true,
  tlp: null,
}

/**
 * A form an investigation is given out in. Rendering only: it adds no facts and drops none silently.
 * Everything in the document is text from evidence until it is escaped for where it goes.
 */
export interface Report {
  /** What `--format` calls it. */
  readonly id: string
  /** For the help text, in a few words. */
  readonly title: string
  readonly mediaType: string
  /** With its dot. */
  readonly extension: string
  render(investigation: Investigation, options?: Partial<RenderOptions>): string
}
