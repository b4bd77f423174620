import { Event } from '../../../event/event.ts'
import type { ProgramLine } from '../program-line.ts'
import { dialectOf } from '../read-programs.ts'
import { ProgramReader } from '../program-reader.ts'

const LINE = /^(\d+) ([^[\s:]+)(?:\[(\d+)\])?: (.*)$/su

/** `12 sudo[4711]: message`: second, program, process number if there is one, message. */
export function lineOf(text: string, index = 0): ProgramLine {
  const [, seconds = '0', program = '', pid, message = ''] = LINE.exec(text) ?? []
  return {
    time: Number(seconds) * 1000,
    timeQuality: 'exact',
    observer: 'host:web-1',
    subjects: ['host:web-1'],
    program,
    pid: pid === undefined ? null : Number(pid),
    message,
    count: 1,
    source: 'test',
    file: 'test.log',
    line: index + 1,
    recordId: null,
    offset: 0,
    raw: text,
  }
}

/** Every event that lines give, and how many of the lines gave none. */
export function readLines(texts: readonly string[]): { events: Event[]; unused: number } {
  const reader = new ProgramReader()
  const events: Event[] = []
  let unused = 0
  const emit = (event: Event): void => void events.push(Event.parse(event))
  for (const [index, text] of texts.entries()) {
    const line = lineOf(text, index)
    const dialect = dialectOf(line.program, line.message, 0)
    if (dialect === null || !reader.take(line, dialect, emit)) unused++
  }
  reader.settle(Infinity, emit)
  if (reader.heldFrom !== Infinity) throw new Error('something is still held')
  return { events, unused }
}

/** What an event says, in a few words. */
export function brief(event: Event): string {
  switch (event.kind) {
    case 'auth': {
      const from = event.srcIp ?? event.srcHost
      const user = `${event.user ?? '-'}${event.isUnknownUser ? '?' : ''}`
      return `auth ${event.service} ${event.outcome} ${user} x${event.count}${from === null ? '' : ` from ${from}`}`
    }
    case 'session':
      return `session ${event.service} ${event.action} ${event.user ?? '-'}`
    case 'account':
      return `account ${event.action} ${event.user ?? '-'}${event.isSuccess ? '' : ' failed'}`
    case 'process':
      return `${event.action}${event.isSuccess ? '' : ' refused'} [${event.args.join('|')}]`
    case 'file':
      return `${event.action} ${event.path}`
    case 'service':
      return `${event.action} ${event.unit}${event.isSuccess ? '' : ' failed'}`
    case 'dns': {
      const what = event.isResponse
        ? `${event.responseCode ?? ''} ${event.answers.join(',')}`.trim()
        : event.queryType
      return `dns ${event.srcIp} ${event.query} ${event.isResponse ? '=' : '?'} ${what}`
    }
    case 'alert':
      return `alert ${event.severity}${event.isMining ? ' mining' : ''} ${event.title}`
    default:
      return event.kind
  }
}
