import { isMinerAgent } from './algorithm.ts'
import type { Ledger } from './ledger.ts'

/** A miner that asks for work over HTTP says so: `X-Mining-Extensions` (Bitcoin wiki, getwork), its name, its account. */
export function readMinerHead(ledger: Ledger, head: string): void {
  const agent = fieldOf(head, 'user-agent')
  if (fieldOf(head, 'x-mining-extensions') !== null) ledger.tell('X-Mining-Extensions', 0.75)
  if (agent === null || !isMinerAgent(agent)) return
  ledger.tell('agent is a miner', 0.5)
  ledger.setAgent(agent)
}

/** The user of `Authorization: Basic …` (RFC 7617); the password stays where it is. */
export function readAccount(ledger: Ledger, head: string): void {
  const found = /^basic[ ]+([A-Za-z0-9+/=]{1,400})$/iu.exec(fieldOf(head, 'authorization') ?? '')
  if (found === null) return
  const [user] = Buffer.from(found[1]!, 'base64').toString('utf8').split(':', 1)
  ledger.setLogin(user)
}

function fieldOf(head: string, name: string): string | null {
  const lower = head.toLowerCase()
  const at = lower.indexOf(`\n${name}:`)
  if (at < 0) return null
  const from = at + name.length + 2
  const end = head.indexOf('\n', from)
  return head.slice(from, end < 0 ? head.length : end).trim()
}
