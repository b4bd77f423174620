import type { EvidenceWriter } from '../evidence-file.ts'

/** `bash`, bash with HISTTIMEFORMAT set, zsh with EXTENDED_HISTORY and INC_APPEND_HISTORY. */
export const HISTORY_STYLES = ['bash', 'bash-timed', 'zsh'] as const
export type HistoryStyle = (typeof HISTORY_STYLES)[number]

interface Session {
  /** Kept in memory until the shell ends. */
  lines: { readonly line: string; readonly timeMs: number }[]
  lastLine: string | null
  /** `set +o history`: what comes now is not remembered. */
  isDeaf: boolean
  /** HISTFILE is gone: what is remembered goes nowhere. */
  isHomeless: boolean
}

const STOPS_LISTENING = /^set \+o history$/u
const LOSES_FILE = /^(?:unset HISTFILE|(?:export )?HISTFILE=(?:\/dev\/null)?)(?:;|$)/u
const FORGETS = /^history -c$/u
const SENDS_NOWHERE = /^ln -sf \/dev\/null \S*history$/u
/** zsh's Meta and the bytes that it hides behind it (`imeta`, zsh's Src/utils.c). */
const META = 0x83
const LAST_HIDDEN = 0xa2
const META_XOR = 0x20

/**
 * One user's history file. bash keeps what was typed in memory and appends it when it ends, so sessions stand one after
 * the other in the order of their ends, and one that was killed, or told to forget, leaves nothing.
 */
export class ShellHistory {
  readonly #file: EvidenceWriter
  readonly #style: HistoryStyle
  readonly #sessions = new Map<string, Session>()
  #isNowhere = false

  constructor(file: EvidenceWriter, style: HistoryStyle) {
    this.#file = file
    this.#style = style
  }

  typed(key: string, line: string, timeMs: number): void {
    const session = this.#sessionOf(key)
    if (!session.isDeaf && !this.#isLeftOut(line, session.lastLine)) {
      session.lines.push({ line, timeMs })
      session.lastLine = line
    }
    if (this.#style === 'zsh') this.#save(session, timeMs)
    if (STOPS_LISTENING.test(line)) session.isDeaf = true
    if (LOSES_FILE.test(line)) session.isHomeless = true
    if (FORGETS.test(line)) session.lines = []
    if (SENDS_NOWHERE.test(line)) this.#isNowhere = true
  }

  /** Nothing that the session remembers will be written, and nothing more is remembered. */
  forget(key: string): void {
    const session = this.#sessionOf(key)
    session.lines = []
    session.isHomeless = true
  }

  /** The shell ends. */
  leave(key: string, timeMs: number): void {
    this.#save(this.#sessionOf(key), timeMs)
    this.#sessions.delete(key)
  }

  /** Shells that still run have written nothing yet. */
  end(): void {
    this.#file.flush()
  }

  #sessionOf(key: string): Session {
    const session = this.#sessions.get(key) ?? { lines: [], lastLine: null, isDeaf: false, isHomeless: false }
    this.#sessions.set(key, session)
    return session
  }

  /** HISTCONTROL=ignoreboth is in every skeleton `.bashrc`; zsh asks for HIST_IGNORE_SPACE in few. */
  #isLeftOut(line: string, before: string | null): boolean {
    return line === '' || (this.#style !== 'zsh' && (line.startsWith(' ') || line === before))
  }

  #save(session: Session, endMs: number): void {
    const { lines, isHomeless } = session
    session.lines = []
    if (isHomeless || this.#isNowhere) return
    for (const [i, { line, timeMs }] of lines.entries()) {
      this.#append(line, timeMs, lines[i + 1]?.timeMs ?? endMs)
    }
  }

  #append(line: string, timeMs: number, nextMs: number): void {
    const second = Math.floor(timeMs / 1000)
    if (this.#style === 'zsh') {
      const ranSeconds = Math.max(0, Math.floor((nextMs - timeMs) / 1000))
      this.#file.write(metafied(`: ${second}:${ranSeconds};${line.replaceAll('\n', '\\\n')}\n`))
    } else if (this.#style === 'bash-timed') {
      this.#file.writeText(`#${second}\n${line}\n`)
    } else {
      // cmdhist, which is on by default, joins the lines of a command.
      this.#file.writeText(`${line.replaceAll('\n', '; ')}\n`)
    }
  }
}

/** As zsh writes text that is not ASCII: a byte it uses itself becomes Meta and the byte XOR 32. */
export function metafied(text: string): Uint8Array {
  const bytes: number[] = []
  for (const byte of new TextEncoder().encode(text)) {
    if (byte === 0 || (byte >= META && byte <= LAST_HIDDEN)) bytes.push(META, byte ^ META_XOR)
    else bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}
