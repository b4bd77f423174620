import type { Command } from '../model/host/shell.ts'

/** So many values of one variable are put in. */
const MAX_VALUES = 64
const NAMED = /^\$(?:\{([A-Za-z_]\w{0,63})\}|([A-Za-z_]\w{0,63}))$/u

/**
 * Puts the values of `for x in a b c` and `x=a` where a word is the variable alone: whom a loop kills stands in
 * its head. Words without a known value stay as they are.
 */
export function expanded(commands: readonly Command[]): readonly Command[] {
  const values = new Map<string, readonly string[]>()
  return commands.map((command) => {
    const words = command.words.some((word) => word.startsWith('$'))
      ? command.words.flatMap((word) => values.get(nameIn(word)) ?? [word])
      : command.words
    learn(command, values)
    return words === command.words ? command : { ...command, words }
  })
}

function nameIn(word: string): string {
  const found = NAMED.exec(word)
  return found?.[1] ?? found?.[2] ?? ''
}

function learn({ program, words, assignments }: Command, values: Map<string, readonly string[]>): void {
  if (program === 'for' && words[2] === 'in' && words[1] !== undefined) {
    values.set(words[1], words.slice(3, 3 + MAX_VALUES))
    return
  }
  if (program !== '') return
  for (const assignment of assignments) {
    const at = assignment.indexOf('=')
    const value = assignment.slice(at + 1)
    // `pids=$(…)`: what a command gives stands behind it, as a command of its own.
    if (value !== '') values.set(assignment.slice(0, at), value.split(/\s+/u).slice(0, MAX_VALUES))
  }
}
