import { z } from 'zod'
import { Actor } from './actor.ts'
import { EventBase } from './base.ts'

/** A process touched a socket (audit SOCKADDR and the like). OCSF: Network Activity (4001). Sigma: category network_connection. */
export const SocketEvent = EventBase.extend({
  kind: z.literal('socket'),
  action: z.enum(['connect', 'bind', 'accept', 'send']),
  actor: Actor,
  ip: z.string().nullable(),
  port: z.int().nullable(),
  path: z.string().nullable().describe('of a local socket'),
  isSuccess: z.boolean(),
  key: z.string().nullable(),
})
export type SocketEvent = z.infer<typeof SocketEvent>
