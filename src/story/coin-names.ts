/** What people call the coins that are mined on other people's machines. */
const NAMES: Readonly<Record<string, string>> = {
  XMR: 'Monero',
  BTC: 'Bitcoin',
  BCH: 'Bitcoin Cash',
  LTC: 'Litecoin',
  ETH: 'Ethereum',
  ETC: 'Ethereum Classic',
  ZEC: 'Zcash',
  RVN: 'Ravencoin',
  DOGE: 'Dogecoin',
  DERO: 'Dero',
  WOW: 'Wownero',
  ZEPH: 'Zephyr',
}

/** `Monero` for XMR; the ticker itself where no name is known; `a cryptocurrency` where no coin is. */
export function coinName(ticker: string | null): string {
  return ticker === null ? 'a cryptocurrency' : (NAMES[ticker] ?? ticker)
}
