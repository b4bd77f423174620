/**
 * How often each of many names came up, in bounded memory and as plain JSON. Exact up to `CAPACITY`
 * names; beyond it the busiest are kept by the space-saving algorithm (Metwally et al. 2005: a count
 * may be too high, never too low) and the number of names is estimated by HyperLogLog (Flajolet et
 * al. 2007, 256 registers: one standard error is 6.5 %).
 */
export interface Tally {
  top: [name: string, count: number][]
  registers: number[] | null
}

const CAPACITY = 32
const REGISTERS = 256
/** Names come from evidence and may be absurdly long. */
const MAX_NAME_LENGTH = 128

export function emptyTally(): Tally {
  return { top: [], registers: null }
}

export function countName(tally: Tally, name: string, times: number): void {
  const key = name.length > MAX_NAME_LENGTH ? name.slice(0, MAX_NAME_LENGTH) : name
  if (tally.registers !== null) register(tally.registers, key)
  const known = tally.top.find((entry) => entry[0] === key)
  if (known !== undefined) {
    known[1] += times
    return
  }
  if (tally.top.length < CAPACITY) {
    tally.top.push([key, times])
    return
  }
  if (tally.registers === null) {
    tally.registers = registersOf(tally.top)
    register(tally.registers, key)
  }
  const rarest = tally.top.reduce((least, entry) => (entry[1] < least[1] ? entry : least))
  rarest[0] = key
  rarest[1] += times
}

/** How many different names: exact up to `CAPACITY`, then an estimate. */
export function namesIn(tally: Tally): number {
  if (tally.registers === null) return tally.top.length
  return Math.max(tally.top.length, Math.round(estimate(tally.registers)))
}

export function timesOf(tally: Tally, name: string): number {
  const key = name.slice(0, MAX_NAME_LENGTH)
  return tally.top.find((entry) => entry[0] === key)?.[1] ?? 0
}

/** As if the name had never come up; beyond `CAPACITY` the number of names does not follow. */
export function forgetName(tally: Tally, name: string): void {
  const key = name.slice(0, MAX_NAME_LENGTH)
  tally.top = tally.top.filter((entry) => entry[0] !== key)
}

/** The names that came up most, at most `limit`; equals in the order of their spelling. */
export function busiest(tally: Tally, limit: number): string[] {
  return tally.top
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, limit)
    .map((entry) => entry[0])
}

export function mergeTally(a: Tally, b: Tally): Tally {
  const counts = new Map(a.top)
  for (const [name, count] of b.top) counts.set(name, (counts.get(name) ?? 0) + count)
  const all = [...counts]
  const isExact = a.registers === null && b.registers === null && all.length <= CAPACITY
  const registers = isExact ? null : registersOf(all)
  for (const other of [a.registers, b.registers]) {
    if (registers !== null && other !== null) {
      other.forEach((rank, at) => (registers[at] = Math.max(registers[at] ?? 0, rank)))
    }
  }
  all.sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1))
  return { top: all.slice(0, CAPACITY), registers }
}

function registersOf(entries: readonly (readonly [string, number])[]): number[] {
  const registers = Array.from({ length: REGISTERS }, () => 0)
  for (const [name] of entries) register(registers, name)
  return registers
}

function register(registers: number[], name: string): void {
  const hash = hashOf(name)
  const at = hash & (REGISTERS - 1)
  // The low bits chose the register; the rank is the place of the first 1 among the others.
  const rank = Math.clz32(hash >>> 8) - 8 + 1
  if (rank > (registers[at] ?? 0)) registers[at] = rank
}

function estimate(registers: readonly number[]): number {
  const sum = registers.reduce((total, rank) => total + 2 ** -rank, 0)
  const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum
  const zeros = registers.filter((rank) => rank === 0).length
  return raw <= 2.5 * REGISTERS && zeros > 0 ? REGISTERS * Math.log(REGISTERS / zeros) : raw
}

/** FNV-1a with the finaliser of MurmurHash3, so that every bit depends on every character. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
