import type { LogSource } from '../../event/log-record.ts'

/** In a record's log source: what it is, is not known; rules that ask for it are asked. */
export const ANYTHING = '*'

const PARTS = ['category', 'product', 'service'] as const

/** Whether a rule looks at records of a log source: each part the rule names must be the record's. */
export function appliesTo(rule: LogSource, record: LogSource): boolean {
  return PARTS.every((part) => {
    const asked = rule[part]
    const is = record[part]
    return asked === undefined || is === ANYTHING || asked === is
  })
}

export function logSourceName({ category, product, service }: LogSource): string {
  return `${category ?? ''}|${product ?? ''}|${service ?? ''}`
}
