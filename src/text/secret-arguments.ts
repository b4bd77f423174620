import { isPathOfKey, isSecretName } from './secret-names.ts'

/** One word of a command line; a break (`|`, `;`, `&&`, a line end) ends the command before it. */
export interface Word {
  readonly text: string
  readonly breakMark: string | null
}

/**
 * How programs take a secret: `attached` (`-pX`), `separate` (`-p X`), `after` (only what follows this
 * character in the option's value, as in `-u user:password`).
 */
interface Taker {
  readonly attached?: readonly string[]
  readonly separate?: readonly string[]
  readonly after?: { readonly options: readonly string[]; readonly mark: string }
}

const P: Taker = { attached: ['-p'], separate: ['-p', '--pass'] }
const MYSQL: Taker = { attached: ['-p'] }
const SAMBA: Taker = { after: { options: ['-U', '--user'], mark: '%' }, separate: ['-p'] }
const LDAP: Taker = { attached: ['-w'], separate: ['-w'] }

const TAKERS = new Map<string, Taker>()
function take(programs: string, taker: Taker): void {
  for (const program of programs.split(' ')) TAKERS.set(program, taker)
}
take('mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlsh mariadb mariadb-dump mariadb-admin', MYSQL)
take('sshpass useradd usermod adduser', P)
take('xmrig minerd cpuminer ccminer cgminer bfgminer nbminer t-rex lolMiner PhoenixMiner xmr-stak', P)
take('mongo mongosh mongodump mongorestore mongoexport mongoimport crackmapexec netexec evil-winrm', {
  separate: ['-p'],
})
take('redis-cli', { separate: ['-a'] })
take('curl', { after: { options: ['-u', '--user', '-U', '--proxy-user'], mark: ':' } })
take('lftp', { after: { options: ['-u', '--user'], mark: ',' } })
take('smbclient rpcclient smbmap smbget nmblookup', SAMBA)
take('ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd', LDAP)
take('ipmitool sqlcmd bcp zip unzip', { attached: ['-P'], separate: ['-P'] })
take('7z 7za 7zr rar unrar', { attached: ['-hp', '-p'] })
take('plink pscp psftp', { separate: ['-pw'] })
take('xfreerdp xfreerdp3 wlfreerdp', { attached: ['/p:'] })
take('rdesktop ncftpget ncftpput', { separate: ['-p'] })

/** Programs that take a secret from standard input: what is echoed to them is one. */
const READERS = new Set(
  'chpasswd passwd sudo su smbpasswd pdbedit cryptsetup docker podman gh kinit'.split(' '),
)
const WRAPPERS = new Set('sudo doas nohup env time exec xargs command nice setsid busybox'.split(' '))
const SPEAKERS = new Set(['echo', 'printf'])
const BARE_NAMES = new Set(['aws_secret_access_key', 'aws_session_token'])

/** `COMMAND=/usr/bin/mysql`, `("mysql` → `mysql`. */
function programOf(word: string): string {
  const end = word.slice(-64).replace(/["'`\\)\]},]+$/, '')
  return /[^/="'`\\($:{[]*$/.exec(end)?.[0] ?? ''
}

function optionName(word: string): string | null {
  return word.startsWith('-') && !word.includes('=') ? word.replace(/^-{1,2}/, '') : null
}

/** Where in each word a secret begins: 0 = all of it, -1 = nowhere. */
type Marks = number[]

interface Command {
  readonly start: number
  readonly end: number
  readonly endMark: string | null
}

function commandsOf(words: readonly Word[]): Command[] {
  const commands: Command[] = []
  let start = 0
  for (let i = 0; i <= words.length; i += 1) {
    const mark = words[i]?.breakMark ?? null
    if (i < words.length && mark === null) continue
    commands.push({ start, end: i, endMark: mark })
    start = i + 1
  }
  return commands
}

/** Whether the value of an option is there to be masked: not another option, not the end. */
function isValue(word: Word | undefined): word is Word {
  return (
    word !== undefined && word.breakMark === null && word.text !== '' && !/^(?:-[A-Za-z-]|=$)/.test(word.text)
  )
}

function markAfter(text: string, from: number, mark: string): number {
  const at = text.indexOf(mark, from)
  return at === -1 || at + 1 >= text.length ? -1 : at + mark.length
}

function markTaken(words: readonly Word[], i: number, taker: Taker, marks: Marks): void {
  const text = words[i]?.text ?? ''
  const next = words[i + 1]
  const { attached = [], separate = [], after } = taker
  const prefix = attached.find((option) => text.startsWith(option) && text.length > option.length)
  if (prefix !== undefined && !text.startsWith('--')) marks[i] = prefix.length
  if (separate.includes(text) && isValue(next)) marks[i + 1] = 0
  if (!after) return
  if (after.options.includes(text) && next) marks[i + 1] = markAfter(next.text, 0, after.mark)
  const long = after.options.find((option) => text.startsWith(option) && text.length > option.length)
  if (long !== undefined) marks[i] = markAfter(text, long.length, after.mark)
}

function markCommand(words: readonly Word[], command: Command, marks: Marks): void {
  let taker: Taker | undefined
  let hasUser = false
  let isLogin = false
  for (let i = command.start; i < command.end; i += 1) {
    const text = words[i]?.text ?? ''
    const next = i + 1 < command.end ? words[i + 1] : undefined
    taker = TAKERS.get(programOf(text)) ?? taker
    if (taker) markTaken(words, i, taker, marks)
    if (text === '-u' || text === '--user' || text === '-o') hasUser = true
    if (text === 'login') isLogin = true
    // Whatever a miner calls itself, `-u wallet -p password` gives it away; so does `docker login -p`.
    if (text === '-p' && (hasUser || isLogin) && isValue(next)) marks[i + 1] = 0
    const name = optionName(text)
    const isNamed = name === null ? BARE_NAMES.has(text) : isSecretName(name)
    if (isNamed && isValue(next) && !isPathOfKey(name ?? text, next.text)) marks[i + 1] = 0
    if (text.startsWith('pass:') && text.length > 5) marks[i] = 5
    if (text === '<<<' && readerOf(words, command) !== null && next) marks[i + 1] = 0
  }
}

/** The program of a command, if it reads a secret from standard input. */
function readerOf(words: readonly Word[], command: Command): string | null {
  let reader: string | null = null
  for (let i = command.start; i < Math.min(command.end, command.start + 12); i += 1) {
    const text = words[i]?.text ?? ''
    const program = programOf(text)
    if (program === 'chpasswd' || program === 'passwd') return program
    if (reader === null && READERS.has(program)) reader = program
    if (reader === null && !WRAPPERS.has(program) && !text.startsWith('-') && !text.includes('=')) return null
    if (text === '-S' || text.endsWith('-stdin') || text === '--with-token') return reader
  }
  return reader === 'sudo' || reader === 'docker' || reader === 'podman' || reader === 'gh' ? null : reader
}

/** `echo root:new | chpasswd`: the user stays, the rest goes. */
function markSpoken(words: readonly Word[], command: Command, reader: string, marks: Marks): void {
  let speaker = -1
  for (let i = command.start; i < command.end; i += 1) {
    if (SPEAKERS.has(programOf(words[i]?.text ?? ''))) speaker = i
  }
  if (speaker === -1) return
  let isFirst = true
  for (let i = speaker + 1; i < command.end; i += 1) {
    const text = words[i]?.text ?? ''
    if (/^-[neE]{1,3}$/.test(text)) continue
    const afterUser = reader === 'chpasswd' && isFirst ? text.indexOf(':') + 1 : 0
    if (afterUser < text.length) marks[i] = afterUser
    isFirst = false
  }
}

/** Where secrets begin in the words of a command line. One pass over the words. */
export function secretMarks(words: readonly Word[]): Marks {
  const marks: Marks = Array.from({ length: words.length }, () => -1)
  const commands = commandsOf(words)
  for (const [i, command] of commands.entries()) {
    markCommand(words, command, marks)
    const next = commands[i + 1]
    if (command.endMark !== '|' || !next) continue
    const reader = readerOf(words, next)
    if (reader !== null) markSpoken(words, command, reader, marks)
  }
  return marks
}
