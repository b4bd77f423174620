/** A condition over rules that were seen: `a and (b or not c)`. Rules are indices into the correlation's list. */
export type Expression =
  | { readonly kind: 'rule'; readonly rule: number }
  | { readonly kind: 'not'; readonly part: Expression }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }

const TOKEN = /\s*([()]|[^\s()]+)/uy
const MAX_TOKENS = 1000
const MAX_DEPTH = 100

/** An expression, or what is wrong with it. `indexOf` gives a rule's place, -1 where it is not in the list. */
export function parseExpression(text: string, indexOf: (name: string) => number): Expression | string {
  const tokens = tokensOf(text)
  if (tokens.length > MAX_TOKENS) return 'is too long'
  return new Reader(tokens, indexOf).read()
}

/** Names in order of their first appearance, for a correlation that lists no rules of its own. */
export function namesIn(text: string): string[] {
  return [...new Set(tokensOf(text).filter((token) => !isReserved(token)))]
}

export function isTrue(expression: Expression, isSeen: (rule: number) => boolean): boolean {
  switch (expression.kind) {
    case 'rule':
      return isSeen(expression.rule)
    case 'not':
      return !isTrue(expression.part, isSeen)
    case 'and':
      return expression.parts.every((part) => isTrue(part, isSeen))
    default:
      return expression.parts.some((part) => isTrue(part, isSeen))
  }
}

export function rulesIn(expression: Expression, found: Set<number> = new Set<number>()): Set<number> {
  if (expression.kind === 'rule') found.add(expression.rule)
  else if (expression.kind === 'not') rulesIn(expression.part, found)
  else for (const part of expression.parts) rulesIn(part, found)
  return found
}

/** One way for an expression to hold: these rules seen, those not. */
export interface Way {
  readonly seen: readonly number[]
  readonly unseen: readonly number[]
}

/** More ways than anybody means. */
const MAX_WAYS = 256

/** All ways for it to hold (disjunctive normal form); null where there are too many. */
export function waysOf(expression: Expression, isNegated = false): Way[] | null {
  if (expression.kind === 'rule') {
    return [isNegated ? { seen: [], unseen: [expression.rule] } : { seen: [expression.rule], unseen: [] }]
  }
  if (expression.kind === 'not') return waysOf(expression.part, !isNegated)
  const parts = expression.parts.map((part) => waysOf(part, isNegated))
  let ways: Way[] = []
  const isAny = (expression.kind === 'or') !== isNegated
  for (const [at, part] of parts.entries()) {
    if (part === null) return null
    ways =
      isAny || at === 0 ? [...ways, ...part] : ways.flatMap((one) => part.map((other) => both(one, other)))
    if (ways.length > MAX_WAYS) return null
  }
  return ways.filter(({ seen, unseen }) => !seen.some((rule) => unseen.includes(rule)))
}

function both(one: Way, other: Way): Way {
  return {
    seen: [...new Set([...one.seen, ...other.seen])],
    unseen: [...new Set([...one.unseen, ...other.unseen])],
  }
}

function tokensOf(text: string): string[] {
  return Array.from(text.matchAll(new RegExp(TOKEN, 'gu')), ([, token]) => token ?? '')
}

function isReserved(token: string): boolean {
  return token === '(' || token === ')' || ['and', 'or', 'not'].includes(token.toLowerCase())
}

/** `not` binds closest, then `and`, then `or`. */
class Reader {
  private at = 0
  private depth = 0
  private problem: string | null = null
  private readonly tokens: readonly string[]
  private readonly indexOf: (name: string) => number

  constructor(tokens: readonly string[], indexOf: (name: string) => number) {
    this.tokens = tokens
    this.indexOf = indexOf
  }

  read(): Expression | string {
    const expression = this.chain('or', () => this.chain('and', () => this.operand()))
    if (this.problem === null && this.at < this.tokens.length) {
      this.problem = `has ${this.tokens[this.at] ?? ''} where "and" or "or" is expected`
    }
    return this.problem ?? expression
  }

  private chain(word: 'and' | 'or', part: () => Expression): Expression {
    const parts = [part()]
    while (this.problem === null && this.peek() === word) {
      this.at++
      parts.push(part())
    }
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind: word, parts }
  }

  private operand(): Expression {
    const token = this.peek()
    const written = this.tokens[this.at++]
    if (++this.depth > MAX_DEPTH) return this.fail('is nested too deeply')
    try {
      if (token === 'not') return { kind: 'not', part: this.operand() }
      if (token === '(') return this.parenthesised()
      if (written === undefined) return this.fail('ends too early')
      if (isReserved(written)) return this.fail(`has ${written} where a rule is expected`)
      const rule = this.indexOf(written)
      return rule < 0 ? this.fail(`names ${written}, which is not among its rules`) : { kind: 'rule', rule }
    } finally {
      this.depth--
    }
  }

  private parenthesised(): Expression {
    const inner = this.chain('or', () => this.chain('and', () => this.operand()))
    if (this.tokens[this.at++] !== ')') return this.fail('lacks a closing parenthesis')
    return inner
  }

  private peek(): string | undefined {
    return this.tokens[this.at]?.toLowerCase()
  }

  private fail(problem: string): Expression {
    this.problem ??= problem
    this.at = this.tokens.length
    return { kind: 'or', parts: [] }
  }
}
