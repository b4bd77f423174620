import { createRegex, type Regex } from '../regex/create-regex.ts'
import type { Value } from '../rule.ts'

type RegexValue = Extract<Value, { readonly kind: 'regex' }>

/** Values do not change, and one is asked for by the test of its rule and, twice, by the index. */
const made = new WeakMap<RegexValue, ReturnType<typeof createRegex>>()

export function regexOf(value: RegexValue): Regex | { readonly fault: string } {
  const known = made.get(value)
  if (known !== undefined) return known
  const regex = createRegex(value.source, value.flags)
  made.set(value, regex)
  return regex
}
