import { z } from 'zod'
import { Actor } from './actor.ts'
import { EventBase } from './base.ts'

/** Something was done to a file. `path` is absolute where the record allows it. OCSF: File System Activity (1001). Sigma: category file_event. */
export const FileEvent = EventBase.extend({
  kind: z.literal('file'),
  action: z.enum([
    'read',
    'write',
    'create',
    'delete',
    'rename',
    'chmod',
    'chown',
    'chattr',
    'link',
    'truncate',
    'mount',
  ]),
  actor: Actor,
  path: z.string(),
  targetPath: z.string().nullable().describe('new name of a rename, target of a link'),
  mode: z.string().nullable().describe('octal, as recorded'),
  isSuccess: z.boolean(),
  key: z.string().nullable(),
})
export type FileEvent = z.infer<typeof FileEvent>
