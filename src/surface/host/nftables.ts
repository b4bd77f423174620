import { type Attributes, isAttributes, objectAt, objectsAt, textAt, valueAt } from '../attributes.ts'
import { ANY, type Chain, type Chains, MAX_RULES, type Rule } from './firewall-rule.ts'

/** `nft -j list ruleset`: every chain that hooks into input, with those it jumps to. */
export function nftables(list: readonly Attributes[]): Chains[] {
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
