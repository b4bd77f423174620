import { z } from 'zod'

/**
 * Where a piece of evidence stands. `file` is the name as given on the command line (inside archives
 * `a.tar.zst!var/log/auth.log`); `line` and `packet` are one-based; `offset` counts bytes into the
 * decompressed stream. `raw` is the text as it stood there (a log line, one line of a dialogue), not
 * yet escaped and not yet masked.
 */
export const Origin = z.object({
  source: z.string().describe('id of the source that read it'),
  file: z.string(),
  line: z.int().positive().optional(),
  packet: z.int().positive().optional(),
  recordId: z.string().optional(),
  offset: z.number().nonnegative(),
  raw: z.string(),
})
export type Origin = z.infer<typeof Origin>

/** An origin kept as proof: the raw text is escaped, masked and at most 512 bytes; `time` in epoch ms. */
export const Evidence = Origin.extend({ time: z.number() })
export type Evidence = z.infer<typeof Evidence>

export const MAX_EVIDENCE = 20
export const MAX_RAW_BYTES = 512
