import type { ProcessEvent } from '../../event/process.ts'
import { payloadOf } from '../model/host/payload.ts'
import {
  baseName,
  hiddenPart,
  isFileless,
  isMemoryPlace,
  isWorkFolder,
  isWorldWritable,
} from '../model/host/places.ts'
import { type Fetch, fetchOf, isAnonymousHost, isOwnNetwork } from '../model/host/remote.ts'
import { type Command, commandsOf, isInterpreter, isShell, scriptOf } from '../model/host/shell.ts'
import { operands, type Script } from './sign.ts'

/** Somebody took the machine for himself: he means to stay, or to mine. */
export interface Settling {
  /** In the past tense: `planted a scheduled job`. */
  readonly what: string
  /** Few do that who look after a machine: what is planted fetches, hides or mines. */
  readonly isTelling: boolean
}

const FETCHED_AND_STARTED = 'fetched a program and started it'
export const PLANTED_KEY = 'planted an SSH key'
const CRON_PLACE = /^\/(?:var\/spool\/cron|etc\/(?:crontab|cron\.))/u
const KEY_FILE = /(?:^|\/)authorized_keys2?$/u
const PUBLIC_KEY = /\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d{3})\s+AAAA/u
const UNIT_PLACE = /\/systemd\/(?:system|user)\/[^/]{1,128}\.(?:service|timer)$/u
const MINING =
  /stratum\+(?:tcp|ssl|tls)|--donate-level|--coin[= ](?:monero|xmr)|--(?:randomx|cpu-max-threads-hint|nicehash)|\s(?:-a|--algo)[= ]?(?:rx\/|cn|randomx|gr\b|ghostrider|kawpow|ethash)|\s-o\s+\S{4,253}:\d{2,5}\s.{0,200}?-u\s/u

export function settlingsOf({ pipelines, text }: Script): Settling[] {
  const commands = pipelines.flat()
  const found: Settling[] = []
  const hasPayload = () => payloadOf(text) !== null
  for (const command of commands) {
    if (writesCron(command)) found.push({ what: 'planted a scheduled job', isTelling: hasPayload() })
    if (
      command.outputs.some(({ path }) => KEY_FILE.test(path)) &&
      PUBLIC_KEY.test(command.words.join(' ').slice(0, 8192))
    )
      found.push({ what: PLANTED_KEY, isTelling: false })
    if (writesUnit(command)) found.push({ what: 'planted a service', isTelling: hasPayload() })
    if (command.outputs.some(({ path }) => path === '/etc/ld.so.preload') && command.words.length > 1)
      found.push({ what: 'planted a preloaded library', isTelling: true })
    if (command.program === 'chattr' && locksOwn(command))
      found.push({ what: 'locked what it planted', isTelling: true })
  }
  const fetched = fetchedAndRun(pipelines)
  if (fetched !== null) found.push({ what: FETCHED_AND_STARTED, isTelling: fetched })
  if (MINING.test(text.slice(0, 4096)) && !/\b(?:p?kill|killall|grep)\b/u.test(text.slice(0, 4096)))
    found.push({ what: 'started a miner', isTelling: true })
  return found
}

function writesCron(command: Command): boolean {
  const { program, words, outputs, isFed } = command
  if (program === 'crontab')
    return isFed || operands(command).some((word) => word !== '-')
      ? !words.some((word) => /^-[lre]$/u.test(word))
      : words.includes('-')
  return (
    program !== 'rm' &&
    (outputs.some(({ path }) => CRON_PLACE.test(path)) ||
      (program === 'tee' && words.some((word) => CRON_PLACE.test(word)))) &&
    words.slice(1).join('').length > 8
  )
}

function writesUnit({ program, words, outputs }: Command): boolean {
  if (outputs.some(({ path }) => UNIT_PLACE.test(path))) return words.length > 1
  return /^(?:tee|cp|mv|install|ln)$/u.test(program) && words.slice(1).some((word) => UNIT_PLACE.test(word))
}

/** `chattr +i` on keys or a table of jobs. */
function locksOwn({ words }: Command): boolean {
  const isLocking = words.some((word, at) => at > 0 && /^[+=][a-zA-Z]*[ia]/u.test(word))
  return (
    isLocking &&
    words.some((word) => KEY_FILE.test(word) || CRON_PLACE.test(word) || /(?:^|\/)\.ssh\/?$/u.test(word))
  )
}

/** Null = nothing; true = from a bare address or a place to paste things. */
function fetchedAndRun(pipelines: Script['pipelines']): boolean | null {
  let found: boolean | null = null
  const written: Fetched[] = []
  for (const pipeline of pipelines) {
    for (const command of pipeline) {
      written.push(...fetchedBy(command))
      const piped = command.isFed && isInterpreter(command.program) ? pipedInto(pipeline) : null
      const started = piped ?? startedOf(written, command)
      if (started !== null) found = (found ?? false) || started
    }
  }
  return found
}

/** Whether what a pipe fetches comes from where nobody leaves a name; null = it fetches nothing to run. */
function pipedInto(pipeline: readonly Command[]): boolean | null {
  const fetch = pipeline.map(fetchOf).find((one) => one !== null)
  if (fetch === undefined || fetch === null || isOwnNetwork(fetch.host)) return null
  return fetch.outputs.length > 0 ? null : isForeign(fetch)
}

function isForeign({ isAddress, host }: Fetch): boolean {
  return isAddress || isAnonymousHost(host)
}

/** A file that was fetched lately, by its base name. */
export interface Fetched {
  readonly name: string
  readonly isForeign: boolean
}

const MAX_FETCHED = 32

/** Files that the commands of a script fetch, for `startedOf` what comes behind. */
export function rememberFetched(fetched: Fetched[], { pipelines }: Script): void {
  fetched.push(...pipelines.flatMap((pipeline) => pipeline.flatMap(fetchedBy)))
  if (fetched.length > MAX_FETCHED) fetched.splice(0, fetched.length - MAX_FETCHED)
}

function fetchedBy(command: Command): Fetched[] {
  const fetch = fetchOf(command)
  if (fetch === null || isOwnNetwork(fetch.host)) return []
  return fetch.outputs.map((path) => ({ name: baseName(path), isForeign: isForeign(fetch) }))
}

/** A start of a fetched file, in a script of its own. */
export function laterStart(fetched: readonly Fetched[], event: ProcessEvent): Settling | null {
  if (fetched.length === 0) return null
  const [own] = commandsOf(event)
  const started = own === undefined ? null : startedOf(fetched, own)
  return started === null ? null : { what: FETCHED_AND_STARTED, isTelling: started }
}

function startedOf(fetched: readonly Fetched[], { program, words }: Command): boolean | null {
  const file = words.find((word, at) => at > 0 && !word.startsWith('-'))
  const name = isShell(program) ? baseName(scriptOf(words) === null ? (file ?? '') : '') : program
  const found = fetched.filter((one) => one.name === name)
  return found.length === 0 ? null : found.some((one) => one.isForeign)
}

/** The program that was started itself lies hidden, or is no file at all. */
export function hiddenStart(event: ProcessEvent): Settling | null {
  const program = event.paths[0] ?? event.actor.exe ?? event.args[0] ?? ''
  if (!program.startsWith('/') && !isFileless(program)) return null
  if (isWorkFolder(program) || /\.(?:sh|py|pl|run|rb|bash)$/u.test(program)) return null
  const isHidden =
    isMemoryPlace(program) || isFileless(program) || (hiddenPart(program) !== null && isOutside(program))
  if (isHidden) return { what: 'started a hidden program', isTelling: true }
  return isWorldWritable(program) ? { what: 'started a program in a temporary place', isTelling: true } : null
}

/** Below a dot folder of somebody’s home tools live, too. */
function isOutside(path: string): boolean {
  return isWorldWritable(path) || /^\/(?:root|etc|usr|var|opt|bin|lib)\//u.test(path)
}
