import { TimeQueue } from '../../src/range/time-queue.ts'
import type { Random } from '../../src/range/random.ts'
import type { LogEntry } from './log-entry.ts'

/** How often each kind of visit comes, in parts of a whole. */
export interface VisitMix {
  readonly guess: number
  readonly knock: number
  readonly login: number
  /** Other programs that write to the same log. */
  readonly chore: number
}

/** What a host on the open internet sees: nearly everything is guessing. */
export const INTERNET_MIX: VisitMix = { guess: 0.55, knock: 0.25, login: 0.05, chore: 0.15 }
/** A whole journal: most of it is of other programs. */
export const JOURNAL_MIX: VisitMix = { guess: 0.16, knock: 0.07, login: 0.02, chore: 0.75 }

export interface VisitOptions {
  /** Epoch ms of the first message and about where the last one comes. */
  readonly fromMs: number
  readonly toMs: number
  readonly count: number
  readonly mix: VisitMix
}

/** The busiest guessers come all the time; thousands more come a few times each. */
const GUESSERS = 6000
const NAMES_UNKNOWN = [
  'admin',
  'test',
  'oracle',
  'postgres',
  'ubuntu',
  'git',
  'pi',
  'ftpuser',
  'hadoop',
] as const
const NAMES_KNOWN = ['root', 'deploy', 'www-data', 'backup'] as const
const ADMINISTRATORS = [
  { name: 'mira', uid: 1000, ip: '192.0.2.25', key: 'hlinzYzZNCYvAZCu+3AEfr2kGo6tzbi9whM4m/It8Kz' },
  { name: 'jonas', uid: 1001, ip: '192.0.2.61', key: 'Qm3sVb0w1nPzT7xJkL5oRf8cUeYd2aHg9iNtXvKzW4E' },
  { name: 'deploy', uid: 1002, ip: '2001:db8:7::9', key: 'b7KdPq1LzXcVnMaSfGhJwErTyUiOp2345678901QWER' },
] as const

/** Exactly `count` messages in order of time; the same random numbers give the same messages. */
export function* sshVisits(random: Random, { fromMs, toMs, count, mix }: VisitOptions): Generator<LogEntry> {
  const queue = new TimeQueue<LogEntry>()
  const msPerMessage = (toMs - fromMs) / count
  let given = 0
  let pid = 1200
  let visitMs = fromMs
  while (given < count) {
    for (; given < count; given++) {
      const due = queue.takeDue(visitMs)
      if (due === null) break
      yield due.value
    }
    pid = pid > 4_000_000 ? 1200 : pid + random.integer(1, 4)
    const visit = { random, pid, atMs: Math.floor(visitMs) }
    const messages = visitOf(visit, mix)
    for (const entry of messages) queue.put(entry.timeMs, entry)
    visitMs += random.exponential(msPerMessage * messages.length)
  }
}

interface Visit {
  readonly random: Random
  readonly pid: number
  readonly atMs: number
}

function visitOf(visit: Visit, mix: VisitMix): LogEntry[] {
  const which = visit.random.fraction() * (mix.guess + mix.knock + mix.login + mix.chore)
  if (which < mix.guess) return guess(visit)
  if (which < mix.guess + mix.knock) return knock(visit)
  return which < mix.guess + mix.knock + mix.login ? login(visit) : chore(visit)
}

/** One to six passwords tried on one connection. */
function guess(visit: Visit): LogEntry[] {
  const { random } = visit
  const [ip, port] = [guesser(random), random.integer(32_768, 60_999)]
  const isUnknown = random.chance(0.65)
  const name = isUnknown ? random.pick(NAMES_UNKNOWN) : random.pick(NAMES_KNOWN)
  const who = `logname= uid=0 euid=0 tty=ssh ruser= rhost=${ip} ${isUnknown ? '' : ` user=${name}`}`
  const messages = isUnknown
    ? [`Invalid user ${name} from ${ip} port ${port}`, 'pam_unix(sshd:auth): check pass; user unknown']
    : []
  messages.push(`pam_unix(sshd:auth): authentication failure; ${who}`)
  const tries = random.chance(0.7) ? 1 : random.integer(2, 6)
  for (let i = 0; i < tries; i++)
    messages.push(
      `Failed password for ${isUnknown ? 'invalid user ' : ''}${name} from ${ip} port ${port} ssh2`,
    )
  const whose = `${isUnknown ? 'invalid' : 'authenticating'} user ${name} ${ip} port ${port}`
  if (random.chance(0.6)) messages.push(`Received disconnect from ${ip} port ${port}:11: Bye Bye [preauth]`)
  messages.push(
    random.chance(0.7) ? `Disconnected from ${whose} [preauth]` : `Connection closed by ${whose} [preauth]`,
  )
  return spread(visit, 'sshd', messages, 2100)
}

/** Who comes and goes without trying a name: scanners, load balancers. */
function knock(visit: Visit): LogEntry[] {
  const { random } = visit
  const [ip, port] = [guesser(random), random.integer(32_768, 60_999)]
  const kind = random.integer(0, 3)
  if (kind === 0) return spread(visit, 'sshd', [`Connection closed by ${ip} port ${port} [preauth]`], 50)
  if (kind === 1) return spread(visit, 'sshd', [`Connection reset by ${ip} port ${port} [preauth]`], 50)
  if (kind === 2) {
    const offer = 'no matching key exchange method found. Their offer: diffie-hellman-group1-sha1'
    return spread(visit, 'sshd', [`Unable to negotiate with ${ip} port ${port}: ${offer} [preauth]`], 50)
  }
  const messages = [
    'error: kex_exchange_identification: Connection closed by remote host',
    `Connection closed by ${ip} port ${port}`,
  ]
  return spread(visit, 'sshd', messages, 5)
}

function login(visit: Visit): LogEntry[] {
  const { random, pid } = visit
  const { name, uid, ip, key } = random.pick(ADMINISTRATORS)
  const port = random.integer(32_768, 60_999)
  const session = pid % 100_000
  const opening = [
    `Accepted publickey for ${name} from ${ip} port ${port} ssh2: ED25519 SHA256:${key}`,
    `pam_unix(sshd:session): session opened for user ${name}(uid=${uid}) by (uid=0)`,
  ]
  const logind = spread(
    { ...visit, pid: 614 },
    'systemd-logind',
    [`New session ${session} of user ${name}.`],
    5,
  )
  const closing = [
    `Received disconnect from ${ip} port ${port}:11: disconnected by user`,
    `Disconnected from user ${name} ${ip} port ${port}`,
    `pam_unix(sshd:session): session closed for user ${name}`,
  ]
  const leavingMs = visit.atMs + random.integer(5_000, 900_000)
  return [
    ...spread(visit, 'sshd', opening, 30),
    ...logind,
    ...spread({ ...visit, atMs: leavingMs }, 'sshd', closing, 3),
  ]
}

function chore(visit: Visit): LogEntry[] {
  const { random, pid } = visit
  const kind = random.integer(0, 3)
  if (kind === 0) {
    const job = [
      'pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)',
      'pam_unix(cron:session): session closed for user root',
    ]
    return spread(visit, 'CRON', job, 900)
  }
  if (kind === 1) {
    const line = `10.0.3.${random.integer(2, 250)} - - "GET /health?n=${random.uint32()} HTTP/1.1" 200 ${random.integer(200, 9000)}`
    return spread({ ...visit, pid: 901 }, 'nginx', [line], 1)
  }
  if (kind === 2) {
    const unit = `session-${pid % 100_000}.scope`
    const messages = [
      `Started ${unit} - Session ${pid % 100_000} of User mira.`,
      `${unit}: Deactivated successfully.`,
    ]
    return spread({ ...visit, pid: 1 }, 'systemd', messages, 4000)
  }
  const sudo = '    mira : TTY=pts/0 ; PWD=/home/mira ; USER=root ; COMMAND=/usr/bin/systemctl reload nginx'
  return spread(visit, 'sudo', [sudo], 1)
}

/** One message after the other, up to `gapMs` between them. */
function spread(
  { random, pid, atMs }: Visit,
  program: string,
  messages: readonly string[],
  gapMs: number,
): LogEntry[] {
  let timeMs = atMs
  return messages.map((message) => {
    const entry = { timeMs, program, pid, message }
    timeMs += random.integer(0, gapMs)
    return entry
  })
}

/** Of RFC 2544's block for benchmarks; the power makes a few of them very busy. */
function guesser(random: Random): string {
  const rank = Math.floor(random.fraction() ** 3 * GUESSERS)
  return `198.18.${rank >> 8}.${rank & 255}`
}
