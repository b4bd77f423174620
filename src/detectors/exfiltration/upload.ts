import { isAnonymousHost, isOwnNetwork, readUrl } from '../model/host/remote.ts'
import { isIP } from 'node:net'
import type { Command } from '../model/host/shell.ts'

export interface Upload {
  readonly what: string
  readonly path: string | null
  readonly remote: string
  /** To a bare address, or a place where nobody leaves a name. */
  readonly isTelling: boolean
}

/** Messengers that scripts send files to. */
const MESSENGERS = /(?:^|\.)(?:api\.telegram\.org|discord(?:app)?\.com|hooks\.slack\.com)$/u

export function uploadOf(command: Command): Upload | null {
  const { program, words } = command
  if (program === 'curl' || program === 'wget') return byHttp(command)
  if (program === 'nc' || program === 'ncat' || program === 'netcat') return byNetcat(command)
  if (program === 'scp' || program === 'rsync') return byCopy(words)
  return null
}

/** Files that curl and wget send: `-T f`, `-F x=@f`, `-d @f`, `--post-file=f`. */
function byHttp({ words, isFed }: Command): Upload | null {
  const url = words
    .slice(1)
    .map(readUrl)
    .find((found) => found !== null)
  if (url === undefined || url === null || isOwnNetwork(url.host)) return null
  let file: string | null = null
  for (const [at, word] of words.entries()) {
    const before = words[at - 1] ?? ''
    if (before === '-T' || before === '--upload-file') file = word
    const sent = /^(?:[\w.-]{0,64}=)?[@<]([^;]{1,512})/u.exec(word)?.[1]
    if (
      sent !== undefined &&
      /^(?:-F|--form|-d|--data|--data-binary|--data-raw|--data-urlencode)$/u.test(before)
    )
      file = sent
    file ??= /^--(?:post|body)-file=(.{1,512})$/u.exec(word)?.[1] ?? null
  }
  if (file === null) return null
  if (file === '-' && !isFed) return null
  return {
    what: file,
    path: file,
    remote: url.url,
    isTelling: url.isAddress || isAnonymousHost(url.host) || MESSENGERS.test(url.host),
  }
}

/** `tar c … | nc host port`. */
function byNetcat({ words, isFed }: Command): Upload | null {
  const [host = '', port = ''] = words.slice(1).filter((word) => !word.startsWith('-'))
  if (!isFed || !/^\d{1,5}$/u.test(port) || isOwnNetwork(host) || !/^[\w.:-]{3,253}$/u.test(host)) return null
  return { what: 'what a command wrote', path: null, remote: `${host}:${port}`, isTelling: isIP(host) !== 0 }
}

function byCopy(words: readonly string[]): Upload | null {
  const last = words.at(-1) ?? ''
  const host = /^(?:[\w.-]{1,64}@)?([\w.-]{1,253}):/u.exec(last)?.[1]
  const file = words.slice(1, -1).findLast((word) => !word.startsWith('-')) ?? null
  if (host === undefined || isIP(host) === 0 || isOwnNetwork(host)) return null
  return { what: file ?? 'files', path: file, remote: last, isTelling: false }
}
