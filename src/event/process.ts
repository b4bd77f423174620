import { z } from 'zod'
import { Actor } from './actor.ts'
import { EventBase } from './base.ts'
import { Running } from './running.ts'

/** A program started (or tried to), ended, was signalled, or was seen running. OCSF: Process Activity (1007). Sigma: category process_creation. */
export const ProcessEvent = EventBase.extend({
  kind: z.literal('process'),
  action: z.enum(['exec', 'exit', 'signal', 'running']),
  actor: Actor,
  args: z.array(z.string()),
  commandLine: z.string().describe('arguments joined for reading and matching'),
  cwd: z.string().nullable(),
  paths: z.array(z.string()).describe('absolute paths named by the event, the program first'),
  isSuccess: z.boolean(),
  targetPid: z.int().nullable().describe('of a signal'),
  key: z.string().nullable().describe('audit rule key'),
  running: Running.optional().describe('of `running`'),
})
export type ProcessEvent = z.infer<typeof ProcessEvent>
