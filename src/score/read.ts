import { z } from 'zod'
import { type TrueMachine, Truth } from '../range/truth.ts'
import { parseTime } from '../text/time.ts'
import { Claim } from './claim.ts'

/** Something wrong with a document: where in it, and what. */
export interface Flaw {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

export type Read<T> =
  | { readonly value: T; readonly flaws: null }
  | { readonly value: null; readonly flaws: Flaw[] }

/** Matching takes the cube of their number; a machine that changes hands every minute for half a day stays below. */
const MAX_COMPARED = 1000

/** The JSON of `davylamp investigate`. */
export function readClaim(text: string): Read<Claim> {
  return read(text, Claim, ({ incidents }) =>
    incidents.flatMap(({ wayIn, tenures, changes }, index) => {
      const within = (flaw: Flaw): Flaw => ({ ...flaw, path: ['incidents', index, ...flaw.path] })
      const times: Flaw[] = [
        ...(wayIn === null ? [] : timeFlaws(wayIn.time, ['wayIn', 'time'])),
        ...tooMany(changes, 'changes'),
        ...changes.flatMap(({ time }, at) => timeFlaws(time, ['changes', at, 'time'])),
        ...tooMany(tenures, 'tenures'),
        ...tenureFlaws(tenures),
      ]
      return times.map(within)
    }),
  )
}

/** A `truth.json`, staged or made by hand. */
export function readTruth(text: string): Read<Truth> {
  return read(text, Truth, ({ machines }) => {
    const names = machines.map((machine) => machine.name)
    return machines.flatMap((machine, index) => {
      const isTwice = names.indexOf(machine.name) !== index
      const flaws: Flaw[] = isTwice ? [{ path: ['name'], message: `${machine.name} is there twice` }] : []
      flaws.push(...machineFlaws(machine))
      return flaws.map((flaw) => ({ ...flaw, path: ['machines', index, ...flaw.path] }))
    })
  })
}

function machineFlaws({ wayIn, laterWaysIn = [], tenures = [], changes = [] }: TrueMachine): Flaw[] {
  return [
    ...(wayIn === null || wayIn === undefined ? [] : timeFlaws(wayIn.time, ['wayIn', 'time'])),
    ...laterWaysIn.flatMap(({ time }, at) => timeFlaws(time, ['laterWaysIn', at, 'time'])),
    ...tooMany(changes, 'changes'),
    ...changes.flatMap(({ time }, at) => timeFlaws(time, ['changes', at, 'time'])),
    ...tooMany(tenures, 'tenures'),
    ...tenureFlaws(tenures),
  ]
}

function read<T>(text: string, schema: z.ZodType<T>, check: (value: T) => Flaw[]): Read<T> {
  let value: unknown
  try {
    // Written by hand it may begin with the mark that some editors put there.
    value = JSON.parse(text.replace(/^\uFEFF/u, ''))
  } catch (error) {
    const message = `no JSON: ${error instanceof Error ? error.message : String(error)}`
    return { value: null, flaws: [{ path: [], message }] }
  }
  const parsed = schema.safeParse(value)
  const flaws = parsed.success ? check(parsed.data) : parsed.error.issues
  return parsed.success && flaws.length === 0
    ? { value: parsed.data, flaws: null }
    : { value: null, flaws: flaws.map(({ path, message }) => ({ path, message })) }
}

function tooMany(list: readonly unknown[], name: string): Flaw[] {
  if (list.length <= MAX_COMPARED) return []
  return [{ path: [name], message: `${list.length} of them; at most ${MAX_COMPARED} are compared` }]
}

function tenureFlaws(tenures: readonly { readonly start: string; readonly end: string }[]): Flaw[] {
  return tenures.flatMap(({ start, end }, index) => {
    const flaws = [
      ...timeFlaws(start, ['tenures', index, 'start']),
      ...timeFlaws(end, ['tenures', index, 'end']),
    ]
    return flaws.length === 0 && parseTime(end) < parseTime(start)
      ? [{ path: ['tenures', index, 'end'], message: 'is before the start' }]
      : flaws
  })
}

function timeFlaws(time: string, path: readonly PropertyKey[]): Flaw[] {
  return Number.isNaN(parseTime(time)) ? [{ path, message: 'not an RFC 3339 time' }] : []
}
