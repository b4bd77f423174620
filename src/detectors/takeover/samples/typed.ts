import { Event } from '../../../event/event.ts'

export interface Typing {
  readonly everySeconds?: number
  readonly session?: string | null
  readonly pid?: number
  readonly ppid?: number
  readonly uid?: number
  /** As a shell’s history without times. */
  readonly isTimeless?: boolean
  readonly from?: number
}

const START_MS = Date.UTC(2026, 4, 12, 3)

/** Command lines as one shell of root ran them. */
export function typed(commands: readonly string[], typing: Typing = {}): Event[] {
  const {
    everySeconds = 2,
    session = '7',
    pid = 5000,
    ppid = 4000,
    uid = 0,
    isTimeless = false,
    from = 0,
  } = typing
  return commands.map((text, at) =>
    Event.parse({
      kind: 'process',
      time: START_MS + (isTimeless ? 0 : (from + at * everySeconds) * 1000),
      timeQuality: isTimeless ? 'unknown' : 'exact',
      observer: 'host:web-1',
      subjects: ['host:web-1'],
      origin: {
        source: isTimeless ? 'shell-history' : 'auditd',
        file: 'evidence',
        line: at + 1,
        offset: at,
        raw: text,
      },
      action: 'exec',
      actor: {
        pid: isTimeless ? null : pid + at,
        ppid: isTimeless ? null : ppid,
        exe: isTimeless ? null : '/usr/bin/bash',
        name: 'bash',
        uid,
        loginUid: isTimeless || session === null ? null : 0,
        session: isTimeless ? null : session,
        tty: isTimeless ? null : 'pts0',
      },
      args: ['bash', '-c', text],
      commandLine: isTimeless ? text : `bash -c ${text}`,
      cwd: '/root',
      paths: ['/usr/bin/bash'],
      isSuccess: true,
      targetPid: null,
      key: null,
    }),
  )
}
