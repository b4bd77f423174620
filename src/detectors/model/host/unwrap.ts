import { isUtf8 } from 'node:buffer'
import type { ProcessEvent } from '../../../event/process.ts'
import { onceAnEvent } from './once.ts'
import { type Command, commandsOf, isShell, parseScript, scriptOf } from './shell.ts'

/** Commands as they run, whatever they were wrapped in. */
export interface Unwrapped {
  readonly commands: readonly Command[]
  /** Something encoded went into a shell, and what it was does not stand here. */
  readonly isOpaque: boolean
}

const MAX_COMMANDS = 512
/** Scripts within scripts within scripts. */
const MAX_DEPTH = 4
/** Characters of base64 that are decoded. */
const MAX_ENCODED = 65_536
/** Programs that take a script behind `-c` as a shell does. */
const WITH_SCRIPT: ReadonlySet<string> = new Set(['su', 'runuser', 'script', 'flock', 'sg'])
const DECODERS: ReadonlySet<string> = new Set(['base64', 'openssl', 'xxd', 'gunzip', 'zcat', 'rev', 'base32'])

/** Every command an event runs, with the scripts inside quotes, `eval`, `echo … | sh` and plain base64 opened. */
export const unwrap = onceAnEvent((event: ProcessEvent): Unwrapped => {
  const own = commandsOf(event)
  // The script of the event’s own shell is among its commands already.
  return isShell(own[0]?.program ?? '') && own.length > 1
    ? opened(own.slice(1), own.slice(0, 1))
    : opened(own, [])
})

/** The same for a text that a shell reads. */
export function unwrapScript(script: string): Unwrapped {
  return opened(parseScript(script), [])
}

interface Wrapped {
  readonly command: Command
  /** The command before it, and the one before that. */
  readonly before: readonly [Command | undefined, Command | undefined]
  readonly depth: number
}

/** What a command runs besides its own name: a script, or one that cannot be read. */
type Inner = { readonly script: string } | 'opaque' | null

function opened(own: readonly Command[], outer: readonly Command[]): Unwrapped {
  const waiting = stacked(own, 0)
  const commands: Command[] = [...outer]
  let isOpaque = false
  while (commands.length < MAX_COMMANDS) {
    const next = waiting.pop()
    if (next === undefined) break
    commands.push(next.command)
    if (next.depth >= MAX_DEPTH) continue
    const inner = innerOf(next)
    if (inner === 'opaque') isOpaque = true
    else if (inner !== null) waiting.push(...stacked(parseScript(inner.script), next.depth + 1))
  }
  return { commands, isOpaque }
}

/** The next one last. */
function stacked(commands: readonly Command[], depth: number): Wrapped[] {
  return commands
    .map((command, at): Wrapped => ({ command, before: [commands[at - 1], commands[at - 2]], depth }))
    .toReversed()
}

function innerOf({ command, before }: Wrapped): Inner {
  const { program, words, isFed } = command
  // `eval "a; b"`
  if (/\s/u.test(program)) return { script: words.join(' ') }
  if (isShell(program)) {
    const script = scriptOf(words)
    if (script !== null) return { script }
    return isFed && words.length <= 2 ? fedBy(before) : null
  }
  if (WITH_SCRIPT.has(program)) {
    const script = words[words.indexOf('-c') + 1]
    return script === undefined || !words.includes('-c') ? null : { script }
  }
  // `nsenter … sh -c '…'`, `docker exec x bash -c '…'`
  const shell = words.findIndex((word, at) => at > 0 && /^(?:\/\S{0,64}\/)?(?:ba|da|a|z|k)?sh$/u.test(word))
  const script = shell > 0 && /^-[a-z]*c$/u.test(words[shell + 1] ?? '') ? words[shell + 2] : undefined
  return script === undefined ? null : { script }
}

function fedBy([nearest, further]: Wrapped['before']): Inner {
  if (nearest === undefined) return null
  const said = spoken(nearest)
  if (said !== null) return { script: said }
  if (!DECODERS.has(nearest.program)) return null
  const encoded = nearest.program === 'base64' && nearest.isFed ? spoken(further) : null
  const script = encoded === null ? null : decoded(encoded)
  return script === null ? 'opaque' : { script }
}

/** What echo or printf say; null for other programs. */
function spoken(command: Command | undefined): string | null {
  if (command?.program !== 'echo' && command?.program !== 'printf') return null
  const { words } = command
  const at = words.findIndex((word, index) => index > 0 && !/^-[neE]+$/u.test(word))
  return at < 0 ? '' : words.slice(at).join(' ').replaceAll('\\n', '\n')
}

/** Null where it is no base64, or no text. */
function decoded(text: string): string | null {
  const encoded = text.trim()
  if (encoded.length > MAX_ENCODED || !/^[A-Za-z0-9+/\s]+={0,2}$/u.test(encoded)) return null
  const bytes = Buffer.from(encoded, 'base64')
  return isUtf8(bytes) ? bytes.toString() : null
}
