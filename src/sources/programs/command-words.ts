import { isAbsolute } from 'node:path/posix'

const MAX_WORDS = 256
const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k|mk|a)?sh$/u
const SHELL_SCRIPT = /^-[a-z]*c$/u

/**
 * The arguments of a command that a log wrote with blanks between them: where one argument ends and the
 * next begins is lost, except that the script of `sh -c` is all that follows.
 */
export function wordsOf(command: string): string[] {
  const words: string[] = []
  let at = 0
  while (at < command.length && words.length < MAX_WORDS) {
    while (command.charCodeAt(at) === 32) at++
    if (at >= command.length) break
    const isScript = words.length === 2 && SHELL.test(words[0] ?? '') && SHELL_SCRIPT.test(words[1] ?? '')
    const space = isScript || words.length === MAX_WORDS - 1 ? -1 : command.indexOf(' ', at)
    const end = space < 0 ? command.length : space
    words.push(command.slice(at, end))
    at = end
  }
  return words
}

/** The program as a path, where the log gives one. */
export function exeOf(words: readonly string[]): string | null {
  const [program = ''] = words
  return isAbsolute(program) ? program : null
}
