import { z } from 'zod'

/**
 * A raw identifier as evidence names a machine or an account, written `type:value`
 * (`ip:10.0.3.17`, `host:web-1`, `instance:i-0a1b…`, `ip:2001:db8::1`). The value starts after the
 * first colon. Events never carry resolved assets: two identifiers may turn out to be one machine later.
 *
 * `trail` stands for the unnamed machine that wrote an audit trail without `node=`, or a log that names no
 * machine; its value is derived from the first record, so it is the same whatever the file is called.
 */
export const IDENTIFIER_TYPES = [
  'ip',
  'host',
  'instance',
  'machine',
  'trail',
  'container',
  'account',
] as const
export type IdentifierType = (typeof IDENTIFIER_TYPES)[number]

export const Identifier: z.ZodType<string> = z
  .string()
  .regex(/^(?:ip|host|instance|machine|trail|container|account):./su)
  .describe('raw identifier, `type:value`')
export type Identifier = string

export function identifier(type: IdentifierType, value: string): Identifier {
  return `${type}:${value}`
}

/** The type of an identifier; what is none counts as a host name. */
export function typeOf(id: Identifier): IdentifierType {
  const type = id.slice(0, id.indexOf(':'))
  return IDENTIFIER_TYPES.find((known) => known === type) ?? 'host'
}

export function valueOf(id: Identifier): string {
  return id.slice(id.indexOf(':') + 1)
}
