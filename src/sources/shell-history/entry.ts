/** One command as a shell kept it; several lines where it was typed so. */
export interface Entry {
  readonly text: string
  /** Epoch ms; null = the history does not say when. */
  readonly time: number | null
  /** Of its first line of text. */
  readonly line: number
  readonly offset: number
  readonly raw: string
}

export type Dialect = 'bash' | 'zsh' | 'fish'

/** A command of many lines is cut into several beyond so many characters. */
const MAX_ENTRY_CHARS = 16_384
/** `#1716512345`, as bash writes with HISTTIMEFORMAT set. */
const STAMP = /^#(\d{9,10})$/u
/** `: 1716512345:0;command`, EXTENDED_HISTORY of zsh. */
const EXTENDED = /^: (\d{9,10}):\d{1,10};/u
const FISH_COMMAND = '- cmd: '
const FISH_WHEN = /^ {2}when: (\d{9,10})$/u
const FISH_REST = /^ {2}(?:when|paths):|^ {4}- /u

export function isStamp(text: string): boolean {
  return STAMP.test(text)
}

export function isExtended(text: string): boolean {
  return EXTENDED.test(text)
}

export function isFishCommand(text: string): boolean {
  return text.startsWith(FISH_COMMAND)
}

export function isFishRest(text: string): boolean {
  return FISH_REST.test(text)
}

interface Pending {
  text: string
  time: number | null
  readonly line: number
  readonly offset: number
  readonly raw: string
}

/** Puts the lines of a history together to commands. Keeps one command at a time. */
export class EntryReader {
  /** The last that was seen; bash where nothing tells. */
  dialect: Dialect = 'bash'
  #pending: Pending | null = null
  /** Of bash: when what follows was typed. */
  #stamp: number | null = null
  /** Of zsh: the line ended in a backslash. */
  #goesOn = false

  /** Takes a line; gives the command that it ended, or null. */
  push(raw: string, line: number, offset: number): Entry | null {
    if (this.#goesOn) return this.#goOn(raw)
    const stamp = STAMP.exec(raw)?.[1]
    if (stamp !== undefined) {
      const done = this.end()
      this.#stamp = Number(stamp) * 1000
      return done
    }
    const extended = EXTENDED.exec(raw)
    if (extended !== null) {
      this.dialect = 'zsh'
      return this.#begin(raw.slice(extended[0].length), Number(extended[1]) * 1000, { raw, line, offset })
    }
    if (isFishCommand(raw)) {
      this.dialect = 'fish'
      return this.#begin(unescaped(raw.slice(FISH_COMMAND.length)), null, { raw, line, offset })
    }
    if (this.dialect === 'fish' && isFishRest(raw)) {
      const when = FISH_WHEN.exec(raw)?.[1]
      if (when !== undefined && this.#pending !== null) this.#pending.time = Number(when) * 1000
      return null
    }
    return this.#plain(raw, line, offset)
  }

  /** The command that is still open, at the end of the history. */
  end(): Entry | null {
    const done = this.#pending
    this.#pending = null
    this.#goesOn = false
    return done === null || done.text.trim() === '' ? null : done
  }

  #begin(text: string, time: number | null, at: Pick<Pending, 'raw' | 'line' | 'offset'>): Entry | null {
    const done = this.end()
    this.#stamp = null
    this.#goesOn = this.dialect === 'zsh' && isContinued(text)
    this.#pending = { text: this.#goesOn ? text.slice(0, -1) : text, time, ...at }
    return done
  }

  #goOn(raw: string): Entry | null {
    this.#goesOn = isContinued(raw)
    const text = this.#goesOn ? raw.slice(0, -1) : raw
    if (this.#pending !== null && this.#pending.text.length + text.length < MAX_ENTRY_CHARS)
      this.#pending.text += `\n${text}`
    return null
  }

  /** Under a stamp, lines belong to one command; without one each is a command. */
  #plain(raw: string, line: number, offset: number): Entry | null {
    const pending = this.#pending
    const isSame = this.#stamp !== null && pending?.time === this.#stamp
    if (isSame && pending.text.length + raw.length < MAX_ENTRY_CHARS) {
      pending.text += `\n${raw}`
      return null
    }
    const done = this.end()
    this.#pending = { text: raw, time: this.#stamp, raw, line, offset }
    return done
  }
}

/** An odd number of backslashes at the end. */
function isContinued(text: string): boolean {
  let count = 0
  for (let at = text.length - 1; at >= 0 && text.charCodeAt(at) === 0x5c; at--) count++
  return count % 2 === 1
}

/** fish writes `\n` for a line end and `\\` for a backslash. */
function unescaped(text: string): string {
  return text.replace(/\\([n\\])/gu, (_, char: string) => (char === 'n' ? '\n' : '\\'))
}
