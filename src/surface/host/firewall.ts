import { type Attributes, isAttributes, objectsAt, valueAt } from '../attributes.ts'
import { type Chain, type Chains, MAX_RULES, type Rule } from './firewall-rule.ts'
import type { HostState } from './host-state.ts'
import { iptables } from './iptables.ts'
import { nftables } from './nftables.ts'

/** What the host's own firewall does with a new connection from outside. */
export interface FirewallAnswer {
  readonly answer: 'open' | 'blocked' | 'unknown'
  /** CIDRs that get through, where it is only some; null = everybody, or nobody knows. */
  readonly sources: readonly string[] | null
  readonly says: string
}

const UNREAD: FirewallAnswer = {
  answer: 'unknown',
  sources: null,
  says: 'the firewall of the host was not read',
}
const MAX_DEPTH = 16

/** Read in order, as the kernel does; a packet has to get through every table. */
export function firewallVerdict(host: HostState, protocol: string, port: number): FirewallAnswer {
  const tables = host.firewalls.flatMap(({ attributes }) => tablesOf(attributes))
  if (tables.length === 0) return UNREAD
  let sources: readonly string[] | null = null
  let isUnsure = false
  for (const chains of tables) {
    for (const chain of chains.values()) {
      if (!chain.isInput) continue
      const walk = new Walk(chains, protocol, port)
      const end = walk.chain(chain, 0) ?? chain.policy ?? 'accept'
      if (end === 'drop' && walk.some.length === 0) {
        if (walk.isUnsure) isUnsure = true
        else
          return {
            answer: 'blocked',
            sources: [],
            says: `the firewall of the host lets nobody in on ${protocol} ${port}`,
          }
      } else if (end === 'drop') sources = walk.some
      if (walk.isUnsure) isUnsure = true
    }
  }
  if (isUnsure)
    return { answer: 'unknown', sources, says: 'the firewall of the host has rules that could not be judged' }
  if (sources !== null)
    return {
      answer: 'open',
      sources,
      says: `the firewall of the host lets in ${sources.slice(0, 5).join(', ')} only`,
    }
  return { answer: 'open', sources: null, says: 'the firewall of the host lets everybody in' }
}

class Walk {
  isUnsure = false
  /** Sources that some rule lets in before the end. */
  readonly some: string[] = []
  #left = MAX_RULES
  readonly #chains: Chains
  readonly #protocol: string
  readonly #port: number

  constructor(chains: Chains, protocol: string, port: number) {
    this.#chains = chains
    this.#protocol = protocol
    this.#port = port
  }

  /** What happens to everybody's packet; null = the chain ends without a word. */
  chain(chain: Chain, depth: number): 'accept' | 'drop' | null {
    for (const rule of chain.rules) {
      if (this.#left-- <= 0 || depth > MAX_DEPTH) {
        this.isUnsure = true
        return null
      }
      if (rule.isOthers || !this.#matches(rule)) continue
      if (rule.isUnsure || rule.action === null) {
        this.isUnsure = true
        continue
      }
      if (rule.sources !== null) {
        if (rule.action === 'accept') this.some.push(...rule.sources.slice(0, 100))
        else if (rule.action === 'jump') this.isUnsure = true
        continue
      }
      if (rule.action === 'return') return null
      if (rule.action !== 'jump') return rule.action
      const next = rule.target === null ? undefined : this.#chains.get(rule.target)
      const end = next === undefined ? null : this.chain(next, depth + 1)
      if (next === undefined) this.isUnsure = true
      if (end !== null) return end
    }
    return null
  }

  #matches({ protocol, ports }: Rule): boolean {
    if (protocol !== null && protocol !== this.#protocol) return false
    return ports === null || ports.some(([from, to]) => this.#port >= from && this.#port <= to)
  }
}

function tablesOf(attributes: Attributes): Chains[] {
  const rules = valueAt(attributes, 'rules', 'ruleset', 'nftables')
  if (typeof rules === 'string') return iptables(rules)
  const list = Array.isArray(rules)
    ? rules.filter(isAttributes)
    : isAttributes(rules)
      ? objectsAt(rules, 'nftables')
      : []
  return nftables(list)
}
