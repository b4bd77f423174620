import type { MachineFacts } from './machine.ts'
import type { Random } from './random.ts'

/** Everybody and everything outside the machine, with addresses from ranges kept for documentation (RFC 5737) and benchmarks (RFC 2544). */
export interface Cast {
  readonly machine: MachineFacts
  readonly officeIp: string
  readonly miraKey: string
  readonly deployKey: string
  readonly gang: Gang
}

export interface Gang {
  /** Tries from many places, slowly; they never get in. */
  readonly scouts: readonly string[]
  /** Tries hard, and gets in. */
  readonly breaker: string
  readonly downloadIp: string
  readonly pool: { readonly name: string; readonly ip: string; readonly port: number }
  readonly wallet: string
  readonly hashrate: number
  /** Tries of the breaker before the right password. */
  readonly triesNeeded: number
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** Right in shape (95 characters of Base58, first one 4, second one 0–9, A or B), obviously nobody's. */
const WALLET_START = '48NobodyHasTheKeyToThisExampLeWaLLet'
const WALLET_LENGTH = 95
const FINGERPRINT_LENGTH = 43
const SCOUTS = 5

export function castScene(random: Random): Cast {
  const hosts = shuffledHosts(random)
  const scouts = hosts.slice(0, SCOUTS).map((host) => `203.0.113.${host}`)
  return {
    machine: {
      name: 'web-1',
      instanceId: `i-0${random.hex(16)}`,
      instanceType: 't3.large',
      address: '10.0.3.17',
      publicAddress: `198.18.4.${random.integer(2, 250)}`,
      gateway: '10.0.3.1',
      resolver: '10.0.0.2',
    },
    officeIp: `192.0.2.${random.integer(2, 60)}`,
    miraKey: random.text(FINGERPRINT_LENGTH, BASE64),
    deployKey: random.text(FINGERPRINT_LENGTH, BASE64),
    gang: {
      scouts,
      breaker: `203.0.113.${hosts[SCOUTS]}`,
      downloadIp: `198.51.100.${random.integer(20, 120)}`,
      pool: { name: 'pool.example.net', ip: `198.51.100.${random.integer(2, 19)}`, port: 443 },
      wallet: WALLET_START + random.text(WALLET_LENGTH - WALLET_START.length, BASE58),
      hashrate: random.integer(620, 880),
      triesNeeded: random.integer(101, 118),
    },
  }
}

function shuffledHosts(random: Random): number[] {
  const hosts = Array.from({ length: 250 }, (_, i) => i + 2)
  for (let i = hosts.length - 1; i > 0; i--) {
    const j = random.integer(0, i)
    const [a, b] = [hosts[i], hosts[j]]
    if (a !== undefined && b !== undefined) [hosts[i], hosts[j]] = [b, a]
  }
  return hosts
}
