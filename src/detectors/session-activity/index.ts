import { contentId } from '../../event/content-id.ts'
import type { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import type { Evidence } from '../../event/origin.ts'
import type { Detector } from '../detector.ts'
import { keepEvidence } from '../evidence.ts'

const ID = 'session-activity'
const HOUR_MS = 3600_000
/** Programs named in the finding; the rest is counted. */
const MAX_PROGRAMS = 12

/** One audit session (`ses=`) and what ran in it. */
export interface SessionState {
  session: string
  observer: string
  /** Whether somebody came in over SSH: sessions of cron and services are not told. */
  isRemote: boolean
  user: string | null
  srcIp: string | null
  programs: string[]
  count: number
  uid: number | null
  firstSeen: number
  lastSeen: number
  evidence: Evidence[]
}

/**
 * What a login over SSH did next: the programs it ran, as context. Most sessions are people at work, so
 * this never makes an incident; it joins one when the session turns out to be the intruder's.
 */
export const sessionActivity: Detector<SessionState> = {
  id: ID,
  title: 'What a login over SSH did next',
  kinds: ['auth', 'session', 'process'],
  attack: [],
  windowMs: 24 * HOUR_MS,
  maxKeys: 4_000,

  keysOf(event) {
    const session = sessionOf(event)
    return session === null ? null : `${event.observer}|${session}`
  },

  create(key) {
    const at = key.lastIndexOf('|')
    return {
      session: key.slice(at + 1),
      observer: key.slice(0, at),
      isRemote: false,
      user: null,
      srcIp: null,
      programs: [],
      count: 0,
      uid: null,
      firstSeen: 0,
      lastSeen: 0,
      evidence: [],
    }
  },

  step(state, event) {
    if (event.kind === 'auth' || event.kind === 'session') {
      if (event.service !== 'sshd' && event.service !== 'ssh') return
      state.isRemote = true
      state.user ??= event.user
      state.srcIp ??= event.srcIp
      return
    }
    if (event.kind !== 'process' || event.action !== 'exec' || !event.isSuccess) return
    if (state.count === 0) state.firstSeen = event.time
    state.count++
    state.lastSeen = Math.max(state.lastSeen, event.time)
    state.uid ??= event.actor.uid
    const program = nameOf(event.args[0] ?? event.actor.exe ?? event.actor.name ?? '')
    if (program !== '' && state.programs.length < MAX_PROGRAMS && !state.programs.includes(program))
      state.programs = state.programs.toSpliced(state.programs.length, 0, program)
    keepEvidence(state.evidence, event)
  },

  settle(state, tell) {
    if (state.isRemote && state.count > 0) tell(findingOf(state))
  },

  merge(into, from) {
    const [first, second] = into.firstSeen <= from.firstSeen ? [into, from] : [from, into]
    return {
      ...first,
      isRemote: into.isRemote || from.isRemote,
      user: first.user ?? second.user,
      srcIp: first.srcIp ?? second.srcIp,
      programs: [...new Set([...first.programs, ...second.programs])].slice(0, MAX_PROGRAMS),
      count: into.count + from.count,
      lastSeen: Math.max(into.lastSeen, from.lastSeen),
      evidence: [...first.evidence, ...second.evidence].slice(0, 20),
    }
  },
}

function sessionOf(event: Event): string | null {
  if (event.kind === 'process') return event.actor.session
  return event.kind === 'auth' || event.kind === 'session' ? event.session : null
}

/** `/usr/bin/curl` is `curl`; a program in an odd place keeps its path. */
function nameOf(program: string): string {
  const slash = program.lastIndexOf('/')
  const isUsual = /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/u.test(program)
  return (slash >= 0 && isUsual ? program.slice(slash + 1) : program).slice(0, 64)
}

function findingOf(state: SessionState): Finding {
  const first = state.evidence[0]
  const more = state.count > state.programs.length ? ', …' : ''
  const ran = state.count === 1 ? 'one program' : `${state.count} programs`
  return {
    id: contentId('f', ID, state.observer, state.session, first?.time ?? 0, first?.raw ?? ''),
    detector: ID,
    title: `the session of that login ran ${ran}: ${state.programs.join(', ')}${more}`,
    severity: 'info',
    confidence: 1,
    stage: 'context',
    attack: [],
    subjects: [state.observer],
    firstSeen: state.firstSeen,
    lastSeen: state.lastSeen,
    count: state.count,
    evidence: state.evidence,
    facts: {
      type: 'host',
      what: 'session',
      path: null,
      commandLine: state.programs.join(' '),
      exe: null,
      pid: null,
      uid: state.uid,
      session: state.session,
      remote: state.srcIp,
    },
  }
}
