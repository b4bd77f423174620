import { ANY, type Chain, type Chains, MAX_RULES, type Rule } from './firewall-rule.ts'

type Draft = { -readonly [K in keyof Rule]: Rule[K] }
/** `iptables-save`: the filter table. */
export function iptables(text: string): Chains[] {
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
