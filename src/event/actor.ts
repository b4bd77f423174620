import { z } from 'zod'

/** The process behind an event, as an audit record names it. Numeric ids are as recorded; `null` = not recorded (or "unset"). */
export const Actor = z.object({
  pid: z.int().nullable(),
  ppid: z.int().nullable(),
  exe: z.string().nullable(),
  name: z.string().nullable().describe('comm'),
  uid: z.int().nullable().describe('effective user id'),
  loginUid: z.int().nullable().describe('auid: who logged in at the start of the session'),
  session: z.string().nullable().describe('audit session id (ses=)'),
  tty: z.string().nullable(),
})
export type Actor = z.infer<typeof Actor>
