import { digitsEnd } from './endpoint.ts'
import { type SshdDraft, sshdDraft, type SshdMessage, sshdMessage } from './sshd-message.ts'

/** `pam_unix(sshd:auth): …`, `pam_sss(sshd:session): …`: what a module says on behalf of sshd. */
export function readPam(text: string): SshdMessage | null {
  const open = text.indexOf('(')
  const close = open < 0 ? -1 : text.indexOf('): ', open)
  if (close < 0) return null
  const said = close + 3
  if (text.startsWith('authentication failure; ', said)) return pamFailure(text, moduleOf(text, open))
  if (text.startsWith('check pass; user unknown', said)) return sshdDraft('unknown-user')
  if (text.startsWith('session ', said)) return pamSession(text, said)
  return null
}

/** `authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=PEER  user=NAME`. */
export function pamFailure(text: string, sign: string): SshdMessage {
  return withPeer(sshdDraft('hint', sign), text)
}

/** Nearly always the same one: it needs no text of its own every time. */
function moduleOf(text: string, end: number): string {
  return end === 8 && text.startsWith('pam_unix') ? 'pam_unix' : text.slice(0, end)
}

/** `PAM 5 more authentication failures; logname= … rhost=PEER  user=NAME`. */
export function pamMore(text: string): SshdMessage | null {
  const end = digitsEnd(text, 4)
  if (end === 4 || end - 4 > 6 || !text.startsWith(' more authentication failure', end)) return null
  const message = sshdDraft('more')
  message.count = Number(text.slice(4, end))
  return withPeer(message, text)
}

function withPeer(message: SshdDraft, text: string): SshdMessage {
  message.method = 'pam'
  const at = text.indexOf(' rhost=')
  if (at < 0) return message
  const space = text.indexOf(' ', at + 7)
  const end = space < 0 ? text.length : space
  const user = text.indexOf(' user=', end)
  const name = user < 0 ? '' : text.slice(user + 6).trim()
  message.address = text.slice(at + 7, end)
  if (name !== '') message.user = name
  return message
}

/** `session opened for user NAME(uid=0) by (uid=0)`, `session closed for user NAME`; at `start`. */
export function pamSession(text: string, start: number): SshdMessage | null {
  const isOpen = text.startsWith('session opened for user ', start)
  if (!isOpen && !text.startsWith('session closed for user ', start)) return null
  const name = start + 24
  const by = isOpen ? text.lastIndexOf(' by ') : -1
  const end = by >= name ? by : text.length
  const uid = text.lastIndexOf('(uid=', end)
  const user = text.slice(name, uid > name ? uid : end).trim()
  return sshdMessage({ what: isOpen ? 'pam-open' : 'pam-close', user: user === '' ? null : user })
}
