import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import type { Detector } from '../detector.ts'
import { replay } from './auth-event.ts'

/** The process part of a line; what is not said is an interactive shell of root. */
const Who = {
  /** Seconds after the sample's start; one more than the line before unless said. */
  at: z.number().optional(),
  pid: z.int().optional(),
  ppid: z.int().optional(),
  exe: z.string().nullable().optional(),
  name: z.string().optional(),
  uid: z.int().optional(),
  auid: z.int().nullable().optional(),
  ses: z.string().nullable().optional(),
  ok: z.boolean().optional(),
}

/**
 * One line of a sample, short for an event of an audit trail. `run` starts a program, `file` does something
 * to a path, `connect` opens a connection, `unit` starts a service, `audit` changes the audit system. `say` is a comment.
 */
const Line = z.union([
  z.strictObject({ say: z.string() }),
  z.strictObject({
    ...Who,
    run: z.array(z.string()).min(1),
    cwd: z.string().optional(),
    paths: z.array(z.string()).optional(),
  }),
  z.strictObject({
    ...Who,
    file: z.enum([
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
    path: z.string(),
    to: z.string().optional(),
    mode: z.string().optional(),
  }),
  z.strictObject({ ...Who, connect: z.string(), port: z.int() }),
  z.strictObject({ ...Who, signal: z.int(), target: z.int(), targetName: z.string() }),
  z.strictObject({ ...Who, unit: z.string() }),
  z.strictObject({ ...Who, audit: z.string() }),
])
type Line = z.infer<typeof Line>

/** First line of a sample: what it must find, in the order first told; empty = silent. */
const Expected = z.strictObject({
  expect: z.array(
    z.strictObject({
      what: z.string(),
      stage: z.string(),
      severity: z.string().optional(),
      path: z.string().nullable().optional(),
      remote: z.string().nullable().optional(),
      count: z.int().optional(),
      otherSessions: z.array(z.string()).optional(),
    }),
  ),
})
type Expectation = z.infer<typeof Expected>['expect'][number]

export interface HostSample {
  readonly expect: readonly Expectation[]
  readonly events: readonly Event[]
}

const START_MS = Date.UTC(2026, 4, 12, 3)

/** Reads `{"expect": […]}` and the events below it. */
export function readSample(url: URL): HostSample {
  const [first = '', ...rest] = readFileSync(url, 'utf8').trim().split('\n')
  return { expect: Expected.parse(JSON.parse(first)).expect, events: eventsFrom(rest) }
}

/** Events of lines alone, as in `admin-day.jsonl`. */
export function readEvents(url: URL): Event[] {
  return eventsFrom(readFileSync(url, 'utf8').trim().split('\n'))
}

export function eventsFrom(texts: readonly string[]): Event[] {
  const events: Event[] = []
  let at = 0
  for (const [index, text] of texts.entries()) {
    const line = Line.parse(JSON.parse(text))
    if ('say' in line) continue
    at = line.at ?? at + 1
    events.push(Event.parse(eventOf(line, { time: START_MS + at * 1000, number: index + 1, text })))
  }
  return events
}

interface Placing {
  readonly time: number
  readonly number: number
  readonly text: string
}

function eventOf(line: Exclude<Line, { say: string }>, { time, number, text }: Placing): unknown {
  const placed = {
    time,
    timeQuality: 'exact',
    observer: 'host:web-1',
    subjects: ['host:web-1'],
    origin: {
      source: 'auditd',
      file: 'audit.log',
      line: number,
      recordId: String(number),
      offset: 0,
      raw: text,
    },
    isSuccess: line.ok ?? true,
    key: null,
    actor: actorOf(line),
  }
  if ('run' in line) {
    const paths = line.paths ?? [line.exe ?? line.run[0] ?? '']
    const program = { args: line.run, commandLine: line.run.join(' '), cwd: line.cwd ?? '/root', paths }
    return { ...placed, kind: 'process', action: 'exec', targetPid: null, ...program }
  }
  if ('signal' in line) {
    const args = ['kill', `-${line.signal}`, String(line.target), line.targetName]
    return {
      ...placed,
      kind: 'process',
      action: 'signal',
      targetPid: line.target,
      args,
      commandLine: args.join(' '),
      cwd: null,
      paths: [],
    }
  }
  if ('file' in line) {
    return {
      ...placed,
      kind: 'file',
      action: line.file,
      path: line.path,
      targetPath: line.to ?? null,
      mode: line.mode ?? null,
    }
  }
  if ('connect' in line)
    return { ...placed, kind: 'socket', action: 'connect', ip: line.connect, port: line.port, path: null }
  if ('unit' in line) return { ...placed, kind: 'service', action: 'start', unit: line.unit, detail: null }
  return { ...placed, kind: 'service', action: 'configure', unit: 'auditd', detail: line.audit }
}

function actorOf(line: Exclude<Line, { say: string }>) {
  const program = 'run' in line ? line.run[0] : undefined
  const exe =
    line.exe === undefined ? (program?.startsWith('/') === true ? program : '/usr/bin/bash') : line.exe
  return {
    pid: line.pid ?? 4711,
    ppid: line.ppid ?? 4700,
    exe,
    name: line.name ?? exe?.slice(exe.lastIndexOf('/') + 1, exe.lastIndexOf('/') + 16) ?? null,
    uid: line.uid ?? 0,
    loginUid: line.auid === undefined ? 0 : line.auid,
    session: line.ses === undefined ? '7' : line.ses,
    tty: line.auid === null ? null : 'pts0',
  }
}

/** What a detector told of a sample, with the columns that the sample expects. */
export function judged<State>(detector: Detector<State>, sample: HostSample): Record<string, unknown>[] {
  return replay(detector, sample.events).map((finding, index) => columnsOf(finding, sample.expect[index]))
}

function columnsOf(finding: Finding, wanted: Expectation | undefined): Record<string, unknown> {
  const { facts } = finding
  const all: Expectation = {
    what: facts.type === 'host' ? facts.what : '',
    stage: finding.stage,
    severity: finding.severity,
    path: facts.type === 'host' ? facts.path : null,
    remote: facts.type === 'host' ? facts.remote : null,
    count: finding.count,
    otherSessions: (facts.type === 'host' ? facts.otherSessions : undefined) ?? [],
  }
  const columns = wanted === undefined ? ['what', 'stage', 'path'] : Object.keys(wanted)
  return Object.fromEntries(Object.entries(all).filter(([key]) => columns.includes(key)))
}
