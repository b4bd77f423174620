/**
 * What a login looks like: the wallet, the account or the e-mail address, and the worker behind it.
 * Shapes from the coins' own address formats; a shape that several coins share names the one that the
 * caller's dialect makes likely, else none.
 */
export interface Login {
  readonly account: string
  readonly worker: string | null
  /** Ticker the shape of the account stands for, null where it tells none. */
  readonly coin: string | null
}

const BASE58 = '[1-9A-HJ-NP-Za-km-z]'

/** CryptoNote addresses, by prefix and length; the longer ones carry a payment id. */
const CRYPTONOTE: readonly (readonly [coin: string, shape: RegExp])[] = [
  ['ZEPH', /^ZEPH[0-9A-Za-z]{90,110}$/u],
  ['SAL', /^SaLv[0-9A-Za-z]{90,110}$/u],
  ['SUMO', /^Sumoo?[0-9A-Za-z]{90,110}$/u],
  ['XHV', new RegExp(`^hv[xyis]${BASE58}{92,106}$`, 'u')],
  ['TRTL', new RegExp(`^TRTL${BASE58}{95,185}$`, 'u')],
  ['CCX', new RegExp(`^ccx7${BASE58}{94,185}$`, 'u')],
  ['TUBE', new RegExp(`^b(?:xc|xd|T)${BASE58}{90,110}$`, 'u')],
  ['ETN', new RegExp(`^etn[a-zA-Z]${BASE58}{90,110}$`, 'u')],
  ['WOW', new RegExp(`^W[Wow]${BASE58}{95,106}$`, 'u')],
  ['AEON', new RegExp(`^Wm[st]${BASE58}{94}$`, 'u')],
  ['ARQ', new RegExp(`^a[rR][0-9A-Za-z]${BASE58}{92,106}$`, 'u')],
  ['XMR', new RegExp(`^[48]${BASE58}{94}(?:${BASE58}{11})?$`, 'u')],
]

const OTHERS: readonly (readonly [coin: string, shape: RegExp])[] = [
  ['BTC', /^bc1[02-9ac-hj-np-z]{25,59}$/iu],
  ['LTC', /^ltc1[02-9ac-hj-np-z]{25,59}$/iu],
  ['BCH', /^bitcoincash:[qp][02-9ac-hj-np-z]{41}$/u],
  ['KAS', /^kaspa:[qp][02-9ac-hj-np-z]{60,61}$/u],
  ['ZEC', new RegExp(`^t[13]${BASE58}{33}$`, 'u')],
  ['ZEC', /^(?:zs1|u1)[02-9ac-hj-np-z]{70,300}$/u],
  ['BTC', new RegExp(`^[13]${BASE58}{25,34}$`, 'u')],
  ['LTC', new RegExp(`^[LM]${BASE58}{33}$`, 'u')],
  ['DOGE', new RegExp(`^D${BASE58}{33}$`, 'u')],
  ['ERG', new RegExp(`^9${BASE58}{50}$`, 'u')],
  ['ETH', /^0x[0-9a-f]{40}$/iu],
]

const SHAPES = [...CRYPTONOTE, ...OTHERS]
const MAX_LOGIN = 400
/** A wallet is longer than any name people give to a rig. */
const MIN_WALLET = 26

/** `wallet.worker`, `wallet/worker/e-mail`, `wallet+difficulty`, `wallet.paymentId.worker`, `account.worker`, `user@host`. */
export function readLogin(text: string): Login {
  const login = text.slice(0, MAX_LOGIN).trim()
  const at = endOfAccount(login)
  const account = login.slice(0, at)
  const coin = coinOfWallet(account)
  const { paymentId, worker } = readWorker(login.slice(at))
  return { account: paymentId === null ? account : `${account}.${paymentId}`, worker, coin }
}

function endOfAccount(login: string): number {
  // kaspa:, bitcoincash: … hold a colon; an e-mail address holds dots
  const stops = login.includes('@') && login.indexOf('@') < indexOfAny(login, '/+') ? '/+' : './+'
  return indexOfAny(login, stops)
}

function indexOfAny(text: string, stops: string): number {
  for (let i = 0; i < text.length; i++) if (stops.includes(text[i]!)) return i
  return text.length
}

function readWorker(rest: string): { paymentId: string | null; worker: string | null } {
  let paymentId: string | null = null
  let worker: string | null = null
  for (const part of rest.split(/[./]/u)) {
    if (part === '' || part.startsWith('+') || part.includes('@')) continue
    const name = part.split('+', 1)[0]!
    if (/^(?:[0-9a-f]{64}|[0-9a-f]{16})$/iu.test(name)) paymentId ??= name
    else worker ??= name
  }
  return { paymentId, worker: worker === '' ? null : worker }
}

export function coinOfWallet(account: string): string | null {
  if (account.length < MIN_WALLET) return null
  return SHAPES.find(([, shape]) => shape.test(account))?.[0] ?? null
}

/**
 * Whether mining in this dialect is paid in the coin of such a wallet. Multi-coin pools (NiceHash, unMineable)
 * pay in Bitcoin and the like for work on another coin.
 */
export function isPaidAs(coin: string, dialect: string, algorithm: string | null): boolean {
  if (CRYPTONOTE.some(([name]) => name === coin)) return dialect === 'cryptonote' || dialect === 'unknown'
  if (coin === 'ETH') return dialect.startsWith('ethereum') || dialect === 'unknown'
  if (coin === 'ZEC') return algorithm === null || algorithm === 'equihash'
  if (coin === 'BTC' || coin === 'BCH') return algorithm === 'sha256d'
  if (coin === 'LTC' || coin === 'DOGE') return algorithm === 'scrypt'
  if (coin === 'ERG') return algorithm === 'autolykos2'
  return true
}

/** Whether the account could be nothing but the address of a CryptoNote wallet. */
export function isCryptonoteWallet(account: string): boolean {
  return account.length >= 90 && CRYPTONOTE.some(([, shape]) => shape.test(account))
}
