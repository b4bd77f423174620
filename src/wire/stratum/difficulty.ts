/** Hashes it takes on average to find one share, from the ways pools write a difficulty. */

const TWO_32 = 2 ** 32
const TWO_64 = 2 ** 64
const TWO_256 = 2 ** 256

/** No pool hands out jobs beyond this; above it the number is garbage. */
const MAX_HASHES = 2 ** 128

/** Hash functions whose pools count difficulty 1 as 2^16 hashes instead of 2^32. */
const SHORT_UNIT = /^(?:scrypt|yescrypt|yespower|ghostrider|minotaurx)/u

/**
 * CryptoNote `target`: little-endian hex, 4 bytes of a 32-bit bound or 8 of a 64-bit one; 32 bytes
 * (big-endian, as some forks send) of a 256-bit one. xmrig-proxy doc/STRATUM.md.
 */
export function hashesOfCryptonoteTarget(target: string): number | null {
  if (!isHex(target) || target.length % 2 !== 0) return null
  if (target.length === 64) return hashesOfTarget(target)
  if (target.length > 16) return null
  let bound = 0
  for (let i = target.length - 2; i >= 0; i -= 2)
    bound = bound * 256 + Number.parseInt(target.slice(i, i + 2), 16)
  return sane((target.length <= 8 ? TWO_32 : TWO_64) / bound)
}

/** A big-endian 256-bit bound, with or without 0x: Ethereum work, equihash and KawPow `set_target`. */
export function hashesOfTarget(target: string): number | null {
  const digits = target.startsWith('0x') ? target.slice(2) : target
  if (digits.length === 0 || digits.length > 64 || !isHex(digits)) return null
  const lead = digits.search(/[^0]/u)
  if (lead < 0) return null
  const significant = digits.slice(lead, lead + 13)
  const bound = Number.parseInt(significant, 16) * 16 ** (digits.length - lead - significant.length)
  return sane(TWO_256 / bound)
}

/** `mining.set_difficulty`: 1 stands for 2^32 hashes, for scrypt and its like 2^16. */
export function hashesOfDifficulty(difficulty: number, algorithm: string | null): number | null {
  return sane(difficulty * unitOf(algorithm))
}

/** Hashes that difficulty 1 stands for. */
export function unitOf(algorithm: string | null): number {
  return algorithm !== null && SHORT_UNIT.test(algorithm) ? 2 ** 16 : TWO_32
}

/** Difficulty of the network in units of 2^32 hashes, from compact `nbits` (big-endian hex). */
export function networkDifficulty(nbits: string): number | null {
  if (nbits.length !== 8 || !isHex(nbits)) return null
  const exponent = Number.parseInt(nbits.slice(0, 2), 16)
  const mantissa = Number.parseInt(nbits.slice(2), 16)
  return mantissa === 0 || exponent > 32 ? null : (0xffff / mantissa) * 256 ** (0x1d - exponent)
}

export function isHex(text: string): boolean {
  return text.length > 0 && !/[^0-9a-f]/iu.test(text)
}

function sane(hashes: number): number | null {
  return Number.isFinite(hashes) && hashes > 0 && hashes < MAX_HASHES ? Math.max(1, hashes) : null
}
