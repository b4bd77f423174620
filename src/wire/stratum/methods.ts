import { endOfString, hasByte, isName, keyOf, latin1Of } from './json-bytes.ts'

const QUOTE = 0x22
const UNDERSCORE = 0x5f

/** What a method is for, in any of the dialects. */
export type Role =
  | 'login'
  | 'keepalive'
  | 'submit'
  | 'job'
  | 'subscribe'
  | 'authorize'
  | 'request'
  | 'mining-submit'
  | 'notify'
  | 'difficulty'
  | 'target'
  | 'set'
  | 'push'
  | 'template'
  | 'work'
  | 'block'
  | 'eth-login'
  | 'eth-work'
  | 'eth-submit'
  | 'eth-hashrate'

const ROLES: Readonly<Record<string, Role | 'neutral'>> = {
  // CryptoNote; Grin
  login: 'login',
  submit: 'submit',
  keepalived: 'keepalive',
  job: 'job',
  getjob: 'neutral',
  getjobtemplate: 'neutral',
  keepalive: 'neutral',
  status: 'neutral',
  // Stratum v1 and its relatives
  'mining.subscribe': 'subscribe',
  'mining.hello': 'subscribe',
  'mining.authorize': 'authorize',
  'mining.submit': 'mining-submit',
  'mining.configure': 'request',
  'mining.multi_version': 'request',
  'mining.extranonce.subscribe': 'request',
  'mining.suggest_difficulty': 'request',
  'mining.suggest_target': 'request',
  'mining.get_transactions': 'request',
  'mining.get_upstream_info': 'request',
  'mining.capabilities': 'request',
  'mining.hashrate': 'request',
  'mining.notify': 'notify',
  'mining.set_difficulty': 'difficulty',
  'mining.set_target': 'target',
  'mining.set': 'set',
  'mining.set_extranonce': 'push',
  'mining.set_version_mask': 'push',
  'mining.set_goal': 'push',
  'mining.ping': 'neutral',
  'mining.pong': 'neutral',
  'mining.noop': 'neutral',
  'mining.bye': 'neutral',
  'mining.reconnect': 'neutral',
  'client.get_version': 'neutral',
  'client.get_hashrate': 'neutral',
  'client.get_stats': 'neutral',
  'client.show_message': 'neutral',
  'client.reconnect': 'neutral',
  // getwork, BIP 22 and CryptoNote's daemons
  getwork: 'work',
  getblocktemplate: 'template',
  get_block_template: 'template',
  submitblock: 'block',
  submit_block: 'block',
  // Ethereum's getwork
  eth_submitLogin: 'eth-login',
  eth_login: 'eth-login',
  eth_getWork: 'eth-work',
  eth_submitWork: 'eth-submit',
  eth_submitHashrate: 'eth-hashrate',
}

export interface Method {
  readonly name: string
  /** `neutral`: either side may say it, and it proves nothing. */
  readonly role: Role | 'neutral'
}

const encoder = new TextEncoder()
const METHODS: ReadonlyMap<number, Method> = new Map(
  Object.entries(ROLES).map(([name, role]) => {
    const bytes = encoder.encode(name)
    return [keyOf(bytes, 0, bytes.length), { name, role }]
  }),
)

/** The method named by the string at `at`; null where it is no word of any mining dialogue. */
export function methodAt(data: Uint8Array, at: number, to: number): Method | null {
  const end = data[at] === QUOTE ? endOfString(data, at, to) : -1
  if (end < 0) return null
  const method = METHODS.get(keyOf(data, at + 1, end))
  if (method !== undefined && isName(data, at + 1, end, method.name)) return method
  return relativeAt(data, at + 1, end)
}

/** Nodes that grew from Ethereum's say `aqua_getWork`, `randomx_submitWork` and the like. */
const RELATIVE = /^[a-z]{2,12}_(?=(?:getWork|submitWork|submitHashrate|submitLogin)$)/u
const MAX_RELATIVE = 30

function relativeAt(data: Uint8Array, from: number, to: number): Method | null {
  if (to - from > MAX_RELATIVE || !hasByte(data, from, to, UNDERSCORE)) return null
  const name = latin1Of(data, from, to)
  if (!RELATIVE.test(name)) return null
  return { name, role: ROLES[name.replace(RELATIVE, 'eth_')] ?? 'neutral' }
}

const FROM_POOL: ReadonlySet<Role> = new Set(['job', 'notify', 'difficulty', 'target', 'set', 'push'])

export function isFromMiner(role: Role): boolean {
  return !FROM_POOL.has(role)
}

export function isShareRole(role: Role): boolean {
  return role === 'submit' || role === 'mining-submit' || role === 'eth-submit' || role === 'block'
}

/** Whoever says this has said nothing before. */
export function isGreeting(role: Role): boolean {
  return (
    role === 'login' ||
    role === 'subscribe' ||
    role === 'authorize' ||
    role === 'request' ||
    role === 'eth-login'
  )
}
