import { type Attributes, isAttributes, objectAt, objectsAt, textAt, valueAt } from '../attributes.ts'
import type { HostState } from './host-state.ts'

/** What the host's own firewall does with a new connection from outside. */
export interface FirewallAnswer {
  readonly answer: 'open' | 'blocked' | 'unknown'
  /** CIDRs that get through, where it is only some; null = everybody, or nobody knows. */
  readonly sources: readonly string[] | null
  readonly says: string
}

/** One rule for what comes in, as far as it can be read. */
interface Rule {
  /** Null: goes to something that is not followed (another chain that is not there, a queue). */
  readonly action: 'accept' | 'drop' | 'jump' | 'return' | null
  readonly target: string | null
  readonly protocol: string | null
  /** Null = every port. */
  readonly ports: readonly (readonly [from: number, to: number])[] | null
  readonly sources: readonly string[] | null
  /** Something about the packet that a stranger's first one may or may not be: the rule may hold or not. */
  readonly isUnsure: boolean
  /** Never holds for a stranger's first packet: loopback, established connections. */
  readonly isOthers: boolean
}

interface Chain {
  readonly policy: 'accept' | 'drop' | null
  readonly isInput: boolean
  readonly rules: Rule[]
}

type Chains = ReadonlyMap<string, Chain>

const UNREAD: FirewallAnswer = {
  answer: 'unknown',
  sources: null,
  says: 'the firewall of the host was not read',
}
const MAX_RULES = 10_000
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

/** `iptables-save`: the filter table. */
function iptables(text: string): Chains[] {
  const chains = new Map<string, Chain>()
  let isFilter = false
  for (const line of text.slice(0, 4_000_000).split('\n', MAX_RULES)) {
    if (line.startsWith('*')) isFilter = line.trim() === '*filter'
    else if (!isFilter) continue
    else if (line.startsWith(':')) {
      const [name = '', policy = '-'] = line.slice(1).split(' ')
      chains.set(name, {
        policy: policy === 'ACCEPT' ? 'accept' : policy === 'DROP' ? 'drop' : null,
        isInput: name === 'INPUT',
        rules: [],
      })
    } else if (line.startsWith('-A ')) {
      const words = line.split(' ')
      chains.get(words[1] ?? '')?.rules.push(iptablesRule(words.slice(2)))
    }
  }
  return chains.size === 0 ? [] : [chains]
}

const ACTIONS: Readonly<Record<string, Rule['action']>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'drop',
  RETURN: 'return',
}
/** Options of iptables that say nothing of whether it matches, each with one word more. */
const QUIET = new Set(['--comment', '--reject-with', '-m', '--log-prefix', '--log-level'])

type Draft = { -readonly [K in keyof Rule]: Rule[K] }
const ANY: Rule = {
  action: null,
  target: null,
  protocol: null,
  ports: null,
  sources: null,
  isUnsure: false,
  isOthers: false,
}

function iptablesRule(words: readonly string[]): Rule {
  const rule: Draft = { ...ANY }
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const next = words[i + 1] ?? ''
    if (word === '-p') rule.protocol = next === 'all' ? null : next
    else if (word === '--dport' || word === '--dports') rule.ports = portsOf(next)
    else if (word === '-s') rule.sources = next === '0.0.0.0/0' ? null : [next]
    else if (word === '-i' && next === 'lo') rule.isOthers = true
    else if (word === '-i') rule.isUnsure = true
    else if (word === '--ctstate' || word === '--state') rule.isOthers ||= !next.includes('NEW')
    else if (word === '-j' || word === '-g') jumpTo(rule, next)
    else if (word === '--comment' && next.startsWith('"'))
      while (i + 1 < words.length && !(words[i + 1] ?? '').endsWith('"')) i++
    else if (word.startsWith('-') || word === '!') {
      if (!QUIET.has(word)) {
        rule.isUnsure = true
        continue
      }
    } else continue
    i++
  }
  return rule.action === null ? { ...rule, isOthers: true } : rule
}

function jumpTo(rule: Draft, target: string): void {
  // LOG and its like go on with the next rule.
  if (/^(?:LOG|NFLOG|MARK|CONNMARK|AUDIT|TRACE)$/u.test(target)) rule.isOthers = true
  else if (Object.hasOwn(ACTIONS, target)) rule.action = ACTIONS[target] ?? null
  else {
    rule.action = 'jump'
    rule.target = target
  }
}

function portsOf(text: string): [number, number][] {
  return text.split(',').map((part) => {
    const [from = '', to = from] = part.split(/[:-]/u)
    return [Number(from), Number(to)]
  })
}

/** `nft -j list ruleset`: every chain that hooks into input, with those it jumps to. */
function nftables(list: readonly Attributes[]): Chains[] {
  const tables = new Map<string, Map<string, Chain>>()
  const tableOf = (of: Attributes): Map<string, Chain> => {
    const key = `${textAt(of, 'family') ?? ''} ${textAt(of, 'table') ?? ''}`
    const known = tables.get(key) ?? new Map<string, Chain>()
    tables.set(key, known)
    return known
  }
  for (const one of list.slice(0, MAX_RULES * 2)) {
    const chain = valueAt(one, 'chain')
    if (!isAttributes(chain)) continue
    const policy = textAt(chain, 'policy')
    tableOf(chain).set(textAt(chain, 'name') ?? '', {
      policy: policy === 'drop' ? 'drop' : policy === 'accept' ? 'accept' : null,
      isInput: textAt(chain, 'hook') === 'input' && textAt(chain, 'type') === 'filter',
      rules: [],
    })
  }
  for (const one of list.slice(0, MAX_RULES * 2)) {
    const rule = valueAt(one, 'rule')
    if (!isAttributes(rule)) continue
    tableOf(rule)
      .get(textAt(rule, 'chain') ?? '')
      ?.rules.push(nftRule(objectsAt(rule, 'expr')))
  }
  return [...tables.values()]
}

function nftRule(expressions: readonly Attributes[]): Rule {
  let rule: Rule = ANY
  for (const expression of expressions) {
    if ('match' in expression) rule = nftMatch(rule, objectAt(expression, 'match'))
    else if ('accept' in expression) rule = { ...rule, action: 'accept' }
    else if ('drop' in expression || 'reject' in expression) rule = { ...rule, action: 'drop' }
    else if ('return' in expression) rule = { ...rule, action: 'return' }
    else if ('jump' in expression || 'goto' in expression)
      rule = { ...rule, action: 'jump', target: textAt(objectAt(expression, 'jump', 'goto'), 'target') }
    else if (!('counter' in expression || 'log' in expression || 'comment' in expression))
      rule = { ...rule, isUnsure: true }
  }
  return rule.action === null ? { ...rule, isOthers: !rule.isUnsure } : rule
}

function nftMatch(rule: Rule, match: Attributes): Rule {
  const left = objectAt(match, 'left')
  const right = valueAt(match, 'right')
  const isEqual = textAt(match, 'op') === '==' || textAt(match, 'op') === 'in'
  const payload = objectAt(left, 'payload')
  const field = textAt(payload, 'field')
  if (!isEqual) return { ...rule, isUnsure: true }
  if (field === 'dport') {
    const ports = nftPorts(right)
    return ports === null
      ? { ...rule, isUnsure: true }
      : { ...rule, protocol: textAt(payload, 'protocol'), ports }
  }
  if (field === 'saddr') {
    const sources = nftSources(right)
    return sources === null ? { ...rule, isUnsure: true } : { ...rule, sources }
  }
  const meta = textAt(objectAt(left, 'meta'), 'key')
  if (meta === 'iifname' || meta === 'iif')
    return right === 'lo' ? { ...rule, isOthers: true } : { ...rule, isUnsure: true }
  if (meta === 'l4proto' && typeof right === 'string') return { ...rule, protocol: right }
  if (field === 'protocol' && typeof right === 'string') return { ...rule, protocol: right }
  if (textAt(objectAt(left, 'ct'), 'key') === 'state') {
    const states = JSON.stringify(right ?? '')
    return states.includes('new') ? rule : { ...rule, isOthers: true }
  }
  return { ...rule, isUnsure: true }
}

function elementsOf(right: unknown): unknown[] {
  if (isAttributes(right) && Array.isArray(right['set'])) return right['set'] as unknown[]
  return Array.isArray(right) ? (right as unknown[]) : [right]
}

function nftPorts(right: unknown): [number, number][] | null {
  const ports: [number, number][] = []
  for (const one of elementsOf(right)) {
    if (typeof one === 'number') ports.push([one, one])
    else if (isAttributes(one) && Array.isArray(one['range'])) {
      const [from, to] = one['range'] as unknown[]
      if (typeof from !== 'number' || typeof to !== 'number') return null
      ports.push([from, to])
    } else return null
  }
  return ports
}

function nftSources(right: unknown): string[] | null {
  const sources: string[] = []
  for (const one of elementsOf(right)) {
    if (typeof one === 'string' && !one.startsWith('@')) sources.push(one)
    else if (isAttributes(one) && isAttributes(one['prefix'])) {
      const address = textAt(one['prefix'], 'addr')
      const length = valueAt(one['prefix'], 'len')
      if (address === null || typeof length !== 'number') return null
      sources.push(`${address}/${length}`)
    } else return null
  }
  return sources
}
