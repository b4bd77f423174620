import type { Facts, Finding } from '../event/finding.ts'
import { addressSet } from './address-set.ts'
import type { Known } from './rules.ts'

/** Tells whether an entry explains a finding away. `assetNames`: what the machine is called. */
export type KnownMatch = (finding: Finding, assetNames: readonly string[]) => boolean

/**
 * A machine that may mine may still be broken into: an `asset` entry covers what is said about
 * mining there, never how somebody came in or stays.
 */
export function knownMatch(known: Known): KnownMatch {
  const matches = MATCHERS[known.what](known.value)
  return (finding, assetNames) => !isExpired(known, finding) && matches(finding, assetNames)
}

/** By event time: what was true then counts, whenever it is looked at. */
function isExpired({ expiresAt }: Known, finding: Finding): boolean {
  return expiresAt !== null && finding.lastSeen >= expiresAt
}

const MATCHERS: Record<Known['what'], (value: string) => KnownMatch> = {
  asset(value) {
    const name = value.toLowerCase()
    return (finding, assetNames) =>
      finding.stage === 'mining' && assetNames.some((candidate) => candidate.toLowerCase() === name)
  },
  address(value) {
    const isOwn = addressSet([value])
    return ({ facts }) => {
      const addresses = addressesOf(facts)
      return addresses.length > 0 && addresses.every(isOwn)
    }
  },
  wallet(value) {
    return ({ facts }) =>
      facts.type === 'mining' && facts.login !== null && walletOf(facts.login) === walletOf(value)
  },
  process(value) {
    return ({ facts }) =>
      facts.type === 'host' &&
      (facts.exe === value || facts.path === value || facts.exeSha256 === value.toLowerCase())
  },
}

/** Pools take `wallet.worker` and `wallet.worker+difficulty`; the wallet is what stands before. */
function walletOf(login: string): string {
  return login.split(/[.+/]/u, 1)[0] ?? ''
}

/** The far end of what a finding tells. */
function addressesOf(facts: Facts): readonly string[] {
  if (facts.type === 'mining') return [facts.pool.ip]
  if (facts.type === 'login') return facts.sourceCount === facts.srcIps.length ? facts.srcIps : []
  // Acts against other holders are never explained by an address.
  if (facts.type === 'fight') return []
  const { remote } = facts
  return remote === null ? [] : [hostOf(remote)]
}

/** The host of a URL, `host:port` or bare host. */
function hostOf(remote: string): string {
  const authority = remote.replace(/^[a-z][a-z0-9+.-]*:\/\//iu, '').split(/[/?#]/u, 1)[0] ?? ''
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const bracketed = /^\[([^\]]*)\]/u.exec(host)?.[1]
  if (bracketed !== undefined) return bracketed
  return host.indexOf(':') === host.lastIndexOf(':') ? (host.split(':', 1)[0] ?? '') : host
}
