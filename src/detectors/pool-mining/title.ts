import type { MiningFacts } from '../../event/finding.ts'

/** What people call the coins most mined on other people's machines. */
const COINS: Readonly<Record<string, string>> = {
  XMR: 'Monero',
  BTC: 'Bitcoin',
  BCH: 'Bitcoin Cash',
  LTC: 'Litecoin',
  DOGE: 'Dogecoin',
  ETH: 'Ethereum',
  ETC: 'Ethereum Classic',
  ZEC: 'Zcash',
  RVN: 'Ravencoin',
  ZEPH: 'Zephyr',
  WOW: 'Wownero',
  DERO: 'Dero',
  VRSC: 'Verus',
  ERG: 'Ergo',
  KAS: 'Kaspa',
}

/** `Mines Monero with XMRig 6.21 at 198.51.100.7:3333`; `Tries to mine …` where it has got no job. */
export function titleOf(facts: MiningFacts, isMining: boolean): string {
  const software = facts.agent === null ? '' : ` with ${softwareOf(facts.agent)}`
  const coin = facts.coin === null ? 'a cryptocurrency' : (COINS[facts.coin] ?? facts.coin)
  if (isMining) return `Mines ${coin}${software} at ${poolOf(facts)}`
  return `Tries to mine ${coin}${software} at ${poolOf(facts)}`
}

function poolOf({ pool }: MiningFacts): string {
  const address = pool.ip.includes(':') ? `[${pool.ip}]:${pool.port}` : `${pool.ip}:${pool.port}`
  return pool.name === null ? address : `${pool.name} (${address})`
}

const NAME_AND_VERSION = /^([A-Za-z][\w.+-]{0,39})[ /]v?(\d{1,6}(?:\.\d{1,6}){0,1})/u

/** Name and version as far as they matter: `XMRig 6.21` of `XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/9.3.0`. */
export function softwareOf(agent: string): string {
  const found = NAME_AND_VERSION.exec(agent)
  if (found !== null) return `${found[1]} ${found[2]}`
  return agent.length > 40 ? `${agent.slice(0, 39)}…` : agent
}
