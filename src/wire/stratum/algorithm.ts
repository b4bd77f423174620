/** Names of hash functions as miners and pools write them (XMRig's algorithm names), and the coin each stands for. */

/** Only where one coin is meant by far; a wallet of another coin has the last word. */
const COIN_OF: Readonly<Record<string, string>> = {
  'rx/0': 'XMR',
  'rx/monero': 'XMR',
  randomx: 'XMR',
  'rx/wow': 'WOW',
  'rx/arq': 'ARQ',
  'rx/keva': 'KVA',
  'rx/graft': 'GRFT',
  'rx/yada': 'YDA',
  panthera: 'XLA',
  'cn/0': 'XMR',
  'cn/1': 'XMR',
  'cn/2': 'XMR',
  'cn/r': 'XMR',
  'cn/ccx': 'CCX',
  'cn/gpu': 'RYO',
  'cn/upx2': 'UPX',
  'cn-heavy/xhv': 'XHV',
  'cn-heavy/tube': 'TUBE',
  'cn-pico': 'TRTL',
  'cn-pico/trtl': 'TRTL',
  'argon2/chukwa': 'TRTL',
  'argon2/chukwav2': 'TRTL',
  astrobwt: 'DERO',
  'astrobwt/v2': 'DERO',
  ghostrider: 'RTM',
  kawpow: 'RVN',
  ethash: 'ETH',
  etchash: 'ETC',
  autolykos2: 'ERG',
  kheavyhash: 'KAS',
  verushash: 'VRSC',
}

const FAMILY =
  /^(?:rx|cn|cn-lite|cn-heavy|cn-pico|cn-femto|cn-extremelite|argon2|randomx|cryptonight|astrobwt|defyx|panthera|ghostrider|kawpow|progpow|flex|ethash|etchash|scrypt|yespower|autolykos2)(?:$|[/\-_0-9])/u

const MAX_NAME = 40

/** From when on Monero has been mined with RandomX, and Ethereum not at all. */
const MONERO_RANDOMX_HEIGHT = 1_978_433
const ETHEREUM_LAST_HEIGHT = 15_537_393

/** `height` of the block worked on, where a job told it: some coins cannot have such a one. */
export function coinOfAlgorithm(algorithm: string, height: number | null): string | null {
  const coin = Object.hasOwn(COIN_OF, algorithm) ? COIN_OF[algorithm]! : null
  if (height === null) return coin
  if (coin === 'XMR' && algorithm.startsWith('r') && height < MONERO_RANDOMX_HEIGHT) return null
  return coin === 'ETH' && height > ETHEREUM_LAST_HEIGHT ? 'ETC' : coin
}

/** The name in lower case if it is one of a known family, else null. */
export function readAlgorithm(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > MAX_NAME) return null
  const name = value.toLowerCase()
  return FAMILY.test(name) ? name : null
}

const MINER =
  /xmrig|xmr-stak|xmrstak|xmr-node|minerd|ccminer|cgminer|bfgminer|sgminer|cpuminer|ethminer|claymore|phoenixminer|nbminer|t-rex|trex|gminer|lolminer|teamred|nanominer|bminer|wildrig|srbminer|ewbf|nheqminer|minergate|nicehash|cast.?xmr|jce|stratum|bosminer|bitaxe|whatsminer|antminer|miner/iu

export function isMinerAgent(agent: string): boolean {
  return MINER.test(agent)
}
