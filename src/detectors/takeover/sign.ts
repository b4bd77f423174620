import type { FightCategory, FightTarget } from '../../event/finding.ts'
import type { Intel } from '../../intel/intel.ts'
import type { Command } from '../model/host/shell.ts'
import { expanded } from './variables.ts'

export type Target = FightTarget

/** One act as a command or an event shows it, not yet placed in a fight. */
export interface Sign {
  readonly category: FightCategory
  /** In the past tense, without the targets: `killed by name`. Signs of the same words close together are one act. */
  readonly verb: string
  readonly targets: readonly Target[]
  /** Everybody does it on some day: counts only beside acts that few do. */
  readonly isPlain: boolean
  /** What hardly anybody but somebody who takes a machine over does. */
  readonly tell?: Tell
}

/** Signs of a take-over that speak for themselves, in the order in which reasons are given. */
export const TELLS = {
  decoy: 'an unchangeable empty file stands at another gang’s place',
  hijack: 'a pool’s name leads to a public address that was written by hand',
  'gang-name': 'curl or wget got a name that gangs give them',
  'keys-replaced': 'all SSH keys were thrown out with their folder and another put in their place at once',
  'gang-tool': 'a gang’s own tool was called',
  'spares-itself': 'whatever uses the processor was killed, save one program',
  'by-load': 'whatever uses the processor was killed',
  'by-pool': 'programs were killed for the pool that they talk to',
  'kill-list': 'a list of programs was killed by name',
  'flush-then-drop': 'the firewall was emptied, then pools were shut out',
  bystanders: 'programs of the system were killed along with the rest',
  'piped-password': 'a password was set by a one-line command',
  'password-after-login': 'a password was changed within two minutes of the login',
  'second-root': 'a second account with the number of root was made',
} as const
export type Tell = keyof typeof TELLS

export function isTell(word: string): word is Tell {
  return word in TELLS
}

/** Commands that one event ran, in pipes. */
export interface Script {
  readonly pipelines: readonly (readonly Command[])[]
  readonly text: string
  readonly cwd: string | null
  readonly intel: Intel
}

export function pipelinesOf(commands: readonly Command[]): Command[][] {
  const pipelines: Command[][] = []
  for (const command of expanded(commands)) {
    const last = pipelines.at(-1)
    if (command.isFed && last !== undefined) last.push(command)
    else pipelines.push([command])
  }
  return pipelines
}

/** Words that are no options, without the program. */
export function operands(command: Command): string[] {
  const words = command.words.slice(1)
  // `<<<` and `<`: what follows is read, not named.
  const end = words.findIndex((word) => word.startsWith('<'))
  return (end < 0 ? words : words.slice(0, end)).filter((word) => !word.startsWith('-'))
}

export function target(type: Target['type'], value: string): Target {
  return { type, value: value.slice(0, 256) }
}
