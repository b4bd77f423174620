/**
 * How often each of many names came up, in bounded memory and as plain JSON. Exact up to `CAPACITY`
 * names; beyond it the busiest are kept by the space-saving algorithm (Metwally et al. 2005: a count
 * may be too high, never too low) and the number of names is estimated by HyperLogLog (Flajolet et
 * al. 2007, 256 registers: one standard error is 6.5 %). Addresses have one each, by the ten thousand:
 * two lists that grow by what they need take a third of what a list of pairs does.
 */
export interface Tally {
  names: string[]
  /** How often, name by name. */
  counts: number[]
  registers: number[] | null
}

const CAPACITY = 32
const REGISTERS = 256
/** Names come from evidence and may be absurdly long. */
const MAX_NAME_LENGTH = 128

export function emptyTally(): Tally {
  return { names: [], counts: [], registers: null }
}

export function countName(tally: Tally, name: string, times: number): void {
  const key = name.length > MAX_NAME_LENGTH ? name.slice(0, MAX_NAME_LENGTH) : name
  if (tally.registers !== null) register(tally.registers, key)
  const { names, counts } = tally
  const known = names.indexOf(key)
  if (known >= 0) {
    counts[known] = (counts[known] ?? 0) + times
    return
  }
  if (names.length < CAPACITY) {
    tally.names = names.toSpliced(names.length, 0, key)
    tally.counts = counts.toSpliced(counts.length, 0, times)
    return
  }
  if (tally.registers === null) {
    tally.registers = registersOf(names)
    register(tally.registers, key)
  }
  const rarest = placeOfLeast(counts)
  names[rarest] = key
  counts[rarest] = (counts[rarest] ?? 0) + times
}

/** The first of the lowest. */
function placeOfLeast(counts: readonly number[]): number {
  let place = 0
  for (let at = 1; at < counts.length; at++) if ((counts[at] ?? 0) < (counts[place] ?? 0)) place = at
  return place
}

/** How many different names: exact up to `CAPACITY`, then an estimate. */
export function namesIn(tally: Tally): number {
  if (tally.registers === null) return tally.names.length
  return Math.max(tally.names.length, Math.round(estimate(tally.registers)))
}

export function timesOf(tally: Tally, name: string): number {
  return tally.counts[tally.names.indexOf(name.slice(0, MAX_NAME_LENGTH))] ?? 0
}

/** As if the name had never come up; beyond `CAPACITY` the number of names does not follow. */
export function forgetName(tally: Tally, name: string): void {
  const place = tally.names.indexOf(name.slice(0, MAX_NAME_LENGTH))
  if (place < 0) return
  tally.names = tally.names.toSpliced(place, 1)
  tally.counts = tally.counts.toSpliced(place, 1)
}

/** The names that came up most, at most `limit`; equals in the order of their spelling. */
export function busiest(tally: Tally, limit: number): string[] {
  return byCount(tally)
    .slice(0, limit)
    .map(([name]) => name)
}

function byCount({ names, counts }: Omit<Tally, 'registers'>): [name: string, count: number][] {
  return names
    .map((name, at): [string, number] => [name, counts[at] ?? 0])
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}

export function mergeTally(a: Tally, b: Tally): Tally {
  const all: Omit<Tally, 'registers'> = { names: [...a.names], counts: [...a.counts] }
  for (const [at, name] of b.names.entries()) {
    const known = a.names.indexOf(name)
    if (known < 0) all.names.push(name)
    const place = known < 0 ? all.names.length - 1 : known
    all.counts[place] = (all.counts[place] ?? 0) + (b.counts[at] ?? 0)
  }
  const isExact = a.registers === null && b.registers === null && all.names.length <= CAPACITY
  const registers = isExact ? null : registersOf(all.names)
  for (const other of [a.registers, b.registers]) {
    if (registers !== null && other !== null) {
      other.forEach((rank, at) => (registers[at] = Math.max(registers[at] ?? 0, rank)))
    }
  }
  const top = byCount(all).slice(0, CAPACITY)
  return { names: top.map(([name]) => name), counts: top.map(([, count]) => count), registers }
}

function registersOf(names: readonly string[]): number[] {
  const registers = Array.from({ length: REGISTERS }, () => 0)
  for (const name of names) register(registers, name)
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
