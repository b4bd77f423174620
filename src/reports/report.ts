import type { Investigation } from '../story/document.ts'

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
