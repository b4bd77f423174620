import type { ProcessEvent } from '../event/process.ts'
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
export function commandsOf(event: ProcessEvent): readonly Command[] {
  const own = commandOf([...event.args], [], false)
  if (own === null) return []
  const script = isShell(own.program) ? scriptOf(own.words) : null
  return script === null ? [own] : [own, ...parseScript(script)]
}

/** The text behind `-c` (also `-lc`, `-ec` …). */
export function scriptOf(words: readonly string[]): string | null {
  const at = words.findIndex((word, index) => index > 0 && /^-[a-zA-Z]*c[a-zA-Z]*$/u.test(word))
  return at < 0 ? null : (words[at + 1] ?? null)
}

/**
 * Splits a script at `;`, `|`, `&`, line ends, brackets and command substitutions. Good enough to see
 * what runs: no expansion, and a quoted script inside is one word.
 */
export function parseScript(script: string): Command[] {
  const commands: Command[] = []
  const text = script.slice(0, MAX_SCRIPT_LENGTH)
  let words: string[] = []
  let outputs: { path: string; isAppended: boolean }[] = []
  let word = ''
  let hasWord = false
  let quote = ''
  let redirect: { isAppended: boolean } | null = null
  let isFed = false
  const endWord = (): void => {
    if (!hasWord) return
    if (redirect === null) words.push(word)
    else outputs.push({ path: word, isAppended: redirect.isAppended })
    redirect = null
    word = ''
    hasWord = false
  }
  const endCommand = (feedsNext: boolean): void => {
    endWord()
    const command = commandOf(words, outputs, isFed)
    if (command !== null) commands.push(command)
    words = []
    outputs = []
    redirect = null
    isFed = feedsNext
  }
  for (let at = 0; at < text.length && commands.length < MAX_COMMANDS; at++) {
    const char = text.charAt(at)
    const next = text.charAt(at + 1)
    if (quote === "'") {
      if (char === "'") quote = ''
      else word += char
    } else if (char === '\\' && next !== '') {
      at++
      if (next !== '\n') {
        word += next
        hasWord = true
      }
    } else if (char === '"') {
      quote = quote === '' ? '"' : ''
      hasWord = true
    } else if (char === '`' || (char === '$' && next === '(')) {
      if (char === '$') at++
      endCommand(false)
    } else if (quote === '"') word += char
    else if (char === "'") {
      quote = "'"
      hasWord = true
    } else if (char === '>') {
      // `2>`: the number is the stream, not a word.
      if (/^\d$/u.test(word)) {
        word = ''
        hasWord = false
      }
      endWord()
      const isAppended = next === '>'
      if (isAppended) at++
      redirect = { isAppended }
    } else if (char === '&' && (redirect !== null || next === '>')) continue
    else if (char === '|') {
      const isOr = next === '|'
      if (isOr) at++
      endCommand(!isOr)
    } else if (char === '<' && next === '(') {
      at++
      endCommand(false)
    } else if (';&\n(){}'.includes(char)) endCommand(false)
    else if (char === ' ' || char === '\t' || char === '\r') endWord()
    else {
      word += char
      hasWord = true
    }
  }
  endCommand(false)
  return commands
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
