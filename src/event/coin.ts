/** What people call the coins that are mined on other people's machines, by ticker. */
const NAMES: Readonly<Record<string, string>> = {
  BCH: 'Bitcoin Cash',
  BTC: 'Bitcoin',
  DERO: 'Dero',
  DOGE: 'Dogecoin',
  ERG: 'Ergo',
  ETC: 'Ethereum Classic',
  ETH: 'Ethereum',
  GRIN: 'Grin',
  KAS: 'Kaspa',
  LTC: 'Litecoin',
  RVN: 'Ravencoin',
  VRSC: 'Verus',
  WOW: 'Wownero',
  XMR: 'Monero',
  ZEC: 'Zcash',
  ZEPH: 'Zephyr',
}

/** `Monero` for XMR; the ticker itself where no name is known; `a cryptocurrency` where no coin is. */
export function coinName(ticker: string | null): string {
  return ticker === null ? 'a cryptocurrency' : (NAMES[ticker] ?? ticker)
}
