import { FACILITY, type Journal, type JournalFields, PRIORITY } from './journal.ts'
import { unitDescription } from './known-senders.ts'
import type { JournalProcess } from './sender.ts'

/** Catalogue ids of systemd 252 (`systemd.catalog`, sd-messages(3)). */
const MESSAGE_ID = {
  starting: '7d4958e842da4a758f6c1cdc7b36dcc5',
  started: '39f53479d3a045ac8e11786248231fbf',
  stopping: 'de5b426a63be47a7b6ac3eaac82e2f6f',
  stopped: '9d1aaa27d60140bd96365438aad20286',
  deactivated: '7ad2d189f7e94e70a38c781354912448',
  exited: '98e322203f7a4ed290d09fe03c09fe15',
  failed: 'd9b373ed55a64feb8242e02dbe79a49c',
  consumed: 'ae8f7b866b0347b9af31fe1c80b127c0',
} as const

const INIT: JournalProcess = {
  pid: 1,
  uid: 0,
  comm: 'systemd',
  exe: '/usr/lib/systemd/systemd',
  commandLine: '/sbin/init',
  unit: 'init.scope',
}

/** Service types that tell of their start before it is done; the rest is up as soon as it is executed. */
const SLOW_STARTERS =
  /^(?:nginx|postgresql|ssh|user@\d+|user-runtime-dir@\d+|docker|apt-daily.*|logrotate|man-db)$/u

/** Services that run to their end and are over. */
const ONE_SHOTS = /^(?:user-runtime-dir@\d+|apt-daily.*|logrotate|man-db|fstrim)$/u

/** What the system's manager tells about services that come and go. Names are without `.service`. */
export class UnitLines {
  readonly #journal: Journal

  constructor(journal: Journal) {
    this.#journal = journal
  }

  started(name: string): void {
    if (SLOW_STARTERS.test(name))
      this.#job(name, 'start', `Starting ${titleOf(name)}...`, MESSAGE_ID.starting)
    const verb = ONE_SHOTS.test(name) ? 'Finished' : 'Started'
    this.#job(name, 'start', `${verb} ${titleOf(name)}.`, MESSAGE_ID.started)
  }

  stopped(name: string, cpuMs: number): void {
    this.#job(name, 'stop', `Stopping ${titleOf(name)}...`, MESSAGE_ID.stopping)
    this.#tell(name, `${name}.service: Deactivated successfully.`, {
      MESSAGE_ID: MESSAGE_ID.deactivated,
      ...code('src/core/unit.c', 'unit_log_success'),
    })
    this.#job(name, 'stop', `Stopped ${titleOf(name)}.`, MESSAGE_ID.stopped)
    this.#consumed(name, cpuMs)
  }

  /** Somebody killed its main process. */
  killed(name: string, cpuMs: number): void {
    this.#tell(name, `${name}.service: Main process exited, code=killed, status=9/KILL`, {
      MESSAGE_ID: MESSAGE_ID.exited,
      EXIT_CODE: 'killed',
      EXIT_STATUS: 'KILL',
      ...code('src/core/unit.c', 'unit_log_process_exit'),
      PRIORITY: String(PRIORITY.notice),
    })
    this.#tell(name, `${name}.service: Failed with result 'signal'.`, {
      MESSAGE_ID: MESSAGE_ID.failed,
      UNIT_RESULT: 'signal',
      ...code('src/core/unit.c', 'unit_log_failure'),
      PRIORITY: String(PRIORITY.warning),
    })
    this.#consumed(name, cpuMs)
  }

  /** A transient scope, which somebody else runs processes in: `docker-….scope`. */
  scopeStarted(scope: string, description: string): void {
    this.#tellOf(scope, `Started ${scope} - ${description}.`, {
      MESSAGE_ID: MESSAGE_ID.started,
      JOB_TYPE: 'start',
      JOB_RESULT: 'done',
      ...code('src/core/job.c', 'job_emit_done_message'),
    })
  }

  #consumed(name: string, cpuMs: number): void {
    if (cpuMs < 1) return
    this.#tell(name, `${name}.service: Consumed ${timeSpan(cpuMs)} CPU time.`, {
      MESSAGE_ID: MESSAGE_ID.consumed,
      CPU_USAGE_NSEC: String(Math.floor(cpuMs) * 1_000_000),
      ...code('src/core/unit.c', 'unit_log_resources'),
    })
  }

  #job(name: string, type: 'start' | 'stop', message: string, id: string): void {
    const isDone = id === MESSAGE_ID.started || id === MESSAGE_ID.stopped
    this.#tell(name, message, {
      MESSAGE_ID: id,
      JOB_TYPE: type,
      ...(isDone ? { JOB_RESULT: 'done' } : {}),
      ...code('src/core/job.c', isDone ? 'job_emit_done_message' : 'job_emit_start_message'),
    })
  }

  #tell(name: string, message: string, fields: JournalFields): void {
    this.#tellOf(`${name}.service`, message, fields)
  }

  #tellOf(unit: string, message: string, fields: JournalFields): void {
    this.#journal.native(INIT, {
      PRIORITY: String(PRIORITY.info),
      SYSLOG_FACILITY: String(FACILITY.daemon),
      SYSLOG_IDENTIFIER: 'systemd',
      TID: '1',
      UNIT: unit,
      MESSAGE: message,
      ...fields,
    })
  }
}

/** `StatusUnitFormat=combined`, Debian's choice. */
function titleOf(name: string): string {
  return `${name}.service - ${unitDescription(name)}`
}

function code(file: string, func: string): JournalFields {
  return { CODE_FILE: file, CODE_FUNC: func }
}

const SPANS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const

/** systemd's `format_timespan`, to the millisecond: `1h 2min 3.004s`, `712ms`. */
export function timeSpan(ms: number): string {
  const parts: string[] = []
  let rest = Math.floor(ms)
  for (const [name, lengthMs] of SPANS) {
    const count = Math.floor(rest / lengthMs)
    if (count > 0) parts.push(`${count}${name}`)
    rest -= count * lengthMs
  }
  if (parts.length === 0 && rest < 1000) return `${rest}ms`
  if (rest > 0) parts.push(`${(rest / 1000).toFixed(3)}s`)
  return parts.join(' ')
}
