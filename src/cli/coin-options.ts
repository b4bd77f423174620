import { DavylampError } from '../errors.ts'
import { type CoinBook, type CoinFigures, hashesOfNetworkDifficulty } from '../mining/earnings.ts'

export interface CoinOptions {
  readonly price?: readonly string[]
  readonly reward?: readonly string[]
  readonly difficulty?: readonly string[]
}

const SCALES: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 }
const FORM = /^([A-Za-z0-9]{2,10})=(\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?)([kKmMgGtTpPeE]?)(h?)$/u

/** What `--price`, `--reward` and `--difficulty` say of coins. Throws `usage`. */
export function readCoinOptions(options: CoinOptions): CoinBook {
  const book = new Map<string, CoinFigures>()
  const note = (coin: string, figures: Partial<CoinFigures>): void => {
    const before = book.get(coin) ?? { hashesPerBlock: null, reward: null, usd: null }
    book.set(coin, { ...before, ...figures })
  }
  for (const text of options.price ?? []) {
    const { coin, value } = parse('--price', text, 'XMR=150')
    note(coin, { usd: value })
  }
  for (const text of options.reward ?? []) {
    const { coin, value } = parse('--reward', text, 'XMR=0.6')
    note(coin, { reward: value })
  }
  for (const text of options.difficulty ?? []) {
    const { coin, value, isHashes } = parse('--difficulty', text, 'XMR=350G')
    const hashes = isHashes ? value : hashesOfNetworkDifficulty(coin, value)
    if (hashes === null)
      throw new DavylampError(
        'usage',
        `--difficulty ${text}: what a unit of it is for ${coin} is not known here`,
        {
          hint: `give the hashes that a block takes, with an h: --difficulty ${coin}=350Gh`,
        },
      )
    note(coin, { hashesPerBlock: hashes })
  }
  return book
}

function parse(
  option: string,
  text: string,
  example: string,
): { coin: string; value: number; isHashes: boolean } {
  const found = FORM.exec(text)
  const value = Number(found?.[2]) * (SCALES[found?.[3]?.toUpperCase() ?? ''] ?? 1)
  const isHashes = found?.[4] === 'h'
  if (found === null || !(value > 0) || !Number.isFinite(value) || (isHashes && option !== '--difficulty'))
    throw new DavylampError('usage', `${option} ${text}: not a coin and a number`, {
      hint: `give a ticker and a number: ${option} ${example}`,
    })
  return { coin: (found[1] ?? '').toUpperCase(), value, isHashes }
}
