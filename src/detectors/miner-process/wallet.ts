export interface Wallet {
  readonly text: string
  /** Long enough that nothing else has this shape. */
  readonly isLong: boolean
}

/** Monero standard, subaddress and integrated (base 58, 95 or 106), CryptoNote cousins of other prefixes. */
const CRYPTONOTE =
  /(?<![1-9A-HJ-NP-Za-km-z])(?:[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?|(?:Wo|ZEPH|SaLv|SC1|TRTL|ccx7|hvx|kv|ar|so|Sumoo)[1-9A-HJ-NP-Za-km-z]{90,110})(?![1-9A-HJ-NP-Za-km-z])/u
const BECH32 = /(?<![a-z0-9])(?:bc1|ltc1|kaspa:|dero1)[02-9ac-hj-np-z]{38,87}(?![a-z0-9])/u
const HEXADECIMAL = /(?<![0-9A-Za-z])0x[0-9a-fA-F]{40}(?![0-9a-fA-F])/u
/** Bitcoin, Litecoin, Ravencoin, Zcash, Verus … 26–35 letters of base 58: other things look like it. */
const BASE58 =
  /(?<![1-9A-HJ-NP-Za-km-z])(?:[13]|[LMRDtV]|t1|t3|nano_)[1-9A-HJ-NP-Za-km-z]{25,34}(?![1-9A-HJ-NP-Za-km-z])/u

const MAX_LENGTH = 8192

/** The first wallet address among the arguments. */
export function findWallet(args: readonly string[]): Wallet | null {
  const text = args.join(' ').slice(0, MAX_LENGTH)
  for (const [pattern, isLong] of [
    [CRYPTONOTE, true],
    [BECH32, true],
    [HEXADECIMAL, true],
    [BASE58, false],
  ] as const) {
    const match = pattern.exec(text)
    if (match !== null) return { text: match[0], isLong }
  }
  return null
}
