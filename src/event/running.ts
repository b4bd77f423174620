import { z } from 'zod'

/** What a look at a running process says beside who it is. `null` = could not be seen. */
export const Running = z.object({
  startedAt: z.number().nullable().describe('epoch ms'),
  state: z.string().describe('one letter, as the kernel says it'),
  isKernelThread: z.boolean().describe('by the flags of the kernel, which no program can set'),
  parentName: z.string().nullable(),
  user: z.string().nullable(),
  /** What `/proc/PID/exe` is. */
  exeState: z.enum(['file', 'deleted', 'replaced', 'memfd', 'none', 'unseen']),
  exeSha256: z.string().nullable(),
  unit: z.string().nullable().describe('systemd unit, from its cgroup'),
  cgroup: z.string().nullable(),
  container: z.string().nullable().describe('id of the container, from its cgroup'),
  intervalMs: z.number().nonnegative().describe('how long it was watched'),
  cpuCores: z.number().nonnegative().nullable().describe('processors it kept busy meanwhile'),
  cpuSeries: z.array(z.number()).describe('the same in equal parts of the interval, oldest first'),
  waitedCores: z
    .number()
    .nonnegative()
    .nullable()
    .describe('its threads that wanted to work meanwhile and were made to wait for a processor, on average'),
  waitedSeries: z.array(z.number()).describe('the same in the parts of the interval'),
  lifetimeCores: z.number().nonnegative().nullable().describe('processors it kept busy since it started'),
  threads: z.int().nonnegative(),
  pinnedThreads: z.int().nonnegative().nullable().describe('busy threads that may run on one processor only'),
  threadNames: z.array(z.string()).describe('of busy processes, each once'),
  allowedCpus: z.string().nullable().describe('list as the kernel writes it: 0-3'),
  residentBytes: z.number().nonnegative().nullable(),
  hugePageBytes: z.number().nonnegative().nullable(),
  niceness: z.int().nullable(),
  environmentNames: z.array(z.string()).describe('names only; values are never read into evidence'),
  oddLibraries: z
    .array(z.string())
    .describe('executable code mapped from places where nobody installs libraries, or from nowhere'),
  missingFrom: z
    .array(z.enum(['listing', 'library-listing', 'files']))
    .describe(
      'ways of looking that do not show it: the kernel’s list of processes, the same list through the C library, its own files in /proc',
    ),
  isOwn: z.boolean().describe('the collector itself'),
})
export type Running = z.infer<typeof Running>
