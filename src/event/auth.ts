import { z } from 'zod'
import { EventBase } from './base.ts'

/**
 * One attempt to log in. `aborted`: the connection ended before authentication was decided
 * (bad key exchange, preauth disconnect, time-out). `count` > 1 where the log folds repeats
 * ("message repeated 5 times"). OCSF: Authentication (3002). Sigma: product linux, service sshd/auth.
 */
export const AuthEvent = EventBase.extend({
  kind: z.literal('auth'),
  outcome: z.enum(['success', 'failure', 'aborted']),
  method: z.string().nullable().describe('password, publickey, keyboard-interactive, none, pam …'),
  user: z.string().nullable(),
  isUnknownUser: z.boolean().describe('the host said that no such account exists'),
  srcIp: z.string().nullable(),
  srcHost: z.string().nullable(),
  srcPort: z.int().nullable(),
  service: z.string().describe('sshd, su, sudo, login …'),
  pid: z.int().nullable(),
  session: z.string().nullable().describe('audit session id (ses=), where known'),
  keyFingerprint: z.string().nullable(),
  count: z.int().positive(),
})
export type AuthEvent = z.infer<typeof AuthEvent>
