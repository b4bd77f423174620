import { isWorldWritable } from './places.ts'
import { isAnonymousHost, isOwnNetwork, readUrl } from './remote.ts'

/** What makes a line in a table, a unit or a script the work of an intruder. */
export interface Payload {
  readonly remote: string | null
  readonly reason: 'fetch-and-run' | 'decode-and-run' | 'hiding-place' | 'shell-over-network'
}

const MAX_LENGTH = 8192
/** Where a command begins: at a line's start, behind a schedule, `ExecStart=`, a separator, a quote, or a program that starts others. */
const BEGINNING =
  /(?:(?:[\d*][\d*,/-]{0,32}[ \t]{1,8}){4}[\d*\w][\w*,/-]{0,32}[ \t]|@(?:reboot|hourly|daily|weekly|monthly|yearly|annually|midnight)[ \t]|Exec[A-Z][A-Za-z]{1,16}=[-@:+!]{0,4}|^|[;&|(\n"'`])[ \t]{0,8}(?:root[ \t]{1,8})?(?:(?:sudo|nohup|setsid|exec|nice|source|\.|(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k)?sh|(?:\/(?:usr\/)?bin\/)?(?:python|perl)[\d.]{0,6})[ \t]{1,8}(?:-[^\s]{1,16}[ \t]{1,8}(?:\d{1,3}[ \t]{1,8})?){0,3}){0,3}/gu
/** A program or script in a place anybody may write to, or hidden. */
const HIDDEN_PROGRAM =
  /(\/(?:tmp|var\/tmp|dev\/shm|run\/user\/\d{1,10})\/[^\s"';&|>]{1,256}|\/(?:[\w@-]{1,64}\/){0,8}\.[^\s"';&|>./][^\s"';&|>]{0,256})/uy
const FETCH = /\b(?:curl|wget|cdl|cd1|wd1|wdl|lwp-download|python[\d.]*)\b/u
const RUN =
  /\|\s{0,8}(?:sudo\s{1,8})?(?:\/bin\/|\/usr\/bin\/)?(?:ba|da|z|k|a)?sh\b|(?:ba|da|z)?sh\s{1,8}(?:-c\s{1,8})?["']?(?:\$\(|<\(|`)|\bchmod\s{1,8}(?:\+x|[0-7]{3,4})|;\s{0,8}(?:ba)?sh\s{1,8}/u
const DECODE = /base64\s{1,8}(?:-d|-D|--decode)/u

/** Reads a command text for a payload; null where it holds none. */
export function payloadOf(commandText: string): Payload | null {
  const text = commandText.slice(0, MAX_LENGTH)
  const remote = firstRemote(text)
  if (/\/dev\/tcp\/[\w.:-]{1,253}\/\d{1,5}/u.test(text))
    return { remote: remote?.url ?? null, reason: 'shell-over-network' }
  if (FETCH.test(text) && remote !== null && RUN.test(text) && !isOwnNetwork(remote.host)) {
    return { remote: remote.url, reason: 'fetch-and-run' }
  }
  if (DECODE.test(text) && RUN.test(text)) return { remote: null, reason: 'decode-and-run' }
  if (
    remote !== null &&
    FETCH.test(text) &&
    (remote.isAddress || isAnonymousHost(remote.host)) &&
    !isOwnNetwork(remote.host)
  ) {
    return { remote: remote.url, reason: 'fetch-and-run' }
  }
  return startsHidden(text) ? { remote: null, reason: 'hiding-place' } : null
}

/** A program in a hiding place is started; such a path as an argument, or as where output goes, says nothing. */
function startsHidden(text: string): boolean {
  for (const beginning of text.matchAll(BEGINNING)) {
    HIDDEN_PROGRAM.lastIndex = beginning.index + beginning[0].length
    const hidden = HIDDEN_PROGRAM.exec(text)?.[1]
    if (hidden !== undefined && (isWorldWritable(hidden) || !isHarmlessDot(hidden))) return true
  }
  return false
}

/** Dot folders and files of everybody's: `.ssh`, `.config`, `.bashrc` say nothing. */
function isHarmlessDot(path: string): boolean {
  return /\/\.(?:(?:ssh|config|local|cache|ansible|git|aws|kube|docker|npm|nvm|cargo|venv|rbenv|pyenv|env|acme\.sh)(?:\/|$)|bash|profile|zsh|env)/u.test(
    path,
  )
}

function firstRemote(text: string): ReturnType<typeof readUrl> {
  for (const [word] of text.matchAll(/[^\s"'`;|&<>()]{1,1024}/gu)) {
    const url = readUrl(word)
    if (url !== null && (word.includes('://') || word.includes('/'))) return url
  }
  return null
}
