import type { FileEvent } from '../../event/file.ts'
import type { ProcessEvent } from '../../event/process.ts'
import { baseName, isHidingPlace } from '../model/host/places.ts'
import { type Fetch, fetchOf, isAnonymousHost, isFetcher, urlIn } from '../model/host/remote.ts'
import { type Command, isInterpreter } from '../model/host/shell.ts'

/** A file that came from elsewhere. */
export interface Drop {
  readonly path: string
  readonly time: number
  readonly remote: string | null
  readonly host: string | null
  readonly isAddress: boolean
  /** Not encrypted on its way, so anybody may have written it. */
  readonly isPlain: boolean
  readonly pid: number | null
  /** In which it was fetched. */
  readonly session: string | null
}

const MAX_DROPS = 256

export function rememberDrop(drops: Drop[], drop: Drop): void {
  const at = drops.findIndex((known) => known.path === drop.path)
  const known = at >= 0 ? drops.splice(at, 1)[0] : undefined
  drops.push(drop.remote === null && known !== undefined ? { ...known, time: drop.time } : drop)
  if (drops.length > MAX_DROPS) drops.shift()
}

/** The files that fetching commands say they write. */
export function dropsOf(commands: readonly Command[], event: ProcessEvent): Drop[] {
  const drops: Drop[] = []
  let cwd = event.cwd
  for (const command of commands) {
    if (command.program === 'cd' && command.words[1] !== undefined) cwd = joined(cwd, command.words[1])
    const fetch = fetchOf(command)
    if (fetch === null) continue
    for (const output of fetch.outputs) {
      const { url, host, isAddress, isPlain } = fetch
      drops.push({
        path: joined(cwd, output),
        time: event.time,
        remote: url,
        host,
        isAddress,
        isPlain,
        pid: event.actor.pid,
        session: event.actor.session,
      })
    }
  }
  return drops
}

function joined(cwd: string | null, path: string): string {
  if (path.startsWith('/') || cwd === null) return path
  return `${cwd}/${path.replace(/^\.\//u, '')}`
}

/** A downloader, or the receiving end of a copy, makes a file. */
export function isFetchedFile(event: FileEvent): boolean {
  if (event.action !== 'create' && event.action !== 'write' && event.action !== 'truncate') return false
  const program = baseName(event.actor.exe ?? '')
  if (isFetcher(program)) return true
  return (
    (program === 'scp' || program === 'sftp-server' || program === 'sftp' || program === 'tftp') &&
    isHidingPlace(event.path)
  )
}

export interface FetchedRun {
  readonly url: string
  readonly host: string
  /** More than an installer's one-liner: a bare address, a place to paste things, a shell kept silent in the background. */
  readonly isTelling: boolean
  readonly isPlain: boolean
}

/** Fetches something and runs it in one go: by pipe, by substitution, or by file. */
export function runsFetched(commands: readonly Command[], commandLine: string): FetchedRun | null {
  let fetched: Fetch | null = null
  const written: string[] = []
  for (const command of commands) {
    const fetch = fetchOf(command)
    if (fetch !== null) {
      fetched = fetch
      written.push(...fetch.outputs.map(baseName))
      continue
    }
    if (fetched === null) continue
    const isPiped = command.isFed && isInterpreter(command.program)
    const isStarted =
      written.includes(command.program) ||
      (isInterpreter(command.program) &&
        command.words.slice(1).some((word) => written.includes(baseName(word))))
    if (isPiped || isStarted) return told(fetched, commandLine)
  }
  return substituted(commandLine, commands)
}

/** `sh -c "$(curl -fsSL …)"`, `bash <(curl …)`, `python -c "…urlopen('http…')…exec"`. */
function substituted(commandLine: string, commands: readonly Command[]): FetchedRun | null {
  const text = commandLine.slice(0, 8192)
  const isShellRun =
    /curl|wget/u.test(text) &&
    (/(?:^|[\s;&|])(?:ba|da|z|k|a)?sh\s+(?:-\S+\s+)?(?:"?\$\(|<\(|"?`)\s*(?:curl|wget)\s/u.test(text) ||
      /\b(?:eval|source)\s+"?[$<`]\(?\s*(?:curl|wget)\s/u.test(text))
  const isCodeRun =
    commands.some((command) => /^(?:python|perl|ruby|php)/u.test(command.program)) &&
    /\b(?:urlopen|urlretrieve|requests\.get|LWP|file_get_contents|open-uri)\b/u.test(text) &&
    /\b(?:exec|eval|system|popen|subprocess|call)\b/u.test(text)
  const url = isShellRun || isCodeRun ? urlIn(text) : null
  return url === null ? null : told({ ...url, outputs: [] }, commandLine)
}

function told(fetch: Fetch, commandLine: string): FetchedRun {
  const isSilentBackground = /(?:nohup|setsid|>\s*\/dev\/null\s+2>&1\s*&|&>\s*\/dev\/null\s*&)/u.test(
    commandLine.slice(0, 8192),
  )
  return {
    url: fetch.url,
    host: fetch.host,
    isPlain: fetch.isPlain,
    isTelling: fetch.isAddress || isAnonymousHost(fetch.host) || (fetch.isPlain && isSilentBackground),
  }
}

/** `echo … | base64 -d | sh`, `bash -c "$(base64 -d <<< …)"`, `python -c "exec(base64.b64decode(…))"`. */
export function unpacksIntoShell(commands: readonly Command[], commandLine: string): boolean {
  let isDecoding = false
  for (const command of commands) {
    const isDecoder =
      (command.program === 'base64' &&
        command.words.some((word) => /^(?:-d|-D|-di|--decode)$/u.test(word))) ||
      (command.program === 'openssl' && command.words.includes('-d') && command.words.includes('base64'))
    if (isDecoder) isDecoding = true
    else if (isDecoding && command.isFed && isInterpreter(command.program)) return true
    else if (!command.isFed) isDecoding = false
  }
  const text = commandLine.slice(0, 8192)
  if (!/base64|unpack/u.test(text)) return false
  return (
    /(?:ba|da|z)?sh\s+-c\s+"?\$\([^)]{0,4000}base64\s+(?:-d|--decode)/u.test(text) ||
    /\bexec\s{0,4}\(\s{0,4}(?:__import__\(.base64.\)|base64)\s{0,4}\.b64decode/u.test(text) ||
    /\beval\s{0,4}\(?\s{0,4}(?:unpack|decode_base64|base64_decode)/u.test(text)
  )
}
