import type { Command } from '../model/host/shell.ts'
import { isInterpreter, isShell } from '../model/host/shell.ts'
import { baseName } from '../model/host/places.ts'

/** A shell whose input and output go over the network. */
export interface NetworkShell {
  readonly host: string
  /** As written. */
  readonly remote: string
}

const MAX_LENGTH = 8192
/** bash opens connections itself: scripts look so whether a port is open, without a shell at this end. */
const BASH = /\/dev\/(?:tcp|udp)\/([\w.:-]{1,253})\/(\d{1,5})/u
const BASH_SHELL = /\b(?:ba|da|z|k)?sh\s{1,8}-i\b|\b0[<>]&1\b|while\s{1,8}read\b/u
const SOCAT = /\b(?:tcp[46]?|ssl|openssl|udp[46]?):([\w.-]{1,253}):(\d{1,5})/iu
const CODE_CONNECTS =
  /(?:connect|fsockopen|TCPSocket\.(?:new|open)|PeerAddr)\W{1,8}(?:=>\s{0,4})?["']?(?:tcp:\/\/)?([\w.-]{4,253})["']?\s{0,4}[,:]\s{0,4}(?:PeerPort\s{0,4}=>\s{0,4})?["']?(\d{1,5})/u
const CODE_RUNS_SHELL = /(?:dup2|pty\.spawn|subprocess|\bexec\b|proc_open|shell_exec)/u

/** `bash -i >& /dev/tcp/…`, `nc -e /bin/sh …`, socat with `exec:`, and the one-liners of script languages; null where it is none. */
export function networkShell(commands: readonly Command[], commandLine: string): NetworkShell | null {
  const text = commandLine.slice(0, MAX_LENGTH)
  const byBash = BASH.exec(text)
  if (byBash !== null && BASH_SHELL.test(text)) return shellTo(byBash[1], byBash[2])
  for (const { program, words } of commands) {
    const found =
      byNetcat(program, words) ??
      (program === 'socat' && /exec:|system:/iu.test(text) ? SOCAT.exec(text) : null) ??
      (isInterpreter(program) && !isShell(program) && CODE_RUNS_SHELL.test(text)
        ? CODE_CONNECTS.exec(text)
        : null)
    if (found !== null) return shellTo(found[1], found[2])
  }
  return null
}

function byNetcat(program: string, words: readonly string[]): readonly string[] | null {
  if (!/^(?:nc|ncat|netcat|nc\.traditional|nc\.openbsd)$/u.test(program)) return null
  const at = words.findIndex((word) => /^(?:-[a-z]{0,8}[ec]|--exec|--sh-exec)$/u.test(word))
  if (at < 0 || !isShell(baseName(words[at + 1] ?? ''))) return null
  const plain = words.filter((word, index) => index > 0 && index !== at + 1 && !word.startsWith('-'))
  const [host, port] = plain
  return host !== undefined && port !== undefined && /^\d{1,5}$/u.test(port) ? ['', host, port] : null
}

function shellTo(host: string | undefined, port: string | undefined): NetworkShell {
  return { host: host ?? '', remote: `${host}:${port}` }
}
