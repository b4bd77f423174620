import { existsSync, readdirSync } from 'node:fs'
import { DavylampError } from '../errors.ts'
import {
  type BattleOptions,
  DEFAULT_BATTLE,
  EVIDENCE_KINDS,
  LIMITS,
  NOISES,
  type Pack,
  type Wear,
} from '../range/battle/options.ts'
import type { Skill } from '../range/gangs/gang.ts'
import { stageBattleInto, stageSceneInto } from '../range/write.ts'
import { quoteShell } from '../text/shell.ts'
import { visible } from '../text/visible.ts'
import { writingReason } from './reason.ts'

export interface RangeOptions {
  readonly out?: string
  readonly seed: string
  readonly quietDay?: boolean
  readonly failedGuessing?: boolean
  readonly hours?: string
  readonly machines?: string
  readonly gangs?: string
  readonly noise?: string
  readonly skill?: Skill
  readonly pack?: Pack
  readonly without?: readonly string[]
  readonly wear?: Wear
}

/** `davylamp range`: a staged battle, its evidence and its truth. */
export function range({ out, ...options }: RangeOptions): void {
  if (out === undefined) throw new DavylampError('usage', "required option '--out <dir>' not specified")
  const seed = wholeNumber('--seed', options.seed, { from: 0, to: Number.MAX_SAFE_INTEGER })
  const isOneMachine = options.quietDay === true || options.failedGuessing === true
  const battle = isOneMachine ? null : battleOptions(seed, options)
  if (battle === null) refuseBattleOptions(options)
  try {
    refuseUsed(out)
    if (battle === null) {
      const { quietDay: quiet = false, failedGuessing = false } = options
      stageSceneInto(out, { seed, quiet, failedGuessing })
    } else {
      stageBattleInto(out, battle)
    }
  } catch (cause) {
    if (cause instanceof DavylampError) throw cause
    throw new DavylampError(
      'output-unwritable',
      `cannot write the scene to ${out}: ${writingReason(cause)}`,
      { cause },
    )
  }
  tellWhere(out, battle !== null)
}

function battleOptions(seed: number, options: Omit<RangeOptions, 'out'>): BattleOptions {
  const { hours, machines, gangs, noise, skill, pack, without = [], wear } = options
  const known: readonly string[] = EVIDENCE_KINDS
  for (const kind of without) {
    if (!known.includes(kind))
      throw new DavylampError('usage', `--without ${kind}: no such kind of evidence`, {
        hint: `kinds are ${known.join(', ')}`,
      })
  }
  return {
    ...DEFAULT_BATTLE,
    seed,
    ...(hours === undefined ? {} : { hours: wholeNumber('--hours', hours, LIMITS.hours) }),
    ...(machines === undefined ? {} : { machines: wholeNumber('--machines', machines, LIMITS.machines) }),
    ...(gangs === undefined ? {} : { gangs: wholeNumber('--gangs', gangs, LIMITS.gangs) }),
    ...(noise === undefined ? {} : { noise: noiseOf(noise) }),
    ...(skill === undefined ? {} : { skill }),
    ...(pack === undefined ? {} : { pack }),
    ...(wear === undefined ? {} : { wear }),
    without,
  }
}

function wholeNumber(option: string, text: string, { from, to }: { from: number; to: number }): number {
  const value = Number(text)
  if (!/^\d+$/u.test(text)) throw new DavylampError('usage', `${option} ${text}: not a whole number`)
  if (value < from || value > to)
    throw new DavylampError('usage', `${option} ${text}: must be from ${from} to ${to}`)
  return value
}

/** `0` to `3`, or the word for it. */
function noiseOf(text: string): number {
  const words: readonly string[] = NOISES
  const level = words.includes(text) ? words.indexOf(text) : Number(text)
  if (/^\d$|^[a-z]+$/u.test(text) && level >= 0 && level < words.length) return level
  throw new DavylampError(
    'usage',
    `--noise ${text}: must be 0 to ${words.length - 1}, or ${words.join(', ')}`,
  )
}

function refuseBattleOptions(options: Omit<RangeOptions, 'out'>): void {
  for (const name of ['hours', 'machines', 'gangs', 'noise', 'skill', 'pack', 'without', 'wear'] as const) {
    if (options[name] !== undefined)
      throw new DavylampError('usage', `--${name} is for battles: not with --quiet-day or --failed-guessing`)
  }
}

function tellWhere(out: string, hasInventory: boolean): void {
  const lines = [`evidence: ${visible(`${out}/evidence`)}`, `truth:    ${visible(`${out}/truth.json`)}`]
  const inventory = hasInventory ? ` --inventory ${quoteShell(`${out}/inventory.yaml`)}` : ''
  lines.push(`to read it: davylamp investigate ${quoteShell(`${out}/evidence`)}${inventory}`)
  process.stderr.write(`${lines.join('\n')}\n`)
}

/** A scene is never mixed with what is there already: evidence of two battles would tell of neither. */
function refuseUsed(dir: string): void {
  if (!existsSync(dir) || readdirSync(dir).length === 0) return
  throw new DavylampError('usage', `--out ${dir}: is not empty`, { hint: 'name a new or an empty folder' })
}
