import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { Event } from '../../event/event.ts'
import { Running } from '../../event/running.ts'
import type { Detector } from '../detector.ts'
import { replay } from './auth-event.ts'

/**
 * One line of a sample, short for what a look at a machine shows. `process` is a name; what is not said of it is an idle
 * program of the system. `watched: n` keeps n processors evenly busy. `fact` is anything of the inventory. `say` is a comment.
 */
const Line = z.union([
  z.strictObject({ say: z.string() }),
  z.strictObject({
    process: z.string(),
    pid: z.int().optional(),
    ppid: z.int().optional(),
    exe: z.string().nullable().optional(),
    args: z.array(z.string()).optional(),
    uid: z.int().optional(),
    burns: z.number().optional(),
    /** Hours since it started. */
    age: z.number().optional(),
    running: Running.partial().optional(),
  }),
  z.strictObject({ fact: z.string(), attributes: z.record(z.string(), z.unknown()) }),
  z.strictObject({
    mount: z.string(),
    source: z.string().optional(),
    root: z.string().optional(),
    type: z.string(),
  }),
])
type Line = z.infer<typeof Line>

/** First line of a sample: what it must find, in the order first told; empty = silent. */
const Expected = z.strictObject({
  expect: z.array(
    z.strictObject({
      what: z.string(),
      stage: z.string(),
      severity: z.string(),
      path: z.string().nullable().optional(),
      title: z.string().optional(),
    }),
  ),
})

export interface LookSample {
  readonly expect: z.infer<typeof Expected>['expect']
  readonly events: readonly Event[]
}

const LOOKED_AT = Date.UTC(2026, 4, 12, 3)
const HOUR_MS = 3_600_000

export function readLook(url: URL): LookSample {
  const [first = '', ...rest] = readFileSync(url, 'utf8').trim().split('\n')
  const events = rest.flatMap((text, index) => {
    const line = Line.parse(JSON.parse(text))
    return 'say' in line ? [] : [Event.parse(eventOf(line, index + 2, text))]
  })
  return { expect: Expected.parse(JSON.parse(first)).expect, events }
}

function eventOf(line: Exclude<Line, { say: string }>, number: number, raw: string): unknown {
  const placed = {
    time: LOOKED_AT + number,
    timeQuality: 'exact',
    observer: 'host:web-1',
    subjects: ['host:web-1'],
    origin: { source: 'host-state', file: 'host.jsonl', line: number, offset: 0, raw },
  }
  if ('fact' in line)
    return {
      ...placed,
      kind: 'resource',
      provider: 'host',
      resourceType: line.fact,
      resourceId: `${line.fact}:${number}`,
      name: null,
      account: null,
      region: null,
      state: 'observed',
      attributes: line.attributes,
      unknownAttributes: [],
    }
  if ('mount' in line)
    return {
      ...placed,
      kind: 'mount',
      target: line.mount,
      source: line.source ?? line.type,
      root: line.root ?? '/',
      fsType: line.type,
      options: ['rw'],
    }
  const exe = line.exe === undefined ? `/usr/bin/${line.process}` : line.exe
  const args = line.args ?? (exe === null ? [] : [exe])
  return {
    ...placed,
    kind: 'process',
    action: 'running',
    actor: {
      pid: line.pid ?? 1000 + number,
      ppid: line.ppid ?? 1,
      exe,
      name: line.process,
      uid: line.uid ?? 0,
      loginUid: null,
      session: null,
      tty: null,
    },
    args,
    commandLine: args.join(' '),
    cwd: '/',
    paths: exe === null ? [] : [exe],
    isSuccess: true,
    targetPid: null,
    key: null,
    running: { ...idle(placed.time), ...burning(line, placed.time), ...line.running },
  }
}

function idle(now: number): Running {
  return {
    startedAt: now - HOUR_MS,
    state: 'S',
    isKernelThread: false,
    parentName: 'systemd',
    user: 'root',
    exeState: 'file',
    exeSha256: null,
    unit: null,
    cgroup: '/system.slice',
    container: null,
    intervalMs: 4000,
    cpuCores: 0,
    cpuSeries: [],
    waitedCores: 0,
    waitedSeries: [],
    lifetimeCores: 0,
    threads: 1,
    pinnedThreads: null,
    threadNames: [],
    allowedCpus: '0-3',
    residentBytes: 10 * 2 ** 20,
    hugePageBytes: 0,
    niceness: 0,
    environmentNames: ['PATH'],
    oddLibraries: [],
    missingFrom: [],
    isOwn: false,
  }
}

function burning({ burns, age = 1 }: { burns?: number | undefined; age?: number | undefined }, now: number) {
  const startedAt = now - age * HOUR_MS
  if (burns === undefined) return { startedAt }
  return {
    startedAt,
    state: 'R',
    cpuCores: burns,
    cpuSeries: Array.from({ length: 8 }, (_, index) => burns * (1 + (index % 2) / 100)),
    lifetimeCores: burns,
    threads: Math.max(1, Math.ceil(burns)),
    pinnedThreads: 0,
  }
}

/** What a detector told of a sample, with the columns that the sample expects. */
export function judgedLook<State>(detector: Detector<State>, { events, expect }: LookSample): object[] {
  return replay(detector, events).map(({ facts, stage, severity, title }, index) => {
    const all = {
      what: facts.type === 'host' ? facts.what : '',
      stage,
      severity,
      path: facts.type === 'host' ? facts.path : null,
      title,
    }
    const columns = Object.keys(expect[index] ?? { what: 1, stage: 1, severity: 1, title: 1 })
    return Object.fromEntries(Object.entries(all).filter(([key]) => columns.includes(key)))
  })
}
