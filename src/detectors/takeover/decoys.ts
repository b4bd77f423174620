import { baseName, isHidingPlace } from '../model/host/places.ts'
import type { Command } from '../model/host/shell.ts'
import { isRivalPath } from './rivals.ts'
import { operands, type Script, type Sign, target } from './sign.ts'

/** A file of at most so many bytes is no program. */
const DECOY_BYTES = 8

/** An unchangeable, tiny file at the place where another gang keeps its own. */
export function decoysOf(
  { pipelines, cwd }: Script,
  made: readonly string[],
): { signs: Sign[]; made: string[] } {
  const fresh = [...made]
  const signs: Sign[] = []
  for (const command of pipelines.flat()) {
    fresh.push(...tinyFilesOf(command).map((path) => joined(cwd, path)))
    for (const path of lockedBy(command)) {
      const sign = decoy(joined(cwd, path), fresh)
      if (sign !== null) signs.push(sign)
    }
  }
  return { signs, made: fresh.slice(made.length) }
}

/** Judges a file that was locked; null = nothing about it. */
export function decoy(path: string, made: readonly string[]): Sign | null {
  const isMade = made.includes(path)
  const isTheirs = isRivalPath(path)
  if (!isTheirs && !(isMade && isHidingPlace(path))) return null
  const base = {
    category: 'vaccination',
    verb: 'occupied places of others with locked files',
    targets: [target('path', path)],
  } as const
  return isMade && isTheirs ? { ...base, isPlain: false, tell: 'decoy' } : { ...base, isPlain: false }
}

/** `echo 1 > p`, `> p`, `touch p`, `mkdir p`, `ln -s /dev/null p`. */
function tinyFilesOf(command: Command): string[] {
  const { program, words, outputs } = command
  if (program === 'touch' || program === 'mkdir') return operands(command)
  if (program === 'ln' && words.includes('/dev/null')) return words.slice(-1)
  const isTiny = /^(?:echo|printf|:|true|)$/u.test(program) || (program === 'cat' && words[1] === '/dev/null')
  if (
    !isTiny ||
    words
      .slice(1)
      .filter((word) => word !== '/dev/null')
      .join(' ').length > DECOY_BYTES
  )
    return []
  return outputs.map(({ path }) => path)
}

/** Paths made unchangeable, or (`chmod 000`, a link to nothing) unusable. */
function lockedBy(command: Command): string[] {
  const { program, words } = command
  const paths = operands(command)
  if (program === 'chattr')
    return words.some((word, at) => at > 0 && /^[+=][a-zA-Z]*[ia]/u.test(word))
      ? paths.filter((word) => !/^[+=]/u.test(word))
      : []
  if (program === 'chmod')
    return /^(?:0{1,4}|a-[rwx]{1,3}|-[rwx]{1,3})$/u.test(words[1] ?? '')
      ? paths.filter((path) => isRivalPath(path) && path !== words[1])
      : []
  return program === 'ln' && words.includes('/dev/null')
    ? words.slice(-1).filter((path) => isRivalPath(path) && baseName(path) !== 'null')
    : []
}

function joined(cwd: string | null, path: string): string {
  return path.startsWith('/') || path.startsWith('~') || path.startsWith('$') || cwd === null
    ? path
    : `${cwd}/${path.replace(/^\.\//u, '')}`
}
