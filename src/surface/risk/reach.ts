import { parseCidr } from '../network/cidr.ts'

/** Sizes from which a set of IPv4 addresses counts as the internet, as large, as medium. */
const HALF_OF_IT = 2 ** 31
const LARGE = 2 ** 24
const MEDIUM = 2 ** 16

/** Of each there is one object. */
export interface Reach {
  readonly id: string
  readonly says: string
}

const KNOWN = new WeakMap<readonly string[], Reach>()

/** How much of the internet a list of networks is: id of the factor, and the same in words. */
export function reachOf(sources: readonly string[]): Reach {
  // Only a memory of a pure function: many ways share one list.
  let known = KNOWN.get(sources)
  if (known === undefined) {
    known = measured(sources)
    KNOWN.set(sources, known)
  }
  return known
}

function measured(sources: readonly string[]): Reach {
  let v4 = 0
  let isV6 = false
  for (const source of sources) {
    const block = parseCidr(source)
    if (block === null) continue
    if (block.family === 4) v4 += 2 ** (32 - block.length)
    else if (block.length <= 3) isV6 = true
  }
  if (v4 >= HALF_OF_IT) return INTERNET
  if (isV6 && v4 < LARGE) return IPV6
  if (v4 >= LARGE) return LARGE_PART
  if (v4 >= MEDIUM) return SOME
  return sources.length === 1 ? ONE : FEW
}

const INTERNET: Reach = { id: 'source-internet', says: 'the whole internet reaches it' }
const IPV6: Reach = {
  id: 'source-ipv6',
  says: 'the whole internet reaches it, over IPv6 only: nobody can try all its addresses',
}
const LARGE_PART: Reach = { id: 'source-large', says: 'a large part of the internet reaches it' }
const SOME: Reach = {
  id: 'source-medium',
  says: 'some networks reach it, with more than 65,000 addresses',
}
const ONE: Reach = { id: 'source-small', says: 'only one small network reaches it' }
const FEW: Reach = { id: 'source-small', says: 'only a few small networks reach it' }
