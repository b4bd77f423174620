import { createHash } from 'node:crypto'
import type { Conversation } from './conversation.ts'

/**
 * The conversation with names for wallet, login and worker instead of themselves: the same one gets the same name
 * everywhere, so that groups stay visible. A name is no secret key: whoever has the wallet can make it again.
 */
export function redacted(conversation: Conversation): Conversation {
  const { dialogue, origin } = conversation
  if (dialogue === null) return { ...conversation, origin: { ...origin, raw: '' } }
  return {
    ...conversation,
    dialogue: {
      ...dialogue,
      login: pseudonym('wallet', dialogue.login),
      worker: pseudonym('rig', dialogue.worker),
    },
    reasons: conversation.reasons.map((reason) => without(reason, [dialogue.login, dialogue.worker])),
    // A line of the dialogue holds them in too many forms to be sure of each.
    origin: { ...origin, raw: '' },
  }
}

function pseudonym(kind: string, text: string | null): string | null {
  if (text === null) return null
  return `${kind}-${createHash('sha256').update(`${kind}\0${text}`).digest('hex').slice(0, 8)}`
}

function without(text: string, names: readonly (string | null)[]): string {
  let out = text
  for (const name of names) if (name !== null && name.length > 3) out = out.replaceAll(name, '[redacted]')
  return out
}
