import type { ProcessEvent } from '../../../event/process.ts'
import { onceAnEvent } from './once.ts'
import { baseName } from './places.ts'

/** One program with its arguments, as it stands in a command line or a script given with `-c`. */
export interface Command {
  /** Base name of the program, without `sudo`, `nohup`, `env` and the like before it. */
  readonly program: string
  /** The program as written, then its arguments. */
  readonly words: readonly string[]
  /** `NAME=value` written before it. */
  readonly assignments: readonly string[]
  /** Files its output goes to. */
  readonly outputs: readonly { readonly path: string; readonly isAppended: boolean }[]
  /** It reads what the command before it writes. */
  readonly isFed: boolean
}

const SHELLS: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'dash',
  'zsh',
  'ksh',
  'mksh',
  'ash',
  'rbash',
  'fish',
  'csh',
  'tcsh',
])
const INTERPRETERS = /^(?:python|perl|ruby|php|node|lua)[\d.]*$/u
const MAX_SCRIPT_LENGTH = 16_384
const MAX_COMMANDS = 256

export function isShell(program: string): boolean {
  return SHELLS.has(program)
}

export function isInterpreter(program: string): boolean {
  return isShell(program) || INTERPRETERS.test(program)
}

/** Every command an event runs: the script of `sh -c`, else the program itself. */
export const commandsOf = onceAnEvent((event: ProcessEvent): readonly Command[] => {
  const own = commandOf([...event.args], [], false)
  if (own === null) return []
  const script = isShell(own.program) ? scriptOf(own.words) : null
  return script === null ? [own] : [own, ...parseScript(script)]
})

/** Options of shells that take a word. */
const VALUED = new Set(['-o', '+o', '-O', '+O', '--rcfile', '--init-file'])

/** The text behind `-c` (also `-lc`, `-ec` …); null where a shell is given a file, whose arguments are its own. */
export function scriptOf(words: readonly string[]): string | null {
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? ''
    if (/^-[a-zA-Z]*c[a-zA-Z]*$/u.test(word)) return words[at + 1] ?? null
    if (VALUED.has(word)) at++
    else if (!/^[-+]./u.test(word)) return null
  }
  return null
}

/**
 * Splits a script at `;`, `|`, `&`, line ends, brackets and command substitutions. Good enough to see
 * what runs: no expansion, and a quoted script inside is one word.
 */
export function parseScript(script: string): Command[] {
  return new ScriptSplitter(script.slice(0, MAX_SCRIPT_LENGTH)).commands()
}

class ScriptSplitter {
  readonly #text: string
  #at = 0
  readonly #commands: Command[] = []
  #words: string[] = []
  #outputs: { path: string; isAppended: boolean }[] = []
  /** The word being read; null between words. */
  #word: string | null = null
  #quote: '' | '"' = ''
  /** Quotes around the substitutions that are open. */
  readonly #around: ('' | '"')[] = []
  #redirect: { isAppended: boolean } | null = null
  #isFed = false

  constructor(text: string) {
    this.#text = text
  }

  commands(): Command[] {
    while (this.#at < this.#text.length && this.#commands.length < MAX_COMMANDS) this.#step()
    this.#endCommand(false)
    return this.#commands
  }

  #step(): void {
    const char = this.#text.charAt(this.#at++)
    if (char === '\\') this.#escaped()
    else if (char === '"') this.#doubleQuote()
    else if (char === '`' || (char === '$' && this.#skips('('))) this.#substitution(char)
    else if (this.#quote === '"') this.#add(char)
    else if (char === "'") this.#singleQuoted()
    else if (char === '>') this.#redirection()
    else if (char === '|') this.#pipe()
    else if (char === ' ' || char === '\t' || char === '\r') this.#endWord()
    else if (char === ')') this.#closed()
    else if ((char === '<' && this.#skips('(')) || char === '(') this.#substitution('(')
    else if (char === '&' && this.#text.charAt(this.#at) === '>') this.#endWord()
    else if ((char === '{' || char === '}') && this.#isWithin()) this.#add(char)
    else if (';&\n{}'.includes(char)) this.#endCommand(false)
    else this.#add(char)
  }

  /** Brackets group commands only where a command may begin or end; elsewhere they are text. */
  #isWithin(): boolean {
    return this.#word !== null || this.#words.length > 0
  }

  /** Passes over the next character if it is this one. */
  #skips(char: string): boolean {
    if (this.#text.charAt(this.#at) !== char) return false
    this.#at++
    return true
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text
  }

  #escaped(): void {
    const next = this.#text.charAt(this.#at++)
    if (next !== '\n') this.#add(next)
  }

  #doubleQuote(): void {
    this.#quote = this.#quote === '' ? '"' : ''
    this.#add('')
  }

  #singleQuoted(): void {
    const end = this.#text.indexOf("'", this.#at)
    this.#add(this.#text.slice(this.#at, end < 0 ? undefined : end))
    this.#at = end < 0 ? this.#text.length : end + 1
  }

  /** What is substituted is a command of its own; the one around it ends there. Backquotes cannot nest: both are an end. */
  #substitution(char: string): void {
    this.#endCommand(false)
    if (char === '`') return
    this.#around.push(this.#quote)
    this.#quote = ''
  }

  #closed(): void {
    const isFeeding = this.#around.length > 0 ? this.#isFedBehind() : false
    this.#endCommand(isFeeding)
    this.#quote = this.#around.pop() ?? ''
  }

  /** `( … ) | sh`: what stands behind the bracket reads from it. */
  #isFedBehind(): boolean {
    const match = /^\s{0,16}\|(?!\|)&?/u.exec(this.#text.slice(this.#at, this.#at + 24))
    if (match === null) return false
    this.#at += match[0].length
    return true
  }

  #redirection(): void {
    // `2>`: the number is the stream, not a word.
    if (this.#word !== null && /^\d$/u.test(this.#word)) this.#word = null
    this.#endWord()
    const isAppended = this.#skips('>')
    // `>&1` doubles a stream and names no file.
    if (!this.#skips('&')) this.#redirect = { isAppended }
    else if (/\d|-/u.test(this.#text.charAt(this.#at))) this.#at++
    else this.#redirect = { isAppended }
  }

  #pipe(): void {
    const isOr = this.#skips('|')
    if (!isOr) this.#skips('&')
    this.#endCommand(!isOr)
  }

  #endWord(): void {
    const word = this.#word
    if (word === null) return
    if (this.#redirect === null) this.#words.push(word)
    else this.#outputs.push({ path: word, ...this.#redirect })
    this.#redirect = null
    this.#word = null
  }

  #endCommand(feedsNext: boolean): void {
    this.#endWord()
    const command = commandOf(this.#words, this.#outputs, this.#isFed)
    if (command !== null) this.#commands.push(command)
    this.#words = []
    this.#outputs = []
    this.#redirect = null
    this.#isFed = feedsNext
  }
}

/** Programs that start the one behind them; the number of words that belong to an option of theirs. */
const STARTERS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['sudo', new Set(['-u', '-g', '-h', '-p', '-C', '-r', '-t', '--user', '--group'])],
  ['doas', new Set(['-u', '-C'])],
  ['nohup', new Set()],
  ['setsid', new Set()],
  ['nice', new Set(['-n'])],
  ['ionice', new Set(['-c', '-n', '-p'])],
  ['chrt', new Set()],
  ['taskset', new Set()],
  ['timeout', new Set(['-k', '-s'])],
  ['env', new Set(['-u', '-C', '-S'])],
  ['exec', new Set(['-a'])],
  ['command', new Set()],
  ['busybox', new Set()],
  ['stdbuf', new Set(['-i', '-o', '-e'])],
  ['xargs', new Set(['-I', '-n', '-P', '-L', '-d', '-a'])],
  ['time', new Set()],
  ['eval', new Set()],
])
const KEYWORDS: ReadonlySet<string> = new Set(['then', 'do', 'else', 'elif', 'if', 'while', 'until', '!'])
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/u

function commandOf(words: string[], outputs: Command['outputs'], isFed: boolean): Command | null {
  const assignments: string[] = []
  let at = 0
  while (at < words.length) {
    const word = words[at] ?? ''
    if (ASSIGNMENT.test(word)) assignments.push(word)
    else if (!KEYWORDS.has(word)) {
      const options = STARTERS.get(baseName(word))
      if (options === undefined) break
      const next = behindOptions(words, at + 1, options, baseName(word))
      // Nothing behind it: the starter itself is the program.
      if (next >= words.length) break
      at = next
      continue
    }
    at++
  }
  const first = words[at]
  if (first === undefined) {
    if (assignments.length === 0 && outputs.length === 0) return null
    return { program: '', words: [], assignments, outputs, isFed }
  }
  return { program: baseName(first).replace(/^-/u, ''), words: words.slice(at), assignments, outputs, isFed }
}

/** Skips a starter's options and, where it takes one before the program, its number (`timeout 5`, `nice 19`, `taskset 0x1`). */
function behindOptions(
  words: readonly string[],
  from: number,
  options: ReadonlySet<string>,
  starter: string,
): number {
  let at = from
  while (at < words.length) {
    const word = words[at] ?? ''
    if (word.startsWith('-')) at += options.has(word) ? 2 : 1
    else if (/^(?:timeout|taskset|chrt|nice)$/u.test(starter) && /^(?:0x)?[\da-f.]{1,16}[smhd]?$/u.test(word))
      at++
    else break
  }
  return at
}
